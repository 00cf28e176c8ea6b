package io.vigil.core.persist.rdb;

/** Receives the elements of a collection that is told one by one. */
public interface ValueVisitor {
  /** A field, value, member or list element. */
  default void element(byte[] array, int offset, int length) throws RdbException {}

  /** The score of the member told last. */
  default void score(double score) throws RdbException {}

  /**
   * A node of a list.
   *
   * @param type {@link RdbFormat#TYPE_LIST_ZIPLIST} for a ziplist, else {@link
   *     RdbFormat#NODE_PLAIN} or {@link RdbFormat#NODE_PACKED}
   */
  default void node(int type, byte[] array, int offset, int length) throws RdbException {}

  /** All elements have been told. */
  default void elementsEnd() throws RdbException {}
}
