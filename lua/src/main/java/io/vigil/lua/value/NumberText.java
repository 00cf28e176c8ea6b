package io.vigil.lua.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Numbers as Lua reads and prints them: C's {@code strtod} and {@code %.14g}. */
public final class NumberText {
  private static final int DIGITS = 14;

  /** More text than this is no number: 1,100 digits say all that a double can hold. */
  private static final int LONGEST = 2000;

  private NumberText() {}

  /** A number as {@code tostring} prints it. */
  public static String format(double number) {
    if (number == (long) number && Math.abs(number) < 1e14) {
      long integer = (long) number;
      return integer == 0 && 1 / number < 0 ? "-0" : Long.toString(integer);
    }
    return general(number, DIGITS);
  }

  /** The string that {@code tostring} makes of a number. */
  public static LuaString toLuaString(double number) {
    return LuaString.wrap(format(number).getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * C's {@code %.<digits>g}.
   *
   * @param digits significant digits, at least 1
   */
  public static String general(double number, int digits) {
    if (!Double.isFinite(number)) {
      return special(number);
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal rounded = exactOrShortest(number, digits);
    String sign = number < 0 ? "-" : "";
    String text = rounded.unscaledValue().abs().toString();
    int exponent = text.length() - 1 - rounded.scale();
    int end = text.length();
    while (end > 1 && text.charAt(end - 1) == '0') {
      end--;
    }
    text = text.substring(0, end);
    if (exponent < -4 || exponent >= digits) {
      String fraction = text.length() > 1 ? "." + text.substring(1) : "";
      return sign + text.charAt(0) + fraction + exponent(exponent);
    }
    if (exponent < 0) {
      return sign + "0." + "0".repeat(-exponent - 1) + text;
    }
    if (text.length() <= exponent + 1) {
      return sign + text + "0".repeat(exponent + 1 - text.length());
    }
    return sign + text.substring(0, exponent + 1) + "." + text.substring(exponent + 1);
  }

  /** The exponent as C prints it: a sign and at least two digits. */
  public static String exponent(int exponent) {
    String digits = Integer.toString(Math.abs(exponent));
    return (exponent < 0 ? "e-" : "e+") + (digits.length() < 2 ? "0" + digits : digits);
  }

  private static String special(double number) {
    if (Double.isNaN(number)) {
      // C prints the sign of a NaN. Java does not keep it reliably; x86 sets it in those it makes.
      return "-nan";
    }
    return number > 0 ? "inf" : "-inf";
  }

  /**
   * Rounded to the digits asked for. The shortest text that reads back as this double is within
   * them for most numbers, and is then the right one: no other decimal of that length is closer. (A
   * subnormal number has fewer digits than it seems.)
   */
  private static BigDecimal exactOrShortest(double number, int digits) {
    if (digits <= 15 && Math.abs(number) >= Double.MIN_NORMAL) {
      BigDecimal shortest = new BigDecimal(Double.toString(number));
      if (shortest.stripTrailingZeros().precision() <= digits) {
        return shortest;
      }
    }
    return new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  /** The number that a string holds, blanks around it allowed; null if it holds none. */
  public static Double parse(byte[] text, int from, int to) {
    int start = from;
    int end = from; // C's strings end at a zero byte
    while (end < to && text[end] != 0) {
      end++;
    }
    while (start < end && isSpace(text[start])) {
      start++;
    }
    while (end > start && isSpace(text[end - 1])) {
      end--;
    }
    if (start == end || end - start > LONGEST) {
      return null;
    }
    Double small = smallInteger(text, start, end);
    return small != null
        ? small
        : parseText(new String(text, start, end - start, StandardCharsets.ISO_8859_1));
  }

  /** The number that a Lua string holds, or null. */
  public static Double parse(LuaString text) {
    return parse(text.sharedBytes(), 0, text.length());
  }

  private static Double smallInteger(byte[] text, int start, int end) {
    if (end - start > 15) {
      return null;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      value = value * 10 + digit;
    }
    return (double) value;
  }

  private static Double parseText(String text) {
    int i = 0;
    boolean negative = text.charAt(0) == '-';
    if (negative || text.charAt(0) == '+') {
      i++;
    }
    String body = text.substring(i);
    Double magnitude;
    if (body.startsWith("0x") || body.startsWith("0X")) {
      magnitude = parseHex(body.substring(2));
    } else if (!body.isEmpty() && (body.charAt(0) == '.' || isDigit(body.charAt(0)))) {
      magnitude = parseDecimal(body);
    } else {
      magnitude = parseWord(body);
    }
    if (magnitude == null) {
      return null;
    }
    return negative ? -magnitude : magnitude;
  }

  private static Double parseDecimal(String body) {
    int i = 0;
    int digits = 0;
    for (; i < body.length() && isDigit(body.charAt(i)); i++) {
      digits++;
    }
    if (i < body.length() && body.charAt(i) == '.') {
      for (i++; i < body.length() && isDigit(body.charAt(i)); i++) {
        digits++;
      }
    }
    if (digits == 0) {
      return null;
    }
    if (i < body.length() && (body.charAt(i) | 0x20) == 'e') {
      i = exponentEnd(body, i + 1);
    }
    return i == body.length() ? Double.valueOf(Double.parseDouble(body)) : null;
  }

  /** The end of an exponent whose digits begin at i, behind a sign perhaps; -1 if there is none. */
  private static int exponentEnd(String body, int i) {
    int at = i;
    if (at < body.length() && (body.charAt(at) == '+' || body.charAt(at) == '-')) {
      at++;
    }
    int first = at;
    while (at < body.length() && isDigit(body.charAt(at))) {
      at++;
    }
    return at == first ? -1 : at;
  }

  private static Double parseHex(String body) {
    int digits = 0;
    int i = 0;
    while (i < body.length() && Character.digit(body.charAt(i), 16) >= 0) {
      i++;
      digits++;
    }
    boolean point = i < body.length() && body.charAt(i) == '.';
    if (point) {
      i++;
      while (i < body.length() && Character.digit(body.charAt(i), 16) >= 0) {
        i++;
        digits++;
      }
    }
    if (digits == 0) {
      return null;
    }
    String exponent = "p0";
    String mantissa = body.substring(0, i);
    if (i < body.length() && (body.charAt(i) | 0x20) == 'p') {
      if (exponentEnd(body, i + 1) != body.length()) {
        return null;
      }
      exponent = body.substring(i);
    } else if (i != body.length()) {
      return null;
    }
    return Double.valueOf(Double.parseDouble("0x" + mantissa + exponent));
  }

  private static Double parseWord(String body) {
    if (body.equalsIgnoreCase("inf") || body.equalsIgnoreCase("infinity")) {
      return Double.POSITIVE_INFINITY;
    }
    return body.equalsIgnoreCase("nan") ? Double.NaN : null;
  }

  /** Whether C's isspace holds for a byte. */
  public static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
