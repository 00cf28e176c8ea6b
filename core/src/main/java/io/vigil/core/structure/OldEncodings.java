package io.vigil.core.structure;

import io.vigil.core.base.Numbers;

/**
 * The encodings of small collections that Redis used before listpacks, for reading old files.
 *
 * <pre>
 *   ziplist  [bytes 4][offset of the last entry 4][entries 2][entry] ... [0xFF]
 *   entry    [length of the entry before: 1 byte, or 0xFE and 4][head][payload]
 *   head     00pppppp text up to 63 bytes | 01pppppp q text up to 16,383 | 0x80 4 bytes big-endian, text
 *            0xC0 2 bytes | 0xD0 4 | 0xE0 8 | 0xF0 3 | 0xFE 1 integer | 0xF1 .. 0xFD the integers 0 to 12
 *
 *   zipmap   [pairs][length][field][length][unused bytes][value] ... [0xFF]     length: 1 byte, or 0xFE and 4
 * </pre>
 */
public final class OldEncodings {
  private static final int END = 0xFF;
  private static final int ZIPLIST_HEADER = 10;

  private OldEncodings() {}

  /** Shows all elements of a ziplist; false, perhaps after some, when it is malformed. */
  public static boolean ziplist(byte[] array, int at, int length, ElementSink sink) {
    if (length <= ZIPLIST_HEADER || littleEndian(array, at, 4) != length) {
      return false;
    }
    int last = at + length - 1;
    int count = 0;
    int previousBytes = 0;
    int previous = at + ZIPLIST_HEADER;
    int entry = at + ZIPLIST_HEADER;
    byte[] digits = new byte[Numbers.MAX_LONG_CHARS];
    while (entry < last) {
      int next = ziplistEntry(array, entry, last, previousBytes, digits, sink);
      if (next < 0) {
        return false;
      }
      previousBytes = next - entry;
      previous = entry;
      entry = next;
      count++;
    }
    long said = littleEndian(array, at + 8, 2);
    return (array[last] & 0xFF) == END
        && littleEndian(array, at + 4, 4) == previous - at
        && (said == 0xFFFF || said == count);
  }

  /** Shows an entry; returns where it ends, or -1 when it is malformed. */
  private static int ziplistEntry(
      byte[] array, int entry, int limit, int previousBytes, byte[] digits, ElementSink sink) {
    int at = entry;
    int first = array[at] & 0xFF;
    boolean isLong = first == 0xFE;
    if (first == END || limit - at < (isLong ? 6 : 2)) {
      return -1;
    }
    if ((isLong ? littleEndian(array, at + 1, 4) : first) != previousBytes) {
      return -1;
    }
    at += isLong ? 5 : 1;
    int head = array[at] & 0xFF;
    if (head >= 0xC0) {
      return ziplistInteger(array, at, limit, digits, sink);
    }
    int headBytes = head < 0x40 ? 1 : head < 0x80 ? 2 : 5;
    if (limit - at < headBytes || head > 0x80) {
      return -1;
    }
    long size;
    if (head < 0x40) {
      size = head;
    } else if (head < 0x80) {
      size = (head & 0x3F) << 8 | array[at + 1] & 0xFF;
    } else {
      size = Long.reverseBytes(littleEndian(array, at + 1, 4)) >>> 32;
    }
    at += headBytes;
    if (size > limit - at) {
      return -1;
    }
    sink.element(array, at, (int) size);
    return at + (int) size;
  }

  private static int ziplistInteger(
      byte[] array, int at, int limit, byte[] digits, ElementSink sink) {
    int head = array[at] & 0xFF;
    int bytes =
        switch (head) {
          case 0xC0 -> 2;
          case 0xD0 -> 4;
          case 0xE0 -> 8;
          case 0xF0 -> 3;
          case 0xFE -> 1;
          default -> head > 0xF0 && head < 0xFE ? 0 : -1;
        };
    if (bytes < 0 || limit - at - 1 < bytes) {
      return -1;
    }
    long value =
        bytes == 0
            ? (head & 0x0F) - 1
            : littleEndian(array, at + 1, bytes) << (64 - 8 * bytes) >> (64 - 8 * bytes);
    sink.element(digits, 0, Numbers.writeLong(value, digits, 0));
    return at + 1 + bytes;
  }

  /** Shows fields and values of a zipmap in turn; false when it is malformed. */
  public static boolean zipmap(byte[] array, int from, int length, ElementSink sink) {
    int limit = from + length - 1;
    if (length < 2 || (array[limit] & 0xFF) != END) {
      return false;
    }
    int at = from + 1;
    boolean value = false;
    while (at < limit) {
      int first = array[at] & 0xFF;
      if (first == END || first == 0xFE && limit - at < 5) {
        return false;
      }
      long size = first == 0xFE ? littleEndian(array, at + 1, 4) : first;
      at += first == 0xFE ? 5 : 1;
      int unused = 0;
      if (value) {
        if (at >= limit) {
          return false;
        }
        unused = array[at++] & 0xFF;
      }
      if (size + unused > limit - at) {
        return false;
      }
      sink.element(array, at, (int) size);
      at += (int) size + unused;
      value = !value;
    }
    return at == limit && !value;
  }

  private static long littleEndian(byte[] array, int at, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (array[at + i] & 0xFFL) << (8 * i);
    }
    return value;
  }
}
