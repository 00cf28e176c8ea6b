package io.vigil.core.persist.rdb;

/**
 * A value as it stands in an RDB. A new data type adds its record here, and the compiler names
 * every place to extend.
 */
public sealed interface RdbValue {
  /** A string: {@code array[offset, offset + length)}, valid during the call that hands it over. */
  record Text(byte[] array, int offset, int length) implements RdbValue {}
}
