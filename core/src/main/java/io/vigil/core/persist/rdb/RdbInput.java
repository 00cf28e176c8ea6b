package io.vigil.core.persist.rdb;

import io.vigil.core.base.Crc64;
import io.vigil.core.base.Lzf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of an RDB as they arrive, read element by element.
 *
 * <pre>
 *   buffer: [ taken | elements being read | not yet read | free ]
 *                   ^ mark                ^ position     ^ limit
 * </pre>
 *
 * <p>A reader asks for elements as if all bytes were there. When they run out, the input says
 * {@link #starved()} and answers zeros and empty strings until {@link #rollback}, after which the
 * same elements are asked for again with more bytes; {@link #commit} makes what has been read
 * final. So no element needs a state of its own, and memory grows only with bytes that have really
 * come.
 */
final class RdbInput {
  /** A match of three bytes stands for at most 264: no packed string grows more than this. */
  private static final long LARGEST_LZF_RATIO = 88;

  private static final byte[] EMPTY = new byte[0];

  private byte[] buffer = new byte[0];
  private int mark;
  private int position;
  private int limit;
  private boolean starved;
  private int missing;
  private long committedBytes;
  private long checksum;

  /** Where the last string that {@link #string} read lies. */
  byte[] stringArray = EMPTY;

  int stringOffset;
  int stringLength;

  /** Adds bytes that have arrived. */
  void append(byte[] source, int offset, int length) {
    if (mark > 0 && (mark == limit || buffer.length - limit < length)) {
      System.arraycopy(buffer, mark, buffer, 0, limit - mark);
      position -= mark;
      limit -= mark;
      mark = 0;
    }
    if (buffer.length - limit < length) {
      int wanted = Math.addExact(limit, length);
      buffer =
          Arrays.copyOf(
              buffer, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(4096L, wanted * 3L / 2)));
    }
    System.arraycopy(source, offset, buffer, limit, length);
    limit += length;
  }

  /** True when what was asked for since the last commit is not all there. */
  boolean starved() {
    return starved;
  }

  /** True when enough bytes lie here that trying again may succeed. */
  boolean worthTrying() {
    return limit - mark >= missing;
  }

  /** Bytes that have arrived and are not committed. */
  int pendingBytes() {
    return limit - mark;
  }

  /** Offset in the file of the next element. */
  long offset() {
    return committedBytes + position - mark;
  }

  long checksum() {
    return checksum;
  }

  /** Makes what has been read final. */
  void commit(boolean checksums) {
    if (checksums) {
      checksum = Crc64.update(checksum, buffer, mark, position - mark);
    }
    committedBytes += position - mark;
    mark = position;
    missing = 0;
  }

  /** Goes back to the last commit. */
  void rollback() {
    position = mark;
    starved = false;
  }

  private boolean has(long bytes) {
    if (starved) {
      return false;
    }
    if (limit - position >= bytes) {
      return true;
    }
    starved = true;
    missing = (int) Math.min(Integer.MAX_VALUE - 8L, position - mark + bytes);
    return false;
  }

  int octet() {
    return has(1) ? buffer[position++] & 0xFF : 0;
  }

  long littleEndian(int bytes) {
    if (!has(bytes)) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (buffer[position++] & 0xFFL) << (8 * i);
    }
    return value;
  }

  private long bigEndian(int bytes) {
    if (!has(bytes)) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | buffer[position++] & 0xFF;
    }
    return value;
  }

  void skip(int bytes) {
    if (has(bytes)) {
      position += bytes;
    }
  }

  /** A length or other unsigned number that fits 63 bits. */
  long length() throws RdbException {
    long at = offset();
    int first = octet();
    if (first >>> 6 == 3) {
      throw corrupt(at, "an encoded string stands where a length is due");
    }
    return plainLength(at, first);
  }

  private long plainLength(long at, int first) throws RdbException {
    if (first >>> 6 == 0) {
      return first;
    }
    if (first >>> 6 == 1) {
      return (first & 0x3FL) << 8 | octet();
    }
    if (first == RdbFormat.LENGTH_32_BITS) {
      return bigEndian(4);
    }
    if (first == RdbFormat.LENGTH_64_BITS) {
      long value = bigEndian(8);
      if (value < 0) {
        throw corrupt(at, "a length above 2^63");
      }
      return value;
    }
    throw corrupt(at, "unknown length encoding " + first);
  }

  /** An unsigned number that may need all 64 bits. */
  long identifier() throws RdbException {
    long at = offset();
    int first = octet();
    return first == RdbFormat.LENGTH_64_BITS ? bigEndian(8) : plainLength(at, first);
  }

  /**
   * Reads a string; {@link #stringArray} and its companions say where it lies until the next
   * append.
   */
  void string() throws RdbException {
    long at = offset();
    int first = octet();
    if (first >>> 6 == 3) {
      encodedString(at, first & 0x3F);
      return;
    }
    long length = plainLength(at, first);
    if (length > Integer.MAX_VALUE - 64) {
      throw corrupt(at, "a string of " + length + " bytes");
    }
    if (has(length)) {
      stringArray = buffer;
      stringOffset = position;
      stringLength = (int) length;
      position += (int) length;
    } else {
      useString(EMPTY);
    }
  }

  private void useString(byte[] bytes) {
    stringArray = bytes;
    stringOffset = 0;
    stringLength = bytes.length;
  }

  private void encodedString(long at, int encoding) throws RdbException {
    switch (encoding) {
      case RdbFormat.INT8 -> useInteger((byte) octet());
      case RdbFormat.INT16 -> useInteger((short) littleEndian(2));
      case RdbFormat.INT32 -> useInteger((int) littleEndian(4));
      case RdbFormat.LZF -> packedString(at);
      default -> throw corrupt(at, "unknown string encoding " + encoding);
    }
  }

  private void useInteger(long value) {
    useString(Long.toString(value).getBytes(StandardCharsets.ISO_8859_1));
  }

  private void packedString(long at) throws RdbException {
    long packed = length();
    long plain = length();
    if (packed > Integer.MAX_VALUE - 64 || plain > Integer.MAX_VALUE - 64) {
      throw corrupt(at, "a packed string of " + packed + " bytes for " + plain);
    }
    if (!has(packed)) {
      useString(EMPTY);
      return;
    }
    if (plain == 0 || plain > packed * LARGEST_LZF_RATIO) {
      throw corrupt(at, "a packed string of " + packed + " bytes cannot hold " + plain);
    }
    byte[] target = new byte[(int) plain];
    if (!Lzf.expand(buffer, position, (int) packed, target, 0, (int) plain)) {
      throw corrupt(at, "Invalid LZF compressed string");
    }
    position += (int) packed;
    useString(target);
  }

  /** A copy of the string just read. */
  byte[] copyString() {
    return Arrays.copyOfRange(stringArray, stringOffset, stringOffset + stringLength);
  }

  /** The string just read as text, one character per byte. */
  String text() {
    return new String(stringArray, stringOffset, stringLength, StandardCharsets.ISO_8859_1);
  }

  static RdbException corrupt(long offset, String reason) {
    return new RdbException(RdbException.Kind.CORRUPT, offset, reason);
  }
}
