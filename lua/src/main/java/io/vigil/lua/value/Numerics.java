package io.vigil.lua.value;

/** Arithmetic as Lua does it where Java's operators would not. */
public final class Numerics {
  private Numerics() {}

  /** Lua's {@code %}: the result has the sign of the divisor. */
  public static double modulo(double x, double y) {
    return x - Math.floor(x / y) * y;
  }

  /** Lua's {@code ^}; the same on every machine. */
  public static double power(double x, double y) {
    if (y == 2) {
      return x * x;
    }
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return 1; // as C has it; Java says NaN
    }
    return StrictMath.pow(x, y);
  }

  /** C's conversion of a double to a 64-bit integer on the machines where Redis runs. */
  public static long toLong(double number) {
    return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
  }
}
