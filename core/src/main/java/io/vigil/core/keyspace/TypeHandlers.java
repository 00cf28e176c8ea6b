package io.vigil.core.keyspace;

/** The handlers by code of type. */
final class TypeHandlers {
  static final TypeHandler[] BY_CODE = {
    new StringHandler(),
    new CollectionHandler(),
    new CollectionHandler(),
    new CollectionHandler(),
    new CollectionHandler()
  };

  private TypeHandlers() {}
}
