package io.vigil.core.command.data.bitmap;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.StringValues;

/** What BITOP does with the bytes of its sources; a shorter source goes on with zero bytes. */
enum BitOperation {
  AND {
    @Override
    void join(byte[] result, byte[] other, int length) {
      for (int i = 0; i < length; i++) {
        result[i] &= other[i];
      }
    }
  },
  OR {
    @Override
    void join(byte[] result, byte[] other, int length) {
      for (int i = 0; i < length; i++) {
        result[i] |= other[i];
      }
    }
  },
  XOR {
    @Override
    void join(byte[] result, byte[] other, int length) {
      for (int i = 0; i < length; i++) {
        result[i] ^= other[i];
      }
    }
  },
  NOT {
    @Override
    void join(byte[] result, byte[] other, int length) {
      throw new IllegalStateException("NOT has one source");
    }
  };

  /** Joins the bytes of one more source to the result. */
  abstract void join(byte[] result, byte[] other, int length);

  /** The operation that the word at {@code index} names, or null. */
  static BitOperation named(DataInvocation call, int index) {
    for (BitOperation each : values()) {
      if (call.is(index, each.name())) {
        return each;
      }
    }
    return null;
  }

  /**
   * The result over the sources that the words from {@code firstKey} on name, piece by piece. Keys
   * are looked up anew for each piece, since making room for the result may move records.
   */
  StringValues.Source over(DataInvocation call, int firstKey) {
    byte[][] other = new byte[1][];
    return (position, target, length) -> {
      readSource(call, firstKey, position, target, length);
      if (this == NOT) {
        for (int i = 0; i < length; i++) {
          target[i] = (byte) ~target[i];
        }
      }
      for (int key = firstKey + 1; key < call.count(); key++) {
        if (other[0] == null) {
          other[0] = new byte[target.length];
        }
        readSource(call, key, position, other[0], length);
        join(target, other[0], length);
      }
    };
  }

  private static void readSource(
      DataInvocation call, int key, long position, byte[] target, int length) {
    StringValues strings = call.strings();
    long record = call.database().peek(call.arguments(), key);
    long left = record == 0 ? 0 : strings.length(record) - position;
    int present = Math.clamp(left, 0, length);
    if (present > 0) {
      strings.copy(record, position, target, 0, present);
    }
    java.util.Arrays.fill(target, present, length, (byte) 0);
  }
}
