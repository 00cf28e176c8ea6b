package io.vigil.core.command.data.list;

import java.util.Arrays;

/** A growing row of indices. */
final class IndexList {
  private long[] values = new long[16];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long get(int position) {
    return values[position];
  }
}
