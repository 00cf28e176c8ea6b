package io.vigil.core.keyspace;

/**
 * What a type of value must be able to do for the keyspace to keep it: one stateless handler per
 * {@link ValueType}. A record's value area is either the value itself or the root of a structure;
 * the handler is the only one to know which.
 */
sealed interface TypeHandler permits StringHandler, CollectionHandler {
  /** The handler of the type with this code. */
  static TypeHandler of(int type) {
    return TypeHandlers.BY_CODE[type];
  }

  /** Bytes of the record's value area. */
  int valueBytes(Records records, long record);

  /** Frees what the value area points to; the area itself goes with the record. */
  void free(Records records, long record);

  /**
   * Called on a record whose value area was copied from another that lives on, in the hands of a
   * snapshot: what it points to belongs to both from now on, and is preserved by whoever changes
   * it.
   */
  void duplicate(Records records, long record);

  /**
   * Called on a record whose value area was copied from one of other records: copies all that it
   * points to.
   */
  void copyFrom(Records records, long record, Records source, long sourceRecord);

  /** Bytes of the blocks that the value area points to. */
  long blockBytes(Records records, long record);

  /**
   * Moves blocks that the value area points to where the allocator asks for it, or sees to it that
   * they are moved by and by.
   */
  void move(Records records, long record);
}
