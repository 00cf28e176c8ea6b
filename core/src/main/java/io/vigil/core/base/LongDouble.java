package io.vigil.core.base;

import java.math.BigInteger;

/**
 * A number of the x87 extended format, 64 bits of mantissa: what Redis computes INCRBYFLOAT in on
 * the machines it is used on. Java has no such type, and results must agree to the last digit, so a
 * value is kept as {@code significand * 2^exponent} and every operation is done exactly, then
 * rounded once, to nearest, ties to even. The sign of zero is not kept: it never shows.
 */
public final class LongDouble {
  /** Texts from this length on are no numbers to Redis. */
  private static final int TEXT_LIMIT = 5 * 1024;

  private static final int MANTISSA_BITS = 64;
  private static final int MAX_EXPONENT = 16384;
  private static final int MIN_EXPONENT = -16445;
  private static final int DECIMALS = 17;

  public static final LongDouble ZERO = new LongDouble(BigInteger.ZERO, 0, 0);

  private final BigInteger significand;
  private final int exponent;

  /** -1 or 1 for an infinite value, else 0. */
  private final int infinite;

  private LongDouble(BigInteger significand, int exponent, int infinite) {
    this.significand = significand;
    this.exponent = exponent;
    this.infinite = infinite;
  }

  /**
   * The number that the whole slice spells, in any form of C's strtold without leading blanks; null
   * when it spells none, overflows, or is not zero but rounds to zero.
   */
  public static LongDouble parse(byte[] array, int offset, int length) {
    if (length >= TEXT_LIMIT) {
      return null;
    }
    FloatText text = FloatText.parse(array, offset, length);
    if (text == null) {
      return null;
    }
    if (text.infinite()) {
      return new LongDouble(BigInteger.ZERO, 0, text.negative() ? -1 : 1);
    }
    if (text.significand().signum() == 0) {
      return ZERO;
    }
    long magnitude = text.decimalMagnitude();
    if (magnitude > 5000 || magnitude < -5000) {
      return null;
    }
    LongDouble value = rounded(text);
    if (value.infinite != 0 || value.significand.signum() == 0) {
      return null;
    }
    return text.negative() ? new LongDouble(value.significand.negate(), value.exponent, 0) : value;
  }

  private static LongDouble rounded(FloatText text) {
    BigInteger digits = text.significand();
    int power = (int) text.exponent();
    if (text.radix() == 2) {
      return round(digits, power, false);
    }
    if (power >= 0) {
      return round(digits.multiply(BigInteger.TEN.pow(power)), 0, false);
    }
    BigInteger divisor = BigInteger.TEN.pow(-power);
    // Enough bits that the quotient holds the mantissa and the bit that decides the rounding.
    int shift = Math.max(0, MANTISSA_BITS + 2 + divisor.bitLength() - digits.bitLength());
    BigInteger[] parts = digits.shiftLeft(shift).divideAndRemainder(divisor);
    return round(parts[0], -shift, parts[1].signum() != 0);
  }

  /** The nearest value to {@code magnitude * 2^exponent}, plus a little when {@code more}. */
  private static LongDouble round(BigInteger magnitude, int exponent, boolean more) {
    int drop = Math.max(magnitude.bitLength() - MANTISSA_BITS, MIN_EXPONENT - exponent);
    BigInteger kept = magnitude;
    int power = exponent;
    if (drop > 0) {
      kept = divideByPowerOfTwo(magnitude, drop, more);
      power += drop;
    }
    if (kept.bitLength() + power > MAX_EXPONENT) {
      return new LongDouble(BigInteger.ZERO, 0, 1);
    }
    return new LongDouble(kept, power, 0);
  }

  /** {@code magnitude / 2^bits} to the nearest integer, ties to even. */
  private static BigInteger divideByPowerOfTwo(BigInteger magnitude, int bits, boolean more) {
    BigInteger quotient = magnitude.shiftRight(bits);
    boolean half = magnitude.testBit(bits - 1);
    boolean above = more || magnitude.getLowestSetBit() < bits - 1;
    return half && (above || quotient.testBit(0)) ? quotient.add(BigInteger.ONE) : quotient;
  }

  /** The sum, rounded; opposite infinities give no number, which {@link #isFinite} denies too. */
  public LongDouble plus(LongDouble other) {
    if (infinite != 0 || other.infinite != 0) {
      return infinite != 0 ? this : other;
    }
    int low = Math.min(exponent, other.exponent);
    BigInteger sum =
        significand
            .shiftLeft(exponent - low)
            .add(other.significand.shiftLeft(other.exponent - low));
    LongDouble magnitude = round(sum.abs(), low, false);
    if (sum.signum() >= 0) {
      return magnitude;
    }
    return new LongDouble(magnitude.significand.negate(), magnitude.exponent, -magnitude.infinite);
  }

  public boolean isFinite() {
    return infinite == 0;
  }

  /** Plain decimals, at most 17 after the point, without trailing zeros: the stored result. */
  @Override
  public String toString() {
    if (infinite != 0) {
      return infinite > 0 ? "inf" : "-inf";
    }
    BigInteger magnitude = significand.abs();
    StringBuilder text = new StringBuilder();
    if (exponent >= 0) {
      text.append(magnitude.shiftLeft(exponent));
    } else {
      BigInteger scaled = magnitude.multiply(BigInteger.TEN.pow(DECIMALS));
      text.append(divideByPowerOfTwo(scaled, -exponent, false));
      text.insert(0, "0".repeat(Math.max(0, DECIMALS + 1 - text.length())));
      text.insert(text.length() - DECIMALS, '.');
      int end = text.length();
      while (text.charAt(end - 1) == '0') {
        end--;
      }
      text.setLength(text.charAt(end - 1) == '.' ? end - 1 : end);
    }
    boolean zero = text.length() == 1 && text.charAt(0) == '0';
    return significand.signum() < 0 && !zero ? "-" + text : text.toString();
  }
}
