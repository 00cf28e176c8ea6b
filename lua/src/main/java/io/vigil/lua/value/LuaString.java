package io.vigil.lua.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable string of bytes. The hash is computed on first use by the function of Lua 5.1, since
 * the order of {@code next} follows from it and scripts see that order.
 *
 * <p>Equal strings need not be the same object: only what stands in a program's text is interned.
 */
public final class LuaString implements Comparable<LuaString> {
  /** The empty string. */
  public static final LuaString EMPTY = new LuaString(new byte[0]);

  /** Bytes that an object of this class needs beside its text, for the memory account. */
  public static final int OVERHEAD_BYTES = 40;

  private final byte[] bytes;
  private int countedIn;

  private int hash;

  private LuaString(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes the array over: the caller must not change it any more. */
  public static LuaString wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new LuaString(bytes);
  }

  /** Copies a range of bytes. */
  public static LuaString copyOf(byte[] source, int offset, int length) {
    return length == 0 ? EMPTY : new LuaString(Arrays.copyOfRange(source, offset, offset + length));
  }

  /** The UTF-8 bytes of a text. */
  public static LuaString of(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The length in bytes. */
  public int length() {
    return bytes.length;
  }

  /** The byte at an index from 0, as 0 to 255. */
  public int at(int index) {
    return bytes[index] & 0xFF;
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** The bytes themselves, which the caller must not change. */
  public byte[] sharedBytes() {
    return bytes;
  }

  /** The part from {@code from} (inclusive, from 0) to {@code to} (exclusive). */
  public LuaString slice(int from, int to) {
    return from == 0 && to == bytes.length ? this : copyOf(bytes, from, to - from);
  }

  /** Whether this string is counted for the first time in a round of a memory account. */
  public boolean countIn(int round) {
    boolean first = countedIn != round;
    countedIn = round;
    return first;
  }

  /** Lua's own hash: at most 32 bytes, evenly spread over the string, take part. */
  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      int length = bytes.length;
      int step = (length >>> 5) + 1;
      known = length;
      for (int i = length; i >= step; i -= step) {
        known ^= (known << 5) + (known >>> 2) + (bytes[i - 1] & 0xFF);
      }
      hash = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof LuaString string
            && hashCode() == string.hashCode()
            && Arrays.equals(bytes, string.bytes));
  }

  /** The order of unsigned bytes, which is that of strcoll in the C locale. */
  @Override
  public int compareTo(LuaString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  /** The text, each byte that is no UTF-8 replaced: for people, not for programs. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
