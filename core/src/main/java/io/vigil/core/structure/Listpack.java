package io.vigil.core.structure;

import io.vigil.core.base.Numbers;

/**
 * Redis's listpack, byte for byte: a row of short strings and integers without gaps, walked in both
 * directions. Works on any array, so that the same code reads a block of a page (see {@link
 * io.vigil.core.memory.Pages#array}), a value from a file, and one from a client.
 *
 * <pre>
 *   listpack  [bytes of all 4][entries 2, 65535: count them][entry] ... [entry][0xFF]      little-endian
 *   entry     [head][payload][length of head and payload, 1 to 5 bytes, read from the right]
 *
 *   head   0xxxxxxx            integer 0 to 127        1111 0001 + 2  integer of 16 bits
 *          10xxxxxx            text up to 63 bytes     1111 0010 + 3  integer of 24 bits
 *          110xxxxx + 1        integer of 13 bits      1111 0011 + 4  integer of 32 bits
 *          1110xxxx + 1        text up to 4,095 bytes  1111 0100 + 8  integer of 64 bits
 *          1111 0000 + 4       longer text
 * </pre>
 *
 * <p>An element whose text is that of a 64-bit integer is stored as one, in the shortest form. All
 * positions are indices of the array: that of the listpack's first byte is called {@code at}, that
 * of an entry's first byte {@code entry}. Nothing but {@link #isIntact} checks bounds; bytes from
 * outside go through it first.
 */
public final class Listpack {
  /** Bytes before the first entry. */
  public static final int HEADER_BYTES = 6;

  /** Bytes of a listpack without entries. */
  public static final int EMPTY_BYTES = HEADER_BYTES + 1;

  /** Stands for "no entry". */
  public static final int NONE = -1;

  private static final int END = 0xFF;
  private static final int UNKNOWN_COUNT = 0xFFFF;
  private static final int TEXT_12 = 0xE0;
  private static final int TEXT_32 = 0xF0;
  private static final int INT_13 = 0xC0;
  private static final int INT_16 = 0xF1;
  private static final int INT_24 = 0xF2;
  private static final int INT_32 = 0xF3;
  private static final int INT_64 = 0xF4;

  private Listpack() {}

  // ---- The whole ----

  /** Writes a listpack without entries. */
  public static void writeEmpty(byte[] array, int at) {
    setHeader(array, at, EMPTY_BYTES, 0);
    array[at + HEADER_BYTES] = (byte) END;
  }

  /** Bytes of the whole listpack, its end included. */
  public static int bytes(byte[] array, int at) {
    return (int) littleEndian(array, at, 4);
  }

  /** Number of entries. */
  public static int count(byte[] array, int at) {
    int count = (int) littleEndian(array, at + 4, 2);
    if (count != UNKNOWN_COUNT) {
      return count;
    }
    count = 0;
    for (int entry = first(array, at); entry != NONE; entry = next(array, entry)) {
      count++;
    }
    return count;
  }

  private static void setHeader(byte[] array, int at, int bytes, int count) {
    putLittleEndian(array, at, bytes, 4);
    putLittleEndian(array, at + 4, Math.min(count, UNKNOWN_COUNT), 2);
  }

  /**
   * True when the bytes are a listpack from the first to the last, so that every walk over it stays
   * within them.
   */
  public static boolean isIntact(byte[] array, int at, int length) {
    int last = at + length - 1;
    if (length < EMPTY_BYTES
        || littleEndian(array, at, 4) != length
        || (array[last] & 0xFF) != END) {
      return false;
    }
    int count = 0;
    int entry = at + HEADER_BYTES;
    while (entry < last) {
      int next = intactEnd(array, entry, last);
      if (next < 0) {
        return false;
      }
      entry = next;
      count++;
    }
    long said = littleEndian(array, at + 4, 2);
    return said == UNKNOWN_COUNT || said == count;
  }

  /** Where the entry ends if it is whole and lies before {@code limit}, else -1. */
  private static int intactEnd(byte[] array, int entry, int limit) {
    int head = array[entry] & 0xFF;
    if (head > INT_64) {
      return -1;
    }
    int headBytes = headBytes(head);
    if (headBytes > limit - entry) {
      return -1;
    }
    long body = headBytes + payloadBytes(array, entry, head);
    if (body >= limit - entry || body < 0) {
      return -1;
    }
    int end = entry + (int) body + backBytes((int) body);
    return end <= limit && end > entry && bodyBefore(array, end) == body ? end : -1;
  }

  // ---- Walking ----

  /** The first entry, or {@link #NONE}. */
  public static int first(byte[] array, int at) {
    return orNone(array, at + HEADER_BYTES);
  }

  /** The entry after one, or {@link #NONE}. */
  public static int next(byte[] array, int entry) {
    return orNone(array, end(array, entry));
  }

  private static int orNone(byte[] array, int entry) {
    return (array[entry] & 0xFF) == END ? NONE : entry;
  }

  /** The last entry, or {@link #NONE}. */
  public static int last(byte[] array, int at) {
    return previous(array, at, at + bytes(array, at) - 1);
  }

  /** The entry that ends where another one (or the listpack) does, or {@link #NONE}. */
  public static int previous(byte[] array, int at, int entry) {
    if (entry == at + HEADER_BYTES) {
      return NONE;
    }
    int body = (int) bodyBefore(array, entry);
    return entry - body - backBytes(body);
  }

  /**
   * The entry with this index, counted from 0, or from -1 at the end; {@link #NONE} when out of
   * range. Walks from the nearer end.
   */
  public static int seek(byte[] array, int at, long index) {
    int count = count(array, at);
    long wanted = index < 0 ? index + count : index;
    if (wanted < 0 || wanted >= count) {
      return NONE;
    }
    if (wanted < count / 2) {
      int entry = first(array, at);
      for (long i = 0; i < wanted; i++) {
        entry = end(array, entry);
      }
      return entry;
    }
    int entry = at + bytes(array, at) - 1;
    for (long i = count; i > wanted; i--) {
      entry = previous(array, at, entry);
    }
    return entry;
  }

  /** Where the entry ends: the position of the next one, or of the end mark. */
  public static int end(byte[] array, int entry) {
    int head = array[entry] & 0xFF;
    int body = headBytes(head) + (int) payloadBytes(array, entry, head);
    return entry + body + backBytes(body);
  }

  /** Bytes before the payload, the kind of entry being told by the first one. */
  private static int headBytes(int head) {
    if (head == TEXT_32) {
      return 5;
    }
    return (head & 0xF0) == TEXT_12 ? 2 : 1;
  }

  private static long payloadBytes(byte[] array, int entry, int head) {
    if (head < 0x80) {
      return 0;
    }
    if (head < INT_13) {
      return head & 0x3F;
    }
    if (head < TEXT_12) {
      return 1;
    }
    if (head < TEXT_32) {
      return (head & 0x0F) << 8 | array[entry + 1] & 0xFF;
    }
    return switch (head) {
      case TEXT_32 -> littleEndian(array, entry + 1, 4);
      case INT_16 -> 2;
      case INT_24 -> 3;
      case INT_32 -> 4;
      default -> 8;
    };
  }

  /** Length of head and payload of the entry that ends at {@code end}; -1 if it is malformed. */
  private static long bodyBefore(byte[] array, int end) {
    long body = 0;
    for (int i = 1; i <= 5; i++) {
      int octet = array[end - i] & 0xFF;
      body |= (octet & 0x7FL) << (7 * (i - 1));
      if (octet < 0x80) {
        return body;
      }
    }
    return -1;
  }

  /** Bytes that say how long a body is. */
  private static int backBytes(int body) {
    if (body <= 127) {
      return 1;
    }
    if (body < 16383) {
      return 2;
    }
    if (body < 2097151) {
      return 3;
    }
    return body < 268435455 ? 4 : 5;
  }

  // ---- Reading an entry ----

  /** True when the entry is stored as an integer. */
  public static boolean isInteger(byte[] array, int entry) {
    int head = array[entry] & 0xFF;
    return head < 0x80 || head >= INT_13 && head < TEXT_12 || head > TEXT_32;
  }

  /** The number of an entry that {@link #isInteger}. */
  public static long integer(byte[] array, int entry) {
    int head = array[entry] & 0xFF;
    if (head < 0x80) {
      return head;
    }
    return switch (head) {
      case INT_16 -> (short) littleEndian(array, entry + 1, 2);
      case INT_24 -> (int) littleEndian(array, entry + 1, 3) << 8 >> 8;
      case INT_32 -> (int) littleEndian(array, entry + 1, 4);
      case INT_64 -> littleEndian(array, entry + 1, 8);
      default -> ((head & 0x1F) << 8 | array[entry + 1] & 0xFF) << 19 >> 19;
    };
  }

  /** Where the bytes of an entry begin that is stored as text. */
  public static int textOffset(byte[] array, int entry) {
    return entry + headBytes(array[entry] & 0xFF);
  }

  /** Length in bytes of an entry that is stored as text. */
  public static int textLength(byte[] array, int entry) {
    return (int) payloadBytes(array, entry, array[entry] & 0xFF);
  }

  /** Length in bytes of the element, integers as text. */
  public static int length(byte[] array, int entry) {
    return isInteger(array, entry)
        ? Numbers.longLength(integer(array, entry))
        : textLength(array, entry);
  }

  /** Copies the element, integers as text, {@link #length} bytes. */
  public static void copy(byte[] array, int entry, byte[] target, int offset) {
    if (isInteger(array, entry)) {
      Numbers.writeLong(integer(array, entry), target, offset);
    } else {
      System.arraycopy(array, textOffset(array, entry), target, offset, textLength(array, entry));
    }
  }

  /** The element in an array of its own, integers as text. */
  public static byte[] element(byte[] array, int entry) {
    byte[] copy = new byte[length(array, entry)];
    copy(array, entry, copy, 0);
    return copy;
  }

  /** True when the element is this text. */
  public static boolean equal(byte[] array, int entry, byte[] text, int offset, int length) {
    if (isInteger(array, entry)) {
      long value = integer(array, entry);
      return Numbers.parseLong(text, offset, length, ~value) == value;
    }
    int from = textOffset(array, entry);
    return textLength(array, entry) == length
        && java.util.Arrays.equals(array, from, from + length, text, offset, offset + length);
  }

  /**
   * The first entry equal to a text, from {@code entry} on and then every {@code skip + 1}th; or
   * {@link #NONE}.
   *
   * @param entry where to begin, {@link #NONE} for nowhere
   */
  public static int find(byte[] array, int entry, byte[] text, int offset, int length, int skip) {
    boolean asInteger = Numbers.isLong(text, offset, length);
    long value = asInteger ? Numbers.parseLong(text, offset, length, 0) : 0;
    int current = entry;
    while (current != NONE) {
      boolean found =
          asInteger
              ? isInteger(array, current) && integer(array, current) == value
              : !isInteger(array, current) && equal(array, current, text, offset, length);
      if (found) {
        return current;
      }
      current = end(array, current);
      for (int i = 0; i < skip && (array[current] & 0xFF) != END; i++) {
        current = end(array, current);
      }
      current = orNone(array, current);
    }
    return NONE;
  }

  // ---- Writing ----

  /** Bytes of the entry of a text. */
  public static int entryBytes(byte[] text, int offset, int length) {
    if (length <= Numbers.MAX_LONG_CHARS && Numbers.isLong(text, offset, length)) {
      return entryBytes(Numbers.parseLong(text, offset, length, 0));
    }
    return textEntryBytes(length);
  }

  /** Bytes of the entry of a text of this length that is no integer. */
  public static int textEntryBytes(int length) {
    int body = length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
    return body + backBytes(body);
  }

  /** Bytes of the entry of an integer. */
  public static int entryBytes(long value) {
    return integerBody(value) + 1;
  }

  private static int integerBody(long value) {
    if (value >= 0 && value < 128) {
      return 1;
    }
    if (value >= -4096 && value < 4096) {
      return 2;
    }
    if (value == (short) value) {
      return 3;
    }
    if (value >= -(1 << 23) && value < 1 << 23) {
      return 4;
    }
    return value == (int) value ? 5 : 9;
  }

  /** Writes the entry of a text; returns where it ends. */
  public static int writeEntry(byte[] array, int entry, byte[] text, int offset, int length) {
    if (length <= Numbers.MAX_LONG_CHARS && Numbers.isLong(text, offset, length)) {
      return writeEntry(array, entry, Numbers.parseLong(text, offset, length, 0));
    }
    int from = entry;
    if (length < 64) {
      array[from++] = (byte) (0x80 | length);
    } else if (length < 4096) {
      array[from++] = (byte) (TEXT_12 | length >>> 8);
      array[from++] = (byte) length;
    } else {
      array[from] = (byte) TEXT_32;
      putLittleEndian(array, from + 1, length, 4);
      from += 5;
    }
    System.arraycopy(text, offset, array, from, length);
    return writeBack(array, from + length, from + length - entry);
  }

  /** Writes the entry of an integer; returns where it ends. */
  public static int writeEntry(byte[] array, int entry, long value) {
    int body = integerBody(value);
    switch (body) {
      case 1 -> array[entry] = (byte) value;
      case 2 -> {
        array[entry] = (byte) (INT_13 | value >>> 8 & 0x1F);
        array[entry + 1] = (byte) value;
      }
      case 3 -> writeHeadAndInteger(array, entry, INT_16, value, 2);
      case 4 -> writeHeadAndInteger(array, entry, INT_24, value, 3);
      case 5 -> writeHeadAndInteger(array, entry, INT_32, value, 4);
      default -> writeHeadAndInteger(array, entry, INT_64, value, 8);
    }
    return writeBack(array, entry + body, body);
  }

  private static void writeHeadAndInteger(
      byte[] array, int entry, int head, long value, int bytes) {
    array[entry] = (byte) head;
    putLittleEndian(array, entry + 1, value, bytes);
  }

  private static int writeBack(byte[] array, int from, int body) {
    int bytes = backBytes(body);
    for (int i = 0; i < bytes; i++) {
      int octet = body >>> (7 * (bytes - 1 - i)) & 0x7F;
      array[from + i] = (byte) (i == 0 ? octet : octet | 0x80);
    }
    return from + bytes;
  }

  /**
   * Makes a gap of {@code newBytes} at {@code from} in the place of {@code oldBytes} there, and
   * sets the header as it will be right once the gap is filled with entries. The array has room for
   * the listpack that this gives.
   *
   * @param entries how many entries come in, less those that go
   */
  public static void splice(
      byte[] array, int at, int from, int oldBytes, int newBytes, int entries) {
    int bytes = bytes(array, at);
    int tail = from + oldBytes;
    int count = (int) littleEndian(array, at + 4, 2);
    System.arraycopy(array, tail, array, from + newBytes, at + bytes - tail);
    setHeader(
        array,
        at,
        bytes - oldBytes + newBytes,
        count == UNKNOWN_COUNT ? UNKNOWN_COUNT : count + entries);
  }

  private static long littleEndian(byte[] array, int at, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (array[at + i] & 0xFFL) << (8 * i);
    }
    return value;
  }

  private static void putLittleEndian(byte[] array, int at, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      array[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
