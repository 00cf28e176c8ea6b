package io.vigil.core.base;

import java.nio.charset.StandardCharsets;

/**
 * The words of one command: views of byte arrays, not copies. Views into a connection's read buffer
 * die with the command; {@link #retain} makes a copy that lives on. One instance is reused for many
 * commands.
 */
public final class Arguments {
  private byte[][] arrays = new byte[16][];
  private int[] offsets = new int[16];
  private int[] lengths = new int[16];
  private int count;

  public Arguments() {}

  /** Arguments over whole arrays, not copied. */
  public static Arguments of(byte[]... words) {
    Arguments arguments = new Arguments();
    for (byte[] word : words) {
      arguments.add(word, 0, word.length);
    }
    return arguments;
  }

  /** Arguments from text in ISO 8859-1, one byte per character. */
  public static Arguments of(String... words) {
    Arguments arguments = new Arguments();
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
      arguments.add(bytes, 0, bytes.length);
    }
    return arguments;
  }

  public void clear() {
    // Drops references so that a large argument is not kept alive by an idle connection.
    for (int i = 0; i < count; i++) {
      arrays[i] = null;
    }
    count = 0;
  }

  public void add(byte[] array, int offset, int length) {
    if (count == arrays.length) {
      grow();
    }
    arrays[count] = array;
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  private void grow() {
    int capacity = count * 2;
    arrays = java.util.Arrays.copyOf(arrays, capacity);
    offsets = java.util.Arrays.copyOf(offsets, capacity);
    lengths = java.util.Arrays.copyOf(lengths, capacity);
  }

  /** Number of words, the command's name included. */
  public int count() {
    return count;
  }

  public byte[] array(int index) {
    return arrays[index];
  }

  public int offset(int index) {
    return offsets[index];
  }

  public int length(int index) {
    return lengths[index];
  }

  public byte byteAt(int index, int position) {
    return arrays[index][offsets[index] + position];
  }

  /** A copy of one word. */
  public byte[] copy(int index) {
    int from = offsets[index];
    return java.util.Arrays.copyOfRange(arrays[index], from, from + lengths[index]);
  }

  /** One word as text, one character per byte. */
  public String text(int index) {
    return new String(arrays[index], offsets[index], lengths[index], StandardCharsets.ISO_8859_1);
  }

  /** True when the word equals {@code upperCase} without regard to the case of ASCII letters. */
  public boolean is(int index, String upperCase) {
    int length = lengths[index];
    if (length != upperCase.length()) {
      return false;
    }
    byte[] array = arrays[index];
    int from = offsets[index];
    for (int i = 0; i < length; i++) {
      int b = array[from + i];
      if (b >= 'a' && b <= 'z') {
        b -= 32;
      }
      if (b != upperCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Sum of the lengths of all words, in bytes. */
  public long totalBytes() {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += lengths[i];
    }
    return total;
  }

  /** A copy that owns its bytes. */
  public Arguments retain() {
    Arguments copy = new Arguments();
    for (int i = 0; i < count; i++) {
      byte[] word = copy(i);
      copy.add(word, 0, word.length);
    }
    return copy;
  }
}
