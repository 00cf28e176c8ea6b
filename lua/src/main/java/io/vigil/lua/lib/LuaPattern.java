package io.vigil.lua.lib;

import io.vigil.lua.Call;
import io.vigil.lua.value.LuaString;

/**
 * Matches a Lua pattern by backtracking. How deep that goes and how many steps it takes in one call
 * of a library function are limited: patterns exist that would take longer than the universe.
 */
final class LuaPattern {
  private static final int MAX_CAPTURES = 32;
  private static final int UNFINISHED = -1;
  private static final int POSITION = -2;
  private static final int MAX_DEPTH = 400;
  private static final long FREE_STEPS = 10_000_000;
  private static final int STEPS_PER_BYTE = 8;
  private static final int STEPS_PER_LUA_STEP = 16;

  private final Call call;
  private final byte[] text;
  private final byte[] pattern;
  private final int patternEnd;
  private final int[] starts = new int[MAX_CAPTURES];
  private final int[] lengths = new int[MAX_CAPTURES];
  private int captures;
  private int depth;
  private long stepsLeft;
  private final long allSteps;

  /** A pattern ends at its first zero byte, as it did for C. */
  LuaPattern(Call call, LuaString text, LuaString pattern) {
    this.call = call;
    this.text = text.sharedBytes();
    this.pattern = pattern.sharedBytes();
    this.patternEnd = end(this.pattern);
    this.allSteps = FREE_STEPS + (long) STEPS_PER_BYTE * this.text.length;
    this.stepsLeft = allSteps;
  }

  private static int end(byte[] pattern) {
    int end = 0;
    while (end < pattern.length && pattern[end] != 0) {
      end++;
    }
    return end;
  }

  /** Whether a pattern is but a text to be found. */
  static boolean isPlain(LuaString pattern) {
    byte[] bytes = pattern.sharedBytes();
    for (int i = 0; i < bytes.length && bytes[i] != 0; i++) {
      if ("^$*+?.([%-".indexOf(bytes[i]) >= 0) {
        return false;
      }
    }
    return true;
  }

  boolean isAnchored() {
    return patternEnd > 0 && pattern[0] == '^';
  }

  /**
   * Matches at one place.
   *
   * @return the end of the match, or -1
   */
  int matchAt(int position, boolean anchored) {
    captures = 0;
    depth = 0;
    return match(position, anchored ? 1 : 0);
  }

  /** Counts the work into the script's own steps; to be called at the end. */
  void account() {
    long used = allSteps - stepsLeft;
    call.spend((int) Math.min(used / STEPS_PER_LUA_STEP, Integer.MAX_VALUE));
    stepsLeft = allSteps;
  }

  private void step() {
    if (--stepsLeft < 0) {
      throw call.error("pattern too complex");
    }
  }

  private int at(int p) {
    return p < patternEnd ? pattern[p] & 0xFF : 0;
  }

  private int match(int from, int fromPattern) {
    if (++depth > MAX_DEPTH) {
      throw call.error("pattern too complex");
    }
    int s = from;
    int p = fromPattern;
    while (true) {
      step();
      int special = at(p);
      if (p >= patternEnd) {
        break;
      }
      if (special == '(') {
        s = at(p + 1) == ')' ? open(s, p + 2, POSITION) : open(s, p + 1, UNFINISHED);
        break;
      }
      if (special == ')') {
        s = close(s, p + 1);
        break;
      }
      if (special == '$' && p + 1 == patternEnd) {
        s = s == text.length ? s : -1;
        break;
      }
      int next = special == '%' ? escaped(s, p) : 0;
      if (next != 0) {
        if (next < 0) {
          s = -1;
          break;
        }
        p += at(p + 1) == 'b' ? 4 : at(p + 1) == 'f' ? classEnd(p + 2) - p : 2;
        s = next - 1;
        continue;
      }
      int end = classEnd(p);
      boolean fits = s < text.length && single(text[s] & 0xFF, p, end);
      int suffix = at(end);
      if (suffix == '?') {
        int result = fits ? match(s + 1, end + 1) : -1;
        if (result >= 0) {
          s = result;
          break;
        }
        p = end + 1;
      } else if (suffix == '*') {
        s = longest(s, p, end);
        break;
      } else if (suffix == '+') {
        s = fits ? longest(s + 1, p, end) : -1;
        break;
      } else if (suffix == '-') {
        s = shortest(s, p, end);
        break;
      } else if (!fits) {
        s = -1;
        break;
      } else {
        s++;
        p = end;
      }
    }
    depth--;
    return s;
  }

  /** The items %b, %f and %1: 0 if it is none of them, -1 if it does not match, else s + 1. */
  private int escaped(int s, int p) {
    int kind = at(p + 1);
    int result;
    if (kind == 'b') {
      result = balanced(s, p + 2);
    } else if (kind == 'f') {
      result = frontier(s, p + 2);
    } else if (kind >= '0' && kind <= '9') {
      result = repeated(s, kind);
    } else {
      return 0;
    }
    return result < 0 ? -1 : result + 1;
  }

  private int balanced(int s, int p) {
    if (p + 1 >= patternEnd) {
      throw call.error("unbalanced pattern");
    }
    if (s >= text.length || text[s] != pattern[p]) {
      return -1;
    }
    int open = pattern[p];
    int close = pattern[p + 1];
    int level = 1;
    for (int i = s + 1; i < text.length; i++) {
      step();
      if (text[i] == close) {
        if (--level == 0) {
          return i + 1;
        }
      } else if (text[i] == open) {
        level++;
      }
    }
    return -1;
  }

  private int frontier(int s, int p) {
    if (at(p) != '[') {
      throw call.error("missing '[' after '%f' in pattern");
    }
    int end = classEnd(p);
    int before = s == 0 ? 0 : text[s - 1] & 0xFF;
    int after = s < text.length ? text[s] & 0xFF : 0;
    return !inSet(before, p, end - 1) && inSet(after, p, end - 1) ? s : -1;
  }

  private int repeated(int s, int digit) {
    int capture = digit - '1';
    if (capture < 0 || capture >= captures || lengths[capture] == UNFINISHED) {
      throw call.error("invalid capture index");
    }
    int length = lengths[capture];
    if (length < 0) {
      return -1; // a position capture has no text
    }
    stepsLeft -= length >> 3;
    boolean same =
        text.length - s >= length
            && java.util.Arrays.equals(
                text, starts[capture], starts[capture] + length, text, s, s + length);
    return same ? s + length : -1;
  }

  private int open(int s, int p, int kind) {
    if (captures >= MAX_CAPTURES) {
      throw call.error("too many captures");
    }
    starts[captures] = s;
    lengths[captures] = kind;
    captures++;
    int result = match(s, p);
    if (result < 0) {
      captures--;
    }
    return result;
  }

  private int close(int s, int p) {
    int capture = captures - 1;
    while (capture >= 0 && lengths[capture] != UNFINISHED) {
      capture--;
    }
    if (capture < 0) {
      throw call.error("invalid pattern capture");
    }
    lengths[capture] = s - starts[capture];
    int result = match(s, p);
    if (result < 0) {
      lengths[capture] = UNFINISHED;
    }
    return result;
  }

  private int longest(int s, int p, int end) {
    int count = 0;
    while (s + count < text.length && single(text[s + count] & 0xFF, p, end)) {
      count++;
    }
    stepsLeft -= count;
    for (; count >= 0; count--) {
      int result = match(s + count, end + 1);
      if (result >= 0) {
        return result;
      }
    }
    return -1;
  }

  private int shortest(int from, int p, int end) {
    for (int s = from; ; s++) {
      int result = match(s, end + 1);
      if (result >= 0) {
        return result;
      }
      if (s >= text.length || !single(text[s] & 0xFF, p, end)) {
        return -1;
      }
    }
  }

  private int classEnd(int p) {
    int at = p;
    int first = at(at++);
    if (first == '%') {
      if (at >= patternEnd) {
        throw call.error("malformed pattern (ends with '%')");
      }
      return at + 1;
    }
    if (first == '[') {
      if (at(at) == '^') {
        at++;
      }
      do {
        if (at >= patternEnd) {
          throw call.error("malformed pattern (missing ']')");
        }
        if (at(at++) == '%' && at < patternEnd) {
          at++;
        }
      } while (at(at) != ']' || at >= patternEnd);
      return at + 1;
    }
    return at;
  }

  private boolean single(int c, int p, int end) {
    return switch (at(p)) {
      case '.' -> true;
      case '%' -> inClass(c, at(p + 1));
      case '[' -> inSet(c, p, end - 1);
      default -> at(p) == c;
    };
  }

  /** Whether a byte is in the set whose bracket is at p and whose closing bracket is at last. */
  private boolean inSet(int c, int p, int last) {
    int at = p + 1;
    boolean positive = true;
    if (at(at) == '^') {
      positive = false;
      at++;
    }
    for (; at < last; at++) {
      if (at(at) == '%') {
        at++;
        if (inClass(c, at(at))) {
          return positive;
        }
      } else if (at(at + 1) == '-' && at + 2 < last) {
        if (at(at) <= c && c <= at(at + 2)) {
          return positive;
        }
        at += 2;
      } else if (at(at) == c) {
        return positive;
      }
    }
    return !positive;
  }

  private static boolean inClass(int c, int name) {
    boolean upper = c >= 'A' && c <= 'Z';
    boolean lower = c >= 'a' && c <= 'z';
    boolean digit = c >= '0' && c <= '9';
    boolean in =
        switch (name | 0x20) {
          case 'a' -> upper || lower;
          case 'c' -> c < 32 || c == 127;
          case 'd' -> digit;
          case 'l' -> lower;
          case 'p' -> c > 32 && c < 127 && !upper && !lower && !digit;
          case 's' -> c == ' ' || (c >= 9 && c <= 13);
          case 'u' -> upper;
          case 'w' -> upper || lower || digit;
          case 'x' -> digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
          case 'z' -> c == 0;
          default -> false;
        };
    if ("acdlpsuwxz".indexOf(name | 0x20) < 0 || name < 'A' || name > 'z') {
      return name == c;
    }
    return in == (name >= 'a');
  }

  // Captures

  /** How many values a match gives; a whole match counts when there are no captures. */
  int captureCount(boolean whole) {
    return captures == 0 && whole ? 1 : captures;
  }

  /** A capture from 0; the first is the whole match if there are none. */
  Object capture(int number, int from, int to) {
    if (number >= captures) {
      if (number == 0) {
        return copy(from, to - from);
      }
      throw call.error("invalid capture index");
    }
    if (lengths[number] == UNFINISHED) {
      throw call.error("unfinished capture");
    }
    return lengths[number] == POSITION
        ? (Object) (starts[number] + 1.0)
        : copy(starts[number], lengths[number]);
  }

  private LuaString copy(int from, int length) {
    call.reserveMemory(40L + length);
    return LuaString.copyOf(text, from, length);
  }

  /** Pushes all captures, or the whole match; how many. */
  int pushCaptures(int from, int to, boolean whole) {
    int count = captureCount(whole);
    for (int i = 0; i < count; i++) {
      call.push(capture(i, from, to));
    }
    return count;
  }
}
