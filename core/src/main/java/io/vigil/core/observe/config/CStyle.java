package io.vigil.core.observe.config;

import io.vigil.core.base.SplitArguments;
import java.util.OptionalLong;

/** Integers as C's strtoll reads them. */
final class CStyle {
  private CStyle() {}

  /**
   * The number that the whole text spells: blanks and a sign may lead, no digits at all mean 0, and
   * what is too large becomes the largest. Empty when something else follows.
   */
  static OptionalLong parseLong(String text, int radix) {
    int at = 0;
    while (at < text.length() && SplitArguments.isSpace(text.charAt(at))) {
      at++;
    }
    boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    boolean negative = signed && text.charAt(at) == '-';
    int first = signed ? at + 1 : at;
    long value = 0;
    for (int i = first; i < text.length(); i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0) {
        return OptionalLong.empty();
      }
      value = value > (Long.MAX_VALUE - digit) / radix ? Long.MAX_VALUE : value * radix + digit;
    }
    // Without digits nothing was read, so that blanks and a sign are left over.
    if (first == text.length() && first > 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(negative ? -value : value);
  }
}
