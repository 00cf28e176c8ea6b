package io.vigil.core.structure;

/**
 * Redis's intset, byte for byte: integers in ascending order, all of the width that the widest of
 * them needs. Works on any array, like {@link Listpack}; only {@link #isIntact} checks bounds.
 *
 * <pre>
 *   [width: 2, 4 or 8 bytes, as 4 bytes][count 4][integer] ... [integer]      little-endian
 * </pre>
 */
public final class Intset {
  public static final int HEADER_BYTES = 8;

  private Intset() {}

  /** Bytes of a set of {@code count} integers of one width. */
  public static int bytes(int count, int width) {
    return HEADER_BYTES + count * width;
  }

  /** Bytes of the whole. */
  public static int bytes(byte[] array, int at) {
    return bytes(count(array, at), width(array, at));
  }

  public static int count(byte[] array, int at) {
    return (int) read(array, at + 4, 4);
  }

  /** Bytes of each integer: 2, 4 or 8. */
  public static int width(byte[] array, int at) {
    return (int) read(array, at, 4);
  }

  /** The width that an integer needs. */
  public static int widthOf(long value) {
    if (value == (short) value) {
      return 2;
    }
    return value == (int) value ? 4 : 8;
  }

  /** The integer with this index in ascending order. */
  public static long get(byte[] array, int at, int index) {
    int width = width(array, at);
    return read(array, at + HEADER_BYTES + index * width, width);
  }

  /** The index of an integer; where it is not, {@code -1 - index} of where it belongs. */
  public static int search(byte[] array, int at, long value) {
    int low = 0;
    int high = count(array, at) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = get(array, at, middle);
      if (found == value) {
        return middle;
      }
      if (found < value) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  /** Writes a set without integers. */
  public static void writeEmpty(byte[] array, int at) {
    write(array, at, 2, 4);
    write(array, at + 4, 0, 4);
  }

  /** A set of these integers, which are different; sorts them. */
  public static byte[] of(long[] values, int width) {
    java.util.Arrays.sort(values);
    byte[] array = new byte[bytes(values.length, width)];
    write(array, 0, width, 4);
    write(array, 4, values.length, 4);
    for (int i = 0; i < values.length; i++) {
      write(array, HEADER_BYTES + i * width, values[i], width);
    }
    return array;
  }

  /**
   * Inserts an integer that is missing. The array has room for the set that this gives: {@link
   * #bytesWith}.
   *
   * @param index where it belongs, by {@link #search}
   */
  public static void insert(byte[] array, int at, int index, long value) {
    int count = count(array, at);
    int width = width(array, at);
    int newWidth = Math.max(width, widthOf(value));
    int from = at + HEADER_BYTES;
    if (newWidth == width) {
      int slot = from + index * width;
      System.arraycopy(array, slot, array, slot + width, (count - index) * width);
    } else {
      // From the end: the wider places of the first ones overlap the narrow ones of later ones.
      for (int i = count - 1; i >= 0; i--) {
        long moved = read(array, from + i * width, width);
        write(array, from + (i < index ? i : i + 1) * newWidth, moved, newWidth);
      }
      write(array, at, newWidth, 4);
    }
    write(array, from + index * newWidth, value, newWidth);
    write(array, at + 4, count + 1, 4);
  }

  /** Bytes of the set once an integer that is missing has been inserted. */
  public static int bytesWith(byte[] array, int at, long value) {
    return bytes(count(array, at) + 1, Math.max(width(array, at), widthOf(value)));
  }

  /** Removes the integer with this index. */
  public static void remove(byte[] array, int at, int index) {
    int count = count(array, at);
    int width = width(array, at);
    int slot = at + HEADER_BYTES + index * width;
    System.arraycopy(array, slot + width, array, slot, (count - index - 1) * width);
    write(array, at + 4, count - 1, 4);
  }

  /** True when the bytes are an intset from the first to the last, in ascending order. */
  public static boolean isIntact(byte[] array, int at, int length) {
    if (length < HEADER_BYTES) {
      return false;
    }
    long width = read(array, at, 4);
    long count = read(array, at + 4, 4) & 0xFFFF_FFFFL;
    if (width != 2 && width != 4 && width != 8 || HEADER_BYTES + count * width != length) {
      return false;
    }
    for (int i = 1; i < count; i++) {
      if (get(array, at, i - 1) >= get(array, at, i)) {
        return false;
      }
    }
    return true;
  }

  /** A signed number, little-endian. */
  private static long read(byte[] array, int at, int bytes) {
    long value = array[at + bytes - 1];
    for (int i = bytes - 2; i >= 0; i--) {
      value = value << 8 | array[at + i] & 0xFF;
    }
    return value;
  }

  private static void write(byte[] array, int at, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      array[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
