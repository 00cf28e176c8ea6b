package io.vigil.core.base;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Numbers in the texts that clients send and see, digit for digit as Redis reads and prints them.
 */
public final class Numbers {
  /** Longest text of a 64-bit integer, sign included. */
  public static final int MAX_LONG_CHARS = 20;

  private static final byte[] DIGIT_PAIRS = digitPairs();
  private static final byte[] MIN_LONG = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);
  private static final MathContext SEVENTEEN_DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);

  private Numbers() {}

  private static byte[] digitPairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  // ---- integers

  /**
   * The integer that the slice spells in the one form Redis accepts: no blanks, plus sign or
   * leading zeros; {@code ifInvalid} for everything else.
   */
  public static long parseLong(byte[] array, int offset, int length, long ifInvalid) {
    if (length == 0 || length > MAX_LONG_CHARS) {
      return ifInvalid;
    }
    int at = offset;
    int end = offset + length;
    boolean negative = array[at] == '-';
    if (negative) {
      at++;
    }
    if (at == end) {
      return ifInvalid;
    }
    int digit = array[at++] - '0';
    if (digit == 0 && length == 1) {
      return 0;
    }
    if (digit < 1 || digit > 9 || end - at > 18) {
      return ifInvalid;
    }
    // Kept negative, where the range is larger by one.
    long value = -digit;
    for (; at < end; at++) {
      digit = array[at] - '0';
      if (digit < 0 || digit > 9) {
        return ifInvalid;
      }
      // Nineteen digits do not overflow 64 bits unsigned, so a wrong sign shows the overflow.
      value = value * 10 - digit;
    }
    if (value >= 0) {
      return ifInvalid;
    }
    if (negative) {
      return value;
    }
    return value == Long.MIN_VALUE ? ifInvalid : -value;
  }

  /** True when {@link #parseLong} accepts the slice. */
  public static boolean isLong(byte[] array, int offset, int length) {
    return parseLong(array, offset, length, 0) != 0 || parseLong(array, offset, length, 1) == 0;
  }

  /** {@link #parseLong} for text; empty when it is not such an integer. */
  public static OptionalLong parseLong(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return isLong(bytes, 0, bytes.length)
        ? OptionalLong.of(parseLong(bytes, 0, bytes.length, 0))
        : OptionalLong.empty();
  }

  /** How many characters {@link #writeLong} writes. */
  public static int longLength(long value) {
    if (value < 0) {
      return value == Long.MIN_VALUE ? MIN_LONG.length : 1 + longLength(-value);
    }
    int length = 1;
    for (long limit = 10; length < 19 && value >= limit; limit *= 10) {
      length++;
    }
    return length;
  }

  /** Writes the decimal text of {@code value} at {@code at}; returns the index after it. */
  public static int writeLong(long value, byte[] target, int at) {
    if (value == Long.MIN_VALUE) {
      System.arraycopy(MIN_LONG, 0, target, at, MIN_LONG.length);
      return at + MIN_LONG.length;
    }
    int end = at + longLength(value);
    int position = end;
    long left = value;
    if (left < 0) {
      target[at] = '-';
      left = -left;
    }
    while (left >= 100) {
      int pair = (int) (left % 100) * 2;
      left /= 100;
      target[--position] = DIGIT_PAIRS[pair + 1];
      target[--position] = DIGIT_PAIRS[pair];
    }
    target[--position] = DIGIT_PAIRS[(int) left * 2 + 1];
    if (left >= 10) {
      target[--position] = DIGIT_PAIRS[(int) left * 2];
    }
    return end;
  }

  public static byte[] longBytes(long value) {
    byte[] text = new byte[longLength(value)];
    writeLong(value, text, 0);
    return text;
  }

  // ---- double precision

  /**
   * The double that the whole slice spells, in any form of C's strtod without leading blanks; NaN
   * when it spells none, overflows, or is not zero but rounds to zero.
   */
  public static double parseDouble(byte[] array, int offset, int length) {
    FloatText text = FloatText.parse(array, offset, length);
    if (text == null) {
      return Double.NaN;
    }
    double sign = text.negative() ? -1.0 : 1.0;
    if (text.infinite()) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (text.significand().signum() == 0) {
      return sign * 0.0;
    }
    long magnitude = text.decimalMagnitude();
    if (magnitude > 400 || magnitude < -400) {
      return Double.NaN;
    }
    double value = text.toBigDecimal().doubleValue();
    return value == 0 || Double.isInfinite(value) ? Double.NaN : sign * value;
  }

  /**
   * The double that the whole slice spells for C's strtod alone: blanks may come first, what is too
   * large is infinite, what is too small zero, nothing at all zero, and a zero byte ends the text;
   * NaN when it spells none.
   */
  public static double scanDouble(byte[] array, int offset, int length) {
    int from = offset;
    int end = offset;
    while (end < offset + length && array[end] != 0) {
      end++;
    }
    if (end == offset) {
      return 0;
    }
    while (from < end && (array[from] == ' ' || array[from] >= '\t' && array[from] <= '\r')) {
      from++;
    }
    FloatText text = FloatText.parse(array, from, end - from);
    if (text == null) {
      return Double.NaN;
    }
    double sign = text.negative() ? -1.0 : 1.0;
    long magnitude = text.significand().signum() == 0 ? 0 : text.decimalMagnitude();
    if (text.infinite() || magnitude > 400) {
      return sign * Double.POSITIVE_INFINITY;
    }
    return magnitude < -400 ? sign * 0.0 : sign * text.toBigDecimal().doubleValue();
  }

  /** C's {@code %.17g}: how replies of type double print. */
  public static String doubleText(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (value == (long) value && Math.abs(value) < 1e17) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(SEVENTEEN_DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 17) {
      return rounded.toPlainString();
    }
    return scientific(rounded, exponent);
  }

  private static String scientific(BigDecimal value, int exponent) {
    String digits = value.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder(24);
    if (value.signum() < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      out.append('0');
    }
    return out.append(magnitude).toString();
  }

  /**
   * How a stored double prints (scores): as {@link #doubleText}, but integers up to half the range
   * of 64 bits in full.
   */
  public static String storedDoubleText(double value) {
    double half = (double) (Long.MAX_VALUE / 2);
    if (value != 0 && value >= -half && value <= half && value == (long) value) {
      return Long.toString((long) value);
    }
    return doubleText(value);
  }

  /** C's {@code %.<decimals>f} of a finite number. */
  public static String fixed(double value, int decimals) {
    String text = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    boolean negativeZero = value < 0 || value == 0 && 1 / value < 0;
    return negativeZero && !text.startsWith("-") ? "-" + text : text;
  }

  // ---- sizes

  /**
   * Bytes of a size as configuration spells it: digits and a unit of {@code b k kb m mb g gb} in
   * any case, {@code k} being 1000 and {@code kb} 1024. The result is unsigned and wraps as in
   * Redis.
   */
  public static OptionalLong parseBytes(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    long unit =
        switch (text.substring(digits).toLowerCase(java.util.Locale.ROOT)) {
          case "", "b" -> 1;
          case "k" -> 1000;
          case "kb" -> 1024;
          case "m" -> 1000 * 1000;
          case "mb" -> 1024 * 1024;
          case "g" -> 1000L * 1000 * 1000;
          case "gb" -> 1024L * 1024 * 1024;
          default -> -1;
        };
    if (unit < 0 || digits > 127) {
      return OptionalLong.empty();
    }
    BigInteger number = digits == 0 ? BigInteger.ZERO : new BigInteger(text.substring(0, digits));
    long value = number.bitLength() > 64 ? -1 : number.longValue();
    return OptionalLong.of(value * unit);
  }

  /** A size for people: {@code 512B}, {@code 1.50K}, {@code 2.00M} ... */
  public static String humanBytes(long bytes) {
    if (bytes < 1024) {
      return bytes + "B";
    }
    double scaled = bytes;
    for (char unit : new char[] {'K', 'M', 'G', 'T', 'P'}) {
      scaled /= 1024;
      if (unit == 'P' || bytes < 1L << 10 * ("KMGTP".indexOf(unit) + 2)) {
        return bytes >= 1L << 60 ? bytes + "B" : fixed(scaled, 2) + unit;
      }
    }
    throw new AssertionError("the last unit returns");
  }
}
