package io.vigil.core.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64 with the Jones polynomial, reflected, initial value and final xor 0: the checksum at the
 * end of RDB files and DUMP payloads. Eight bytes are folded in per step through eight tables.
 */
public final class Crc64 {
  /** 0xad93d23594c935a9 with its bits reversed. */
  private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long[][] TABLES = tables();

  private Crc64() {}

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
      }
      tables[0][i] = crc;
    }
    for (int k = 1; k < 8; k++) {
      for (int i = 0; i < 256; i++) {
        long previous = tables[k - 1][i];
        tables[k][i] = previous >>> 8 ^ tables[0][(int) previous & 0xff];
      }
    }
    return tables;
  }

  /** Checksum of the bytes so far when {@code crc} is that of the bytes before (0 at first). */
  public static long update(long crc, byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    long sum = crc;
    long[][] t = TABLES;
    for (; end - at >= 8; at += 8) {
      long word = sum ^ (long) WORDS.get(bytes, at);
      sum =
          t[7][(int) word & 0xff]
              ^ t[6][(int) (word >>> 8) & 0xff]
              ^ t[5][(int) (word >>> 16) & 0xff]
              ^ t[4][(int) (word >>> 24) & 0xff]
              ^ t[3][(int) (word >>> 32) & 0xff]
              ^ t[2][(int) (word >>> 40) & 0xff]
              ^ t[1][(int) (word >>> 48) & 0xff]
              ^ t[0][(int) (word >>> 56)];
    }
    for (; at < end; at++) {
      sum = sum >>> 8 ^ t[0][(int) (sum ^ bytes[at]) & 0xff];
    }
    return sum;
  }
}
