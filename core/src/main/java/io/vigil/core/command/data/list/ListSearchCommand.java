package io.vigil.core.command.data.list;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.ListValues;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** LPOS: where in a list elements are. */
public final class ListSearchCommand {
  private ListSearchCommand() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(LPOS);
  }

  static final CommandSpec LPOS =
      command("lpos")
          .group(CommandGroup.LIST)
          .since("6.0.6")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.LIST)
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              arg("element", Type.STRING),
              arg("rank", Type.INTEGER).token("RANK").optional(),
              arg("num-matches", Type.INTEGER).token("COUNT").optional(),
              arg("len", Type.INTEGER).token("MAXLEN").optional())
          .summary("Returns the indices of elements of a list that are equal to one.")
          .complexity("O(N) where N is the number of elements looked at.")
          .handler((DataInvocation call) -> position(call));

  /** The options: -1 stands for no count, 0 for no limit of length. */
  private record Options(long rank, long count, long maxLength) {
    static Options of(DataInvocation call) {
      long rank = 1;
      long count = -1;
      long maxLength = 0;
      for (int i = 3; i < call.count(); i += 2) {
        if (i + 1 == call.count()) {
          throw CommandError.SYNTAX;
        } else if (call.is(i, "RANK")) {
          rank = rank(call, i + 1);
        } else if (call.is(i, "COUNT")) {
          count = notNegative(call, i + 1, "ERR COUNT can't be negative");
        } else if (call.is(i, "MAXLEN")) {
          maxLength = notNegative(call, i + 1, "ERR MAXLEN can't be negative");
        } else {
          throw CommandError.SYNTAX;
        }
      }
      return new Options(rank, count, maxLength);
    }

    private static long rank(DataInvocation call, int index) {
      long rank = call.integer(index);
      if (rank == 0) {
        throw new CommandError(
            "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ..."
                + " or use negative to start from the end of the list");
      }
      return rank;
    }

    private static long notNegative(DataInvocation call, int index, String text) {
      CommandError error = new CommandError(text);
      long value = call.integer(index, error);
      if (value < 0) {
        throw error;
      }
      return value;
    }
  }

  /** Matches seen and told so far. */
  private static final class Search {
    long looked;
    long matches;
    long told;
    long first = -1;
  }

  static void position(DataInvocation call) {
    Options options = Options.of(call);
    boolean many = options.count >= 0;
    long record = ListCommands.lookup(call);
    if (record == 0) {
      if (many) {
        call.reply().emptyArray();
      } else {
        call.reply().nil();
      }
      return;
    }
    ListValues lists = call.database().lists();
    Arguments words = call.arguments();
    boolean backwards = options.rank < 0;
    ReplyWriter reply = call.reply();
    ReplyWriter.Deferred length = many ? reply.deferred() : null;
    Search search = new Search();
    lists.visit(
        record,
        backwards ? lists.count(record) - 1 : 0,
        backwards,
        (index, element) -> {
          search.looked++;
          if (element.equal(words.array(2), words.offset(2), words.length(2))
              && ++search.matches >= Math.abs(options.rank)) {
            search.told++;
            if (!many) {
              search.first = index;
              return false;
            }
            reply.integer(index);
          }
          boolean enough = many && options.count > 0 && search.told >= options.count;
          return !enough && (options.maxLength == 0 || search.looked < options.maxLength);
        });
    if (many) {
      reply.setArray(length, search.told);
    } else if (search.first >= 0) {
      reply.integer(search.first);
    } else {
      reply.nil();
    }
  }
}
