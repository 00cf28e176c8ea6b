package io.vigil.core.keyspace;

/** Whole numbers as text: when a string may be kept as an int, and how an int reads as a string. */
final class Decimal {
  /** Longest text of a long. */
  static final int MAX_DIGITS = 20;

  private Decimal() {}

  /**
   * True when the text is exactly what printing some long gives: no sign but one minus, no leading
   * zero, no overflow.
   */
  static boolean isLong(byte[] text, int offset, int length) {
    if (length == 0 || length > MAX_DIGITS) {
      return false;
    }
    int at = offset;
    int end = offset + length;
    boolean negative = text[at] == '-';
    if (negative) {
      at++;
    }
    int digits = end - at;
    if (digits == 0 || digits > 19 || text[at] < '0' || text[at] > '9') {
      return false;
    }
    if (text[at] == '0') {
      return digits == 1 && !negative;
    }
    long value = 0;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = value * 10 - digit;
    }
    // Counted downwards, so that the smallest long fits; an overflow shows as a sum that is not
    // negative.
    return value < 0 && (negative || value != Long.MIN_VALUE);
  }

  /** The number; only of a text that {@link #isLong}. */
  static long parse(byte[] text, int offset, int length) {
    boolean negative = text[offset] == '-';
    long value = 0;
    for (int at = negative ? offset + 1 : offset; at < offset + length; at++) {
      value = value * 10 - (text[at] - '0');
    }
    return negative ? value : -value;
  }

  /** How many characters printing this number takes. */
  static int length(long number) {
    int length = number < 0 ? 2 : 1;
    for (long left = number / 10; left != 0; left /= 10) {
      length++;
    }
    return length;
  }

  /** Prints a number; returns how many characters. */
  static int print(long number, byte[] target, int offset) {
    int length = length(number);
    int at = offset + length;
    long left = number < 0 ? number : -number;
    do {
      target[--at] = (byte) ('0' - left % 10);
      left /= 10;
    } while (left != 0);
    if (number < 0) {
      target[offset] = '-';
    }
    return length;
  }
}
