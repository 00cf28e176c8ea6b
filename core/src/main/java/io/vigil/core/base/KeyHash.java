package io.vigil.core.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A quick keyed hash of byte strings to 64 bits, after the folded multiplication of wyhash (Wang
 * Yi): two words of input at a time are masked by secret words and multiplied to 128 bits, whose
 * halves are folded. The secrets are drawn per node, so that a client cannot prepare keys that
 * collide. Not for anything that leaves the process.
 */
public final class KeyHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final long secret0;
  private final long secret1;
  private final long secret2;
  private final long secret3;

  public KeyHash(long seed) {
    Rng rng = Rng.stream(seed, "key hash");
    secret0 = rng.nextLong() | 1;
    secret1 = rng.nextLong() | 1;
    secret2 = rng.nextLong() | 1;
    secret3 = rng.nextLong() | 1;
  }

  /** The hash of {@code length} bytes of {@code array} from {@code offset} on. */
  public long hash(byte[] array, int offset, int length) {
    long first;
    long second;
    if (length >= 8) {
      if (length > 16) {
        return hashLong(array, offset, length);
      }
      first = (long) LONG.get(array, offset);
      second = (long) LONG.get(array, offset + length - 8);
    } else if (length >= 4) {
      first = (int) INT.get(array, offset);
      second = (int) INT.get(array, offset + length - 4);
    } else if (length > 0) {
      first = (array[offset] & 0xff) << 16 | (array[offset + (length >> 1)] & 0xff) << 8;
      second = array[offset + length - 1] & 0xff;
    } else {
      first = 0;
      second = 0;
    }
    return finish(fold(first ^ secret0, second ^ secret1), length);
  }

  private long hashLong(byte[] array, int offset, int length) {
    long state = secret3;
    int at = offset;
    int left = length;
    while (left > 16) {
      long first = (long) LONG.get(array, at);
      long second = (long) LONG.get(array, at + 8);
      state = fold(first ^ secret0, second ^ state);
      at += 16;
      left -= 16;
    }
    long first = (long) LONG.get(array, offset + length - 16);
    long second = (long) LONG.get(array, offset + length - 8);
    return finish(fold(first ^ secret1, second ^ state), length);
  }

  private long finish(long state, int length) {
    return fold(state ^ secret2, (length * 0x9E3779B97F4A7C15L) ^ secret3);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }
}
