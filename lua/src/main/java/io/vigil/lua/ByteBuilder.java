package io.vigil.lua;

import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow; the growth counts into the memory account of the engine. */
public final class ByteBuilder {
  private static final int LONGEST = Integer.MAX_VALUE - 64;

  private final Call call;
  private byte[] bytes;
  private int size;

  /** An empty builder for a result of the given call. */
  public ByteBuilder(Call call, int capacity) {
    this.call = call;
    this.bytes = new byte[capacity];
  }

  private void ensure(int more) {
    if (more > bytes.length - size) {
      long needed = (long) size + more;
      if (needed > LONGEST) {
        throw new LuaError("not enough memory");
      }
      int capacity = (int) Math.min(LONGEST, Math.max(needed, 2L * bytes.length));
      call.reserveMemory(capacity - bytes.length);
      bytes = Arrays.copyOf(bytes, capacity);
    }
  }

  /** Appends a byte. */
  public void add(int value) {
    if (size == bytes.length) {
      ensure(1);
    }
    bytes[size++] = (byte) value;
  }

  /** Appends a range of bytes. */
  public void add(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Appends a string. */
  public void add(LuaString text) {
    add(text.sharedBytes(), 0, text.length());
  }

  /** Appends a text of ASCII characters. */
  public void add(String text) {
    int length = text.length();
    ensure(length);
    for (int i = 0; i < length; i++) {
      bytes[size + i] = (byte) text.charAt(i);
    }
    size += length;
  }

  /** Appends a value of some bytes, the least significant first or last. */
  public void add(long value, int width, boolean littleEndian) {
    ensure(width);
    for (int i = 0; i < width; i++) {
      int shift = 8 * (littleEndian ? i : width - 1 - i);
      bytes[size++] = (byte) (shift < 64 ? value >>> shift : 0);
    }
  }

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  /** Takes bytes off the end. */
  public void cut(int newSize) {
    size = newSize;
  }

  /** Overwrites one byte. */
  public void set(int index, int value) {
    bytes[index] = (byte) value;
  }

  /** What was built, as a new string of Lua. */
  public LuaString toLuaString() {
    return call.newString(Arrays.copyOf(bytes, size));
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
  }
}
