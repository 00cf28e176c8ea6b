package io.vigil.core.command.data.string;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * LCS, by the table of the textbook: cell (i, j) holds the length of the longest common subsequence
 * of the first i bytes of one string and the first j of the other. The table takes 4 bytes a cell
 * and counts against the memory a command may use.
 */
public final class LcsCommand {
  private LcsCommand() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(LCS);
  }

  static final CommandSpec LCS =
      command("lcs")
          .group(CommandGroup.STRING)
          .since("7.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.STRING)
          .keys(key(1).range(1, 1, 0).ro().access())
          .arguments(
              keyArg("key1"),
              keyArg("key2"),
              flag("len", "LEN").optional(),
              flag("idx", "IDX").optional(),
              arg("len", Type.INTEGER).token("MINMATCHLEN").optional(),
              flag("withmatchlen", "WITHMATCHLEN").optional())
          .summary("Finds the longest common subsequence of two strings.")
          .complexity("O(N*M) where N and M are the lengths of s1 and s2, respectively")
          .handler((DataInvocation call) -> run(call));

  static void run(DataInvocation call) {
    byte[] first = value(call, 1);
    byte[] second = value(call, 2);
    Options options = Options.of(call);
    if (options.lengthOnly && options.withIndexes) {
      throw new CommandError("ERR If you want both the length and indexes, please just use IDX.");
    }
    Table table = Table.of(call, first, second);
    int total = table.at(first.length, second.length);
    if (options.lengthOnly) {
      call.reply().integer(total);
    } else if (options.withIndexes) {
      writeMatches(call, table.matches(options.minimumLength), options.withMatchLengths, total);
    } else {
      call.reply().bulk(table.subsequence());
    }
  }

  private static byte[] value(DataInvocation call, int index) {
    long record = call.database().lookupRead(call.arguments(), index);
    if (record == 0) {
      return new byte[0];
    }
    if (!call.isString(record)) {
      throw new CommandError("ERR The specified keys must contain string values");
    }
    return call.strings().bytes(record);
  }

  private static void writeMatches(
      DataInvocation call, List<Match> matches, boolean withLengths, int total) {
    call.reply().map(2);
    call.reply().bulk("matches");
    call.reply().array(matches.size());
    for (Match match : matches) {
      call.reply().array(withLengths ? 3 : 2);
      writeRange(call, match.firstStart, match.length);
      writeRange(call, match.secondStart, match.length);
      if (withLengths) {
        call.reply().integer(match.length);
      }
    }
    call.reply().bulk("len");
    call.reply().integer(total);
  }

  private static void writeRange(DataInvocation call, int start, int length) {
    call.reply().array(2);
    call.reply().integer(start);
    call.reply().integer(start + length - 1L);
  }

  /** A run of equal bytes in both strings. */
  private record Match(int firstStart, int secondStart, int length) {}

  /** The words behind the two keys. */
  private record Options(
      boolean lengthOnly, boolean withIndexes, boolean withMatchLengths, long minimumLength) {
    static Options of(DataInvocation call) {
      boolean lengthOnly = false;
      boolean withIndexes = false;
      boolean withMatchLengths = false;
      long minimumLength = 0;
      for (int i = 3; i < call.count(); i++) {
        if (call.is(i, "IDX")) {
          withIndexes = true;
        } else if (call.is(i, "LEN")) {
          lengthOnly = true;
        } else if (call.is(i, "WITHMATCHLEN")) {
          withMatchLengths = true;
        } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
          minimumLength = Math.max(0, call.integer(++i));
        } else {
          throw CommandError.SYNTAX;
        }
      }
      return new Options(lengthOnly, withIndexes, withMatchLengths, minimumLength);
    }
  }

  /** The table, one row of cells for every byte of the first string and one before them. */
  private static final class Table {
    private final byte[] first;
    private final byte[] second;
    private final int[][] rows;

    private Table(byte[] first, byte[] second) {
      this.first = first;
      this.second = second;
      this.rows = new int[first.length + 1][];
    }

    static Table of(DataInvocation call, byte[] first, byte[] second) {
      Table table = new Table(first, second);
      requireMemory(call, first.length + 1L, second.length + 1L);
      for (int i = 0; i <= first.length; i++) {
        table.rows[i] = new int[second.length + 1];
        if (i > 0) {
          table.fillRow(i);
        }
      }
      return table;
    }

    /** The limit on one string bounds the table too. */
    private static void requireMemory(DataInvocation call, long rows, long columns) {
      if (rows > call.maxStringBytes() / 4 / columns) {
        throw new CommandError(
            "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
      }
    }

    private void fillRow(int i) {
      for (int j = 1; j <= second.length; j++) {
        rows[i][j] =
            first[i - 1] == second[j - 1]
                ? rows[i - 1][j - 1] + 1
                : Math.max(rows[i - 1][j], rows[i][j - 1]);
      }
    }

    int at(int i, int j) {
      return rows[i][j];
    }

    byte[] subsequence() {
      byte[] result = new byte[at(first.length, second.length)];
      int left = result.length;
      int i = first.length;
      int j = second.length;
      while (left > 0) {
        if (first[i - 1] == second[j - 1]) {
          result[--left] = first[i - 1];
          i--;
          j--;
        } else if (at(i - 1, j) > at(i, j - 1)) {
          i--;
        } else {
          j--;
        }
      }
      return result;
    }

    /** The runs of the subsequence, from the last to the first. */
    List<Match> matches(long minimumLength) {
      List<Match> matches = new ArrayList<>();
      int left = at(first.length, second.length);
      int i = first.length;
      int j = second.length;
      while (left > 0) {
        int length = 0;
        while (length < left && first[i - 1 - length] == second[j - 1 - length]) {
          length++;
          if (i == length || j == length) {
            break;
          }
        }
        if (length > 0) {
          i -= length;
          j -= length;
          left -= length;
          if (length >= minimumLength) {
            matches.add(new Match(i, j, length));
          }
        } else if (at(i - 1, j) > at(i, j - 1)) {
          i--;
        } else {
          j--;
        }
      }
      return matches;
    }
  }
}
