package io.vigil.core.keyspace;

/** Is shown the items of a collection one by one; must not change the database. */
@FunctionalInterface
public interface ItemVisitor {
  /**
   * @param item good until the visitor returns
   */
  void item(Item item);
}
