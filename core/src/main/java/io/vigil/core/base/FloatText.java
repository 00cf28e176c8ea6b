package io.vigil.core.base;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A floating-point number as text, taken apart without rounding: {@code significand *
 * radix^exponent}. Forms are those of C's strtod: decimal, {@code 0x} hexadecimal with a binary
 * exponent, {@code inf} and {@code infinity}. Not-a-number has no place in Redis and is no number
 * here.
 *
 * @param radix 10 or 2
 */
record FloatText(
    boolean negative, boolean infinite, BigInteger significand, int radix, long exponent) {
  /**
   * Digits beyond these cannot change a result rounded to 64 bits of mantissa for inputs of the
   * lengths Redis takes; a non-zero rest is kept as one more digit.
   */
  private static final int MAX_DIGITS = 5200;

  private static final long EXPONENT_LIMIT = 1_000_000_000L;

  /** The number, or null when the slice as a whole is none. */
  static FloatText parse(byte[] array, int offset, int length) {
    if (length == 0) {
      return null;
    }
    int at = offset;
    int end = offset + length;
    boolean negative = array[at] == '-';
    if (negative || array[at] == '+') {
      at++;
    }
    if (at < end && (array[at] | 0x20) == 'i') {
      String word = new String(array, at, end - at, StandardCharsets.ISO_8859_1);
      String lower = word.toLowerCase(Locale.ROOT);
      boolean infinite = lower.equals("inf") || lower.equals("infinity");
      return infinite ? new FloatText(negative, true, BigInteger.ZERO, 10, 0) : null;
    }
    boolean hex = end - at > 2 && array[at] == '0' && (array[at + 1] | 0x20) == 'x';
    return new Scanner(array, hex ? at + 2 : at, end, hex).number(negative);
  }

  /** Reads digits, point and exponent. */
  private static final class Scanner {
    private final byte[] array;
    private final int end;
    private final boolean hex;
    private final StringBuilder digits = new StringBuilder();
    private int at;
    private boolean anyDigit;
    private boolean droppedNonZero;
    private long scale;

    Scanner(byte[] array, int from, int end, boolean hex) {
      this.array = array;
      this.at = from;
      this.end = end;
      this.hex = hex;
    }

    FloatText number(boolean negative) {
      digits(0);
      if (at < end && array[at] == '.') {
        at++;
        digits(-1);
      }
      if (!anyDigit) {
        return null;
      }
      Long exponent = exponent();
      if (exponent == null || at != end) {
        return null;
      }
      if (droppedNonZero) {
        digits.append('1');
        scale--;
      }
      int digitRadix = hex ? 16 : 10;
      BigInteger significand =
          digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits.toString(), digitRadix);
      long total = exponent + scale * (hex ? 4 : 1);
      return new FloatText(negative, false, significand, hex ? 2 : 10, total);
    }

    /**
     * Takes digits; each one kept moves the scale by {@code step}, each one dropped by one more.
     */
    private void digits(int step) {
      for (; at < end; at++) {
        int digit = Hex.digit(array[at]);
        if (digit < 0 || !hex && digit > 9) {
          return;
        }
        anyDigit = true;
        scale += step;
        if (digits.length() >= MAX_DIGITS) {
          droppedNonZero |= digit != 0;
          scale++;
        } else if (digit != 0 || !digits.isEmpty()) {
          digits.append((char) array[at]);
        }
      }
    }

    /** The exponent, 0 when there is none, null when it is malformed. */
    private Long exponent() {
      if (at == end || (array[at] | 0x20) != (hex ? 'p' : 'e')) {
        return 0L;
      }
      at++;
      boolean negative = at < end && array[at] == '-';
      if (negative || at < end && array[at] == '+') {
        at++;
      }
      int first = at;
      long value = 0;
      for (; at < end && array[at] >= '0' && array[at] <= '9'; at++) {
        value = Math.min(value * 10 + array[at] - '0', EXPONENT_LIMIT);
      }
      if (at == first) {
        return null;
      }
      return negative ? -value : value;
    }
  }

  /** About the power of ten of the number: for telling what is far out of range. */
  long decimalMagnitude() {
    double bitsPerDigit = 3.321928094887362;
    double bits = significand.bitLength() + (radix == 2 ? exponent : exponent * bitsPerDigit);
    return (long) (bits / bitsPerDigit);
  }

  /** The absolute value, exactly; only for a magnitude that is within reason. */
  BigDecimal toBigDecimal() {
    if (radix == 10) {
      return new BigDecimal(significand, (int) -exponent);
    }
    if (exponent >= 0) {
      return new BigDecimal(significand.shiftLeft((int) exponent));
    }
    return new BigDecimal(significand)
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft((int) -exponent)));
  }
}
