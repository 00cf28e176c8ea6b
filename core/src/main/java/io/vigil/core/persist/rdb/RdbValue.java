package io.vigil.core.persist.rdb;

/** A value as it stands in an RDB. Arrays are valid during the call that hands them over. */
public sealed interface RdbValue {
  /** A string: {@code array[offset, offset + length)}. */
  record Text(byte[] array, int offset, int length) implements RdbValue {}

  /**
   * A collection in one string, not looked into yet: a listpack, intset, ziplist or zipmap.
   *
   * @param type as in {@link RdbFormat}
   */
  record Packed(int type, byte[] array, int offset, int length) implements RdbValue {}

  /**
   * A collection whose elements, of a list perhaps nodes, follow one by one.
   *
   * @param type as in {@link RdbFormat}
   * @param count how many elements there are said to be
   */
  record Elements(int type, long count) implements RdbValue {}
}
