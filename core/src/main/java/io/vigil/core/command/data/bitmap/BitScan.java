package io.vigil.core.command.data.bitmap;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.StringValues;
import io.vigil.core.memory.BigBytes;
import io.vigil.core.spec.CommandError;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Counting and finding bits in a part of a string, piece by piece. Bits are numbered from the
 * highest bit of the first byte on.
 */
final class BitScan {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final StringValues strings;
  private final long record;
  private final byte[] piece;

  /** Of the string in {@code record}, which must stay where it is meanwhile. */
  BitScan(StringValues strings, long record) {
    this.strings = strings;
    this.record = record;
    this.piece = new byte[(int) Math.min(strings.length(record), BigBytes.CHUNK_BYTES)];
  }

  /**
   * The first and the last bit, inclusive, that two indices name, which count bytes or bits and,
   * below zero, from the end. The last is below the first where nothing lies between them.
   */
  record Range(long first, long last) {
    static Range of(long start, long end, boolean inBits, long lengthBytes) {
      long total = inBits ? lengthBytes * 8 : lengthBytes;
      long from = Math.max(0, start < 0 ? start + total : start);
      long to = Math.min(total - 1, Math.max(0, end < 0 ? end + total : end));
      if (from > to) {
        return new Range(0, -1);
      }
      return inBits ? new Range(from, to) : new Range(from * 8, to * 8 + 7);
    }

    boolean isEmpty() {
      return last < first;
    }
  }

  /** True when the word at {@code index} says BIT, false when it says BYTE; else an error. */
  static boolean inBits(DataInvocation call, int index) {
    boolean bits = call.is(index, "BIT");
    if (!bits && !call.is(index, "BYTE")) {
      throw CommandError.SYNTAX;
    }
    return bits;
  }

  /** Bits that are set in a range that is not empty. */
  long count(Range range) {
    long count = 0;
    long lastByte = range.last >>> 3;
    for (long at = range.first >>> 3; at <= lastByte; at += piece.length) {
      int length = read(at, lastByte);
      maskEdges(range, at, length, 0);
      count += ones(length);
    }
    return count;
  }

  /** The first bit in a range that is not empty that is {@code bit}, or -1. */
  long find(Range range, int bit) {
    long lastByte = range.last >>> 3;
    int dull = bit == 1 ? 0 : 0xff;
    for (long at = range.first >>> 3; at <= lastByte; at += piece.length) {
      int length = read(at, lastByte);
      maskEdges(range, at, length, dull);
      int found = firstUnlike(length, dull);
      if (found < length) {
        int different = (piece[found] ^ dull) & 0xff;
        return (at + found) * 8 + Integer.numberOfLeadingZeros(different) - 24;
      }
    }
    return -1;
  }

  private int read(long at, long lastByte) {
    int length = (int) Math.min(piece.length, lastByte - at + 1);
    strings.copy(record, at, piece, 0, length);
    return length;
  }

  /** Gives the bits of the piece that lie outside the range the value of {@code filler}'s. */
  private void maskEdges(Range range, long at, int length, int filler) {
    if (at == range.first >>> 3) {
      int outside = 0xff00 >>> (int) (range.first & 7) & 0xff;
      piece[0] = (byte) (piece[0] & ~outside | filler & outside);
    }
    if (at + length - 1 == range.last >>> 3) {
      int outside = 0x7f >>> (int) (range.last & 7);
      piece[length - 1] = (byte) (piece[length - 1] & ~outside | filler & outside);
    }
  }

  private long ones(int length) {
    long count = 0;
    int at = 0;
    for (; at + 8 <= length; at += 8) {
      count += Long.bitCount((long) WORD.get(piece, at));
    }
    for (; at < length; at++) {
      count += Integer.bitCount(piece[at] & 0xff);
    }
    return count;
  }

  private int firstUnlike(int length, int dull) {
    long dullWord = dull == 0 ? 0 : -1;
    int at = 0;
    while (at + 8 <= length && (long) WORD.get(piece, at) == dullWord) {
      at += 8;
    }
    while (at < length && (piece[at] & 0xff) == dull) {
      at++;
    }
    return at;
  }
}
