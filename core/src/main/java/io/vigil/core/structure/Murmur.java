package io.vigil.core.structure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash64A (Austin Appleby, 2008, public domain): the hash that HyperLogLogs are made of. */
final class Murmur {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0xc6a4a7935bd1e995L;
  private static final int SHIFT = 47;

  private Murmur() {}

  static long hash64A(byte[] array, int offset, int length, long seed) {
    long hash = seed ^ length * FACTOR;
    int words = length & ~7;
    for (int at = 0; at < words; at += 8) {
      long word = (long) WORD.get(array, offset + at) * FACTOR;
      hash = (hash ^ (word ^ word >>> SHIFT) * FACTOR) * FACTOR;
    }
    if (words < length) {
      long rest = 0;
      for (int at = length - 1; at >= words; at--) {
        rest = rest << 8 | array[offset + at] & 0xff;
      }
      hash = (hash ^ rest) * FACTOR;
    }
    hash = (hash ^ hash >>> SHIFT) * FACTOR;
    return hash ^ hash >>> SHIFT;
  }
}
