package io.vigil.core.command.data;

import io.vigil.core.base.Glob;
import io.vigil.core.keyspace.Item;
import io.vigil.core.spec.CommandError;

/**
 * The arguments of HSCAN, SSCAN and ZSCAN.
 *
 * @param pattern null for none
 */
public record ScanArguments(byte[] pattern, int count) {
  private static final int DEFAULT_COUNT = 10;

  /** The cursor at {@code index}. */
  public static long cursor(DataInvocation in, int index) {
    try {
      return Long.parseUnsignedLong(in.text(index));
    } catch (NumberFormatException malformed) {
      throw new CommandError("ERR invalid cursor");
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
