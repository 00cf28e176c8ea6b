package io.vigil.core.command.data.bitmap;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.CommandError;

/**
 * An integer of 1 to 64 bits at some bit of a string, highest bit first.
 *
 * @param signed two's complement; unsigned ones have at most 63 bits
 * @param offset number of the field's first bit
 */
record BitField(boolean signed, int bits, long offset) {
  private static final CommandError BAD_TYPE =
      new CommandError(
          "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but"
              + " i64 is.");
  private static final CommandError BAD_OFFSET =
      new CommandError("ERR bit offset is not an integer or out of range");

  /** Bytes that a field may touch: 64 bits that begin within a byte. */
  static final int WINDOW_BYTES = 9;

  /** What happens to a value that does not fit. */
  enum Overflow {
    /** The high bits are lost. */
    WRAP,
    /** It becomes the largest or the smallest that fits. */
    SAT,
    /** Nothing is written. */
    FAIL
  }

  /** The field that the words at {@code index} (type) and behind it (offset) name. */
  static BitField of(DataInvocation call, int index) {
    Arguments words = call.arguments();
    int bits = bits(words, index);
    return new BitField(words.byteAt(index, 0) == 'i', bits, offset(call, index + 1, bits));
  }

  private static int bits(Arguments words, int index) {
    int length = words.length(index);
    int sign = length == 0 ? 0 : words.byteAt(index, 0);
    if (sign != 'i' && sign != 'u') {
      throw BAD_TYPE;
    }
    int digits = 1;
    // As a text of C the type ends at a zero byte.
    while (digits < length && words.byteAt(index, digits) != 0) {
      digits++;
    }
    long bits = Numbers.parseLong(words.array(index), words.offset(index) + 1, digits - 1, -1);
    if (bits < 1 || bits > (sign == 'i' ? 64 : 63)) {
      throw BAD_TYPE;
    }
    return (int) bits;
  }

  /** The offset in bits or, behind a {@code #}, in fields. */
  private static long offset(DataInvocation call, int index, int bits) {
    Arguments words = call.arguments();
    int length = words.length(index);
    int from = length > 0 && words.byteAt(index, 0) == '#' ? 1 : 0;
    byte[] array = words.array(index);
    int at = words.offset(index) + from;
    if (!Numbers.isLong(array, at, length - from)) {
      throw BAD_OFFSET;
    }
    long offset = Numbers.parseLong(array, at, length - from, 0) * (from == 1 ? bits : 1);
    BitCommands.requireBitOffset(call, offset, BAD_OFFSET);
    return offset;
  }

  long firstByte() {
    return offset >>> 3;
  }

  long lastBit() {
    return offset + bits - 1;
  }

  /** Bytes from the first to the last that the field touches. */
  int touchedBytes() {
    return (int) ((lastBit() >>> 3) - firstByte()) + 1;
  }

  /** The field's value in the bytes from its first one on. */
  long read(byte[] window) {
    long value = 0;
    int first = (int) (offset & 7);
    for (int bit = first; bit < first + bits; bit++) {
      value = value << 1 | window[bit >>> 3] >>> (7 - (bit & 7)) & 1;
    }
    return signed ? value << (64 - bits) >> (64 - bits) : value;
  }

  /** Writes a value into the bytes from the field's first one on. */
  void write(byte[] window, long value) {
    int first = (int) (offset & 7);
    for (int i = 0; i < bits; i++) {
      int bit = first + i;
      int mask = 1 << (7 - (bit & 7));
      boolean set = (value >>> (bits - 1 - i) & 1) != 0;
      window[bit >>> 3] = (byte) (set ? window[bit >>> 3] | mask : window[bit >>> 3] & ~mask);
    }
  }

  /** True when the sum, taken without limits, is no value of the field. */
  boolean overflows(long value, long increment) {
    return direction(value, increment) != 0;
  }

  /** What a sum that {@link #overflows} becomes. */
  long limit(long value, long increment, Overflow overflow) {
    if (overflow == Overflow.WRAP) {
      long sum = value + increment;
      return signed ? sum << (64 - bits) >> (64 - bits) : sum & max();
    }
    return direction(value, increment) > 0 ? max() : min();
  }

  private long max() {
    int magnitude = signed ? bits - 1 : bits;
    return magnitude == 0 ? 0 : -1L >>> (64 - magnitude);
  }

  private long min() {
    return signed ? -max() - 1 : 0;
  }

  /** 1 when the sum is above the largest value, -1 when it is below the smallest, else 0. */
  private int direction(long value, long increment) {
    if (!signed) {
      // A value given to SET is read as unsigned: one below zero is above all.
      if (value < 0 || value > max() || increment > 0 && increment > max() - value) {
        return 1;
      }
      return increment < 0 && increment < -value ? -1 : 0;
    }
    // The differences may wrap, and then SAT takes the other end: so it does in Redis.
    long above = max() - value;
    long below = min() - value;
    if (bits == 64) {
      return value >= 0 && increment > above ? 1 : value < 0 && increment < below ? -1 : 0;
    }
    return value > max() || increment > above ? 1 : value < min() || increment < below ? -1 : 0;
  }
}
