package io.vigil.core.memory;

import io.vigil.core.base.Invariant;
import io.vigil.core.base.KeyHash;
import io.vigil.core.base.OutputBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of a data set, reached by a {@code long} address. The only class that knows how they
 * are kept: one {@code byte[]} per page of 4 MiB, so that the collector sees one large array where
 * a map of objects would show it thirty thousand.
 *
 * <pre>
 *   address   63 ........ 42 41 ...... 22 21 ......... 0
 *             [    zero     ][page number][byte in page ]
 * </pre>
 *
 * <p>A page is one region of G1 (4 MiB), array header included: an array slightly longer would
 * waste most of a second region. The byte in the page counts from the start of the array's header,
 * so that an address that is a multiple of 64 begins a cache line. Address 0 is no address. Numbers
 * are little-endian. A number of a released page is not used again for as long as possible: an
 * address into a page that is gone finds no array.
 *
 * <p>An address stays valid only until the next call that may allocate, free or move. Not
 * thread-safe.
 */
public final class Pages {
  /** Bytes from one page's first address to the next one's. */
  public static final int PAGE_BYTES = 1 << 22;

  /** First usable byte of a page: the cache line of the array's header is left out. */
  static final int FIRST_BYTE = 64;

  private static final int PAGE_SHIFT = 22;
  private static final int BYTE_MASK = PAGE_BYTES - 1;

  /**
   * The header of a byte[] under compact object headers, which the launcher asks for. Others only
   * lose alignment.
   */
  private static final int ARRAY_HEADER_BYTES = 12;

  private static final int ARRAY_BYTES = PAGE_BYTES - 16;
  private static final int MAX_PAGES = 1 << 20;

  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle SHORT = view(short[].class);

  private byte[][] arrays = new byte[4][];
  private int nextNumber = 1;
  private int count;

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  /** Number of pages held. */
  public int count() {
    return count;
  }

  /** Adds a page and returns its number. */
  int add() {
    int number = freeNumber();
    arrays[number] = new byte[ARRAY_BYTES];
    count++;
    return number;
  }

  private int freeNumber() {
    if (2 * count >= arrays.length) {
      Invariant.check(arrays.length < MAX_PAGES, "page numbers used up");
      arrays = Arrays.copyOf(arrays, arrays.length * 2);
    }
    while (arrays[nextNumber] != null || nextNumber == 0) {
      nextNumber = nextNumber + 1 == arrays.length ? 0 : nextNumber + 1;
    }
    int number = nextNumber;
    nextNumber = number + 1 == arrays.length ? 0 : number + 1;
    return number;
  }

  /** Gives a page back to the collector. */
  void release(int number) {
    Invariant.check(arrays[number] != null, "page released twice");
    arrays[number] = null;
    count--;
  }

  /** The number of the page that {@code address} lies in. */
  static int pageOf(long address) {
    return (int) (address >>> PAGE_SHIFT);
  }

  /** The distance of {@code address} from its page's first address, in bytes. */
  static int byteOf(long address) {
    return (int) address & BYTE_MASK;
  }

  /** The address of a byte in a page. */
  static long address(int page, int byteInPage) {
    return ((long) page << PAGE_SHIFT) | byteInPage;
  }

  /**
   * The array that holds the block at {@code address}, for structures that walk over a whole block;
   * {@link #index} says where in it. Good as long as the address is, and never to be kept.
   */
  public byte[] array(long address) {
    return arrays[(int) (address >>> PAGE_SHIFT)];
  }

  /** Where in {@link #array} the byte at {@code address} stands. */
  public static int index(long address) {
    return ((int) address & BYTE_MASK) - ARRAY_HEADER_BYTES;
  }

  public int getByte(long address) {
    return array(address)[index(address)] & 0xff;
  }

  public void putByte(long address, int value) {
    array(address)[index(address)] = (byte) value;
  }

  /** Two bytes, unsigned. */
  public int getShort(long address) {
    return (short) SHORT.get(array(address), index(address)) & 0xffff;
  }

  public void putShort(long address, int value) {
    SHORT.set(array(address), index(address), (short) value);
  }

  public int getInt(long address) {
    return (int) INT.get(array(address), index(address));
  }

  public void putInt(long address, int value) {
    INT.set(array(address), index(address), value);
  }

  public long getLong(long address) {
    return (long) LONG.get(array(address), index(address));
  }

  public void putLong(long address, long value) {
    LONG.set(array(address), index(address), value);
  }

  /** Copies bytes in. They must lie within one block. */
  public void copyIn(byte[] source, int offset, long address, int length) {
    System.arraycopy(source, offset, array(address), index(address), length);
  }

  /** Copies bytes out. */
  public void copyOut(long address, byte[] target, int offset, int length) {
    System.arraycopy(array(address), index(address), target, offset, length);
  }

  /** Appends bytes to an output buffer. */
  public void copyOut(long address, OutputBuffer output, int length) {
    output.write(array(address), index(address), length);
  }

  /** Copies between two blocks, or within one where the ranges may overlap. */
  public void copy(long from, long to, int length) {
    System.arraycopy(array(from), index(from), array(to), index(to), length);
  }

  /** Copies from a block of other pages into one of these. */
  public void copyFrom(Pages source, long from, long to, int length) {
    System.arraycopy(source.array(from), index(from), array(to), index(to), length);
  }

  public void fill(long address, int length, int value) {
    int from = index(address);
    Arrays.fill(array(address), from, from + length, (byte) value);
  }

  /** True when {@code length} bytes at the address equal those of an array. */
  public boolean equal(long address, byte[] other, int offset, int length) {
    byte[] array = array(address);
    int at = index(address);
    if (length < 8 || length > 64) {
      return Arrays.equals(array, at, at + length, other, offset, offset + length);
    }
    // Keys are short: a few whole words beat the call of the general routine.
    int last = length - 8;
    for (int i = 0; i < last; i += 8) {
      if ((long) LONG.get(array, at + i) != (long) LONG.get(other, offset + i)) {
        return false;
      }
    }
    return (long) LONG.get(array, at + last) == (long) LONG.get(other, offset + last);
  }

  /** Compares bytes as unsigned numbers, as memcmp: below, equal to or above zero. */
  public int compare(long address, byte[] other, int offset, int length) {
    int at = index(address);
    return Arrays.compareUnsigned(array(address), at, at + length, other, offset, offset + length);
  }

  /** The hash of {@code length} bytes at the address. */
  public long hash(KeyHash hash, long address, int length) {
    return hash.hash(array(address), index(address), length);
  }

  /**
   * Of the eight longs of a cache line, which have {@code tag} in their bits from {@code shift} up:
   * one bit each.
   */
  public int matchLine(long address, int shift, long tag) {
    byte[] array = array(address);
    int at = index(address);
    int matches = 0;
    for (int i = 0; i < 8; i++) {
      if ((long) LONG.get(array, at + i * 8) >>> shift == tag) {
        matches |= 1 << i;
      }
    }
    return matches;
  }

  /**
   * Of the eight longs of a cache line, the first of which all bits in {@code mask} are zero, or
   * -1.
   */
  public int firstZero(long address, long mask) {
    byte[] array = array(address);
    int at = index(address);
    for (int i = 0; i < 8; i++) {
      if (((long) LONG.get(array, at + i * 8) & mask) == 0) {
        return i;
      }
    }
    return -1;
  }
}
