package io.vigil.core.base;

import java.nio.charset.StandardCharsets;

/**
 * Glob patterns as Redis matches them: {@code *}, {@code ?}, {@code [a-c]}, {@code [^x]} and {@code
 * \} as escape.
 *
 * <p>Every element but {@code *} takes exactly one byte, so only the last star seen ever needs to
 * be tried again: time is at most pattern length times string length, without recursion. Oddities
 * of the original are kept because clients see them: an empty string matches the empty pattern
 * alone, a bracket that is not closed ends with the pattern, a range may be written backwards, and
 * bytes of a range are compared signed.
 */
public final class Glob {
  private Glob() {}

  /** Case-sensitive match of text of one byte per character. */
  public static boolean matches(String pattern, String text) {
    return matches(
        pattern.getBytes(StandardCharsets.ISO_8859_1), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Match of ASCII text without regard to case. */
  public static boolean matchesIgnoringCase(String pattern, String text) {
    byte[] p = pattern.getBytes(StandardCharsets.ISO_8859_1);
    byte[] t = text.getBytes(StandardCharsets.ISO_8859_1);
    return matches(p, 0, p.length, t, 0, t.length, true);
  }

  /** Case-sensitive match of whole arrays. */
  public static boolean matches(byte[] pattern, byte[] text) {
    return matches(pattern, 0, pattern.length, text, 0, text.length, false);
  }

  public static boolean matches(
      byte[] pattern,
      int patternOffset,
      int patternLength,
      byte[] text,
      int textOffset,
      int textLength,
      boolean ignoreCase) {
    int patternEnd = patternOffset + patternLength;
    int textEnd = textOffset + textLength;
    int p = patternOffset;
    int t = textOffset;
    int starPattern = -1;
    int starText = 0;
    if (patternLength == 0 || textLength == 0) {
      return patternLength == 0 && textLength == 0;
    }
    while (true) {
      if (p < patternEnd && pattern[p] == '*') {
        p = skipStars(pattern, p, patternEnd);
        if (p == patternEnd) {
          return true;
        }
        if (t == textEnd) {
          return false;
        }
        starPattern = p;
        starText = t;
      } else if (p == patternEnd && t == textEnd) {
        return true;
      } else if (t == textEnd) {
        return false;
      } else {
        int next = p < patternEnd ? elementEnd(pattern, p, patternEnd, text[t], ignoreCase) : -1;
        if (next >= 0) {
          p = next;
          t++;
        } else if (starPattern < 0) {
          return false;
        } else {
          p = starPattern;
          t = ++starText;
        }
      }
    }
  }

  private static int skipStars(byte[] pattern, int from, int end) {
    int p = from;
    while (p < end && pattern[p] == '*') {
      p++;
    }
    return p;
  }

  /** Index after the element at {@code p} when it matches {@code b}, else -1. */
  private static int elementEnd(byte[] pattern, int p, int end, byte b, boolean ignoreCase) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> bracketEnd(pattern, p + 1, end, b, ignoreCase);
      case '\\' -> {
        int at = end - p >= 2 ? p + 1 : p;
        yield equal(pattern[at], b, ignoreCase) ? at + 1 : -1;
      }
      default -> equal(pattern[p], b, ignoreCase) ? p + 1 : -1;
    };
  }

  private static int bracketEnd(byte[] pattern, int from, int end, byte b, boolean ignoreCase) {
    int p = from;
    boolean negated = p < end && pattern[p] == '^';
    if (negated) {
      p++;
    }
    boolean found = false;
    while (p < end && pattern[p] != ']') {
      if (pattern[p] == '\\' && end - p >= 2) {
        found |= pattern[p + 1] == b;
        p += 2;
      } else if (end - p >= 3 && pattern[p + 1] == '-') {
        found |= inRange(pattern[p], pattern[p + 2], b, ignoreCase);
        p += 3;
      } else {
        found |= equal(pattern[p], b, ignoreCase);
        p++;
      }
    }
    int after = p < end ? p + 1 : p;
    return found != negated ? after : -1;
  }

  private static boolean inRange(byte first, byte second, byte b, boolean ignoreCase) {
    int low = Math.min(first, second);
    int high = Math.max(first, second);
    if (!ignoreCase) {
      return b >= low && b <= high;
    }
    return lower(b) >= lower(low) && lower(b) <= lower(high);
  }

  private static boolean equal(byte a, byte b, boolean ignoreCase) {
    return a == b || ignoreCase && lower(a) == lower(b);
  }

  private static int lower(int b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
