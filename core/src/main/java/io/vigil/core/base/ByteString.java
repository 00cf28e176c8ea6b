package io.vigil.core.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable byte string with value equality and unsigned lexicographic order: the key of maps of
 * channels, watched keys and the like.
 */
public final class ByteString implements Comparable<ByteString> {
  /** The string without bytes. */
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private final byte[] bytes;
  private final int hash;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** A string over {@code bytes}, not copied: the caller gives the array away. */
  public static ByteString wrap(byte[] bytes) {
    return new ByteString(bytes);
  }

  public static ByteString copyOf(byte[] array, int offset, int length) {
    return new ByteString(Arrays.copyOfRange(array, offset, offset + length));
  }

  /** A copy of one word of a command. */
  public static ByteString copyOf(Arguments arguments, int index) {
    return new ByteString(arguments.copy(index));
  }

  /** Text in ISO 8859-1, one byte per character. */
  public static ByteString of(String text) {
    return new ByteString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public int length() {
    return bytes.length;
  }

  public byte byteAt(int index) {
    return bytes[index];
  }

  /** The bytes themselves, not a copy: they must not be changed. */
  public byte[] array() {
    return bytes;
  }

  /** True when the bytes of the slice are those of this string. */
  public boolean contentEquals(byte[] array, int offset, int length) {
    return length == bytes.length
        && Arrays.equals(bytes, 0, bytes.length, array, offset, offset + length);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that
        && hash == that.hash
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The bytes as ISO 8859-1 text, one character per byte. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
