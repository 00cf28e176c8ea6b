package io.vigil.core.persist.rdb;

import io.vigil.core.base.Lzf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The elements of the RDB format, appended to a growing buffer that is reused. Strings leave it in
 * the shortest of Redis's forms, chosen by Redis's rules, so that the same value gives the same
 * bytes. Owned by one job at a time.
 */
public final class RdbEncoder {
  private final boolean packs;
  private byte[] buffer = new byte[1024];
  private byte[] packed = new byte[0];
  private Lzf packer;
  private int size;

  /**
   * @param packs whether strings above 20 bytes are packed with LZF where that saves 4 bytes or
   *     more ({@code rdbcompression})
   */
  public RdbEncoder(boolean packs) {
    this.packs = packs;
  }

  public byte[] array() {
    return buffer;
  }

  /** Bytes encoded since {@link #clear}. */
  public int size() {
    return size;
  }

  public void clear() {
    size = 0;
  }

  private void room(int bytes) {
    if (buffer.length - size < bytes) {
      int wanted = Math.addExact(size, bytes);
      buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, wanted * 2L));
    }
  }

  public void octet(int value) {
    room(1);
    buffer[size++] = (byte) value;
  }

  public void raw(byte[] source, int offset, int length) {
    room(length);
    System.arraycopy(source, offset, buffer, size, length);
    size += length;
  }

  void littleEndian(long value, int bytes) {
    room(bytes);
    for (int i = 0; i < bytes; i++) {
      buffer[size++] = (byte) (value >>> (8 * i));
    }
  }

  /** A double as 8 bytes, little-endian. */
  public void binaryDouble(double value) {
    littleEndian(Double.doubleToRawLongBits(value), 8);
  }

  private void bigEndian(long value, int bytes) {
    room(bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      buffer[size++] = (byte) (value >>> (8 * i));
    }
  }

  /** A length or other unsigned number. */
  public void length(long value) {
    if (value >= 0 && value < 1 << 6) {
      octet((int) value);
    } else if (value >= 0 && value < 1 << 14) {
      octet(RdbFormat.LENGTH_14_BITS | (int) (value >>> 8));
      octet((int) value);
    } else if (value >= 0 && value <= 0xFFFF_FFFFL) {
      octet(RdbFormat.LENGTH_32_BITS);
      bigEndian(value, 4);
    } else {
      octet(RdbFormat.LENGTH_64_BITS);
      bigEndian(value, 8);
    }
  }

  public void string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    string(bytes, 0, bytes.length);
  }

  /**
   * A string: as an integer where its text is one of 32 bits, packed where that pays, else as it
   * is.
   */
  public void string(byte[] source, int offset, int length) {
    if (length <= RdbFormat.LONGEST_INTEGER_TEXT && integerText(source, offset, length)) {
      return;
    }
    if (packs && length > RdbFormat.PACKED_ABOVE_BYTES && packedString(source, offset, length)) {
      return;
    }
    length(length);
    raw(source, offset, length);
  }

  /**
   * Writes the integer form if {@code source} holds exactly the text that this integer prints as.
   */
  private boolean integerText(byte[] source, int offset, int length) {
    if (length == 0) {
      return false;
    }
    boolean negative = source[offset] == '-';
    int first = negative ? 1 : 0;
    int digits = length - first;
    if (digits == 0 || (source[offset + first] == '0' && length > 1)) {
      return false;
    }
    long magnitude = 0;
    for (int i = first; i < length; i++) {
      int digit = source[offset + i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      magnitude = magnitude * 10 + digit;
    }
    long value = negative ? -magnitude : magnitude;
    if (value != (int) value) {
      return false;
    }
    if (value == (byte) value) {
      octet(RdbFormat.ENCODED | RdbFormat.INT8);
      octet((int) value);
    } else if (value == (short) value) {
      octet(RdbFormat.ENCODED | RdbFormat.INT16);
      littleEndian(value, 2);
    } else {
      octet(RdbFormat.ENCODED | RdbFormat.INT32);
      littleEndian(value, 4);
    }
    return true;
  }

  private boolean packedString(byte[] source, int offset, int length) {
    int limit = length - RdbFormat.PACKING_SAVES_BYTES;
    if (packed.length < limit) {
      packed = new byte[Math.max(limit, 4096)];
    }
    if (packer == null) {
      packer = new Lzf();
    }
    int packedLength = packer.compress(source, offset, length, packed, limit);
    if (packedLength == 0) {
      return false;
    }
    octet(RdbFormat.ENCODED | RdbFormat.LZF);
    length(packedLength);
    length(length);
    raw(packed, 0, packedLength);
    return true;
  }

  /** What stands before an entry; each {@link RdbEntry#NONE} is left out. */
  public void metadata(long deadlineMs, long idleSeconds, int frequency) {
    if (deadlineMs != RdbEntry.NONE) {
      octet(RdbFormat.EXPIRETIME_MS);
      littleEndian(deadlineMs, 8);
    }
    if (idleSeconds != RdbEntry.NONE) {
      octet(RdbFormat.IDLE);
      length(idleSeconds);
    }
    if (frequency != RdbEntry.NONE) {
      octet(RdbFormat.FREQ);
      octet(frequency);
    }
  }
}
