package io.vigil.core.command.data;

import io.vigil.core.base.Glob;
import io.vigil.core.keyspace.Item;
import io.vigil.core.spec.CommandError;

/**
 * The arguments of HSCAN, SSCAN and ZSCAN; the cursor of SCAN too.
 *
 * @param pattern null for none
 */
public record ScanArguments(byte[] pattern, int count) {
  private static final int DEFAULT_COUNT = 10;
  private static final CommandError INVALID_CURSOR = new CommandError("ERR invalid cursor");

  /**
   * The cursor at {@code index}. It is read as C's strtoul does: no digits mean 0, a sign is taken,
   * a zero byte ends the word.
   */
  public static long cursor(DataInvocation call, int index) {
    String word = call.text(index);
    int end = word.indexOf('\0');
    String digits = end < 0 ? word : word.substring(0, end);
    if (digits.isEmpty()) {
      return 0;
    }
    boolean negative = digits.charAt(0) == '-';
    if (negative) {
      digits = digits.substring(1);
    }
    if (negative && digits.startsWith("+")) {
      throw INVALID_CURSOR;
    }
    try {
      long number = Long.parseUnsignedLong(digits);
      return negative ? -number : number;
    } catch (NumberFormatException malformed) {
      throw INVALID_CURSOR;
    }
  }

  /** The options from {@code first} on. */
  public static ScanArguments of(DataInvocation in, int first) {
    byte[] pattern = null;
    long count = DEFAULT_COUNT;
    for (int i = first; i < in.count(); i += 2) {
      if (i + 1 >= in.count()) {
        throw CommandError.SYNTAX;
      } else if (in.is(i, "COUNT")) {
        count = in.integer(i + 1);
        if (count < 1) {
          throw CommandError.SYNTAX;
        }
      } else if (in.is(i, "MATCH")) {
        byte[] given = in.arguments().copy(i + 1);
        pattern = given.length == 1 && given[0] == '*' ? null : given;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return new ScanArguments(pattern, (int) Math.min(count, Integer.MAX_VALUE));
  }

  /** True when the item is to be shown. */
  public boolean matches(Item item) {
    return pattern == null || Glob.matches(pattern, item.bytes());
  }

  /** Answers that there is nothing to walk through. */
  public static void replyEmpty(DataInvocation in) {
    in.reply().array(2);
    in.reply().bulk("0");
    in.reply().emptyArray();
  }
}
