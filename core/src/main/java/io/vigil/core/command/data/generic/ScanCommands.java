package io.vigil.core.command.data.generic;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Glob;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.ScanArguments;
import io.vigil.core.keyspace.Database;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.List;

/** The commands that walk through the keys of a database. */
public final class ScanCommands {
  private static final int DEFAULT_COUNT = 10;

  private ScanCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(KEYS, SCAN);
  }

  static final CommandSpec KEYS =
      command("keys")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
          .arguments(arg("pattern", Type.PATTERN))
          .tips("request_policy:all_shards", "nondeterministic_output_order")
          .summary("Lists all keys that match a pattern.")
          .complexity(
              "O(N) with N being the number of keys in the database, under the assumption that the"
                  + " key names in the database and the given pattern have limited length.")
          .handler((DataInvocation call) -> keys(call));

  static void keys(DataInvocation call) {
    byte[] pattern = call.arguments().copy(1);
    boolean all = pattern.length == 1 && pattern[0] == '*';
    ReplyWriter.Deferred count = call.reply().deferred();
    long[] found = {0};
    Database database = call.database();
    database.forEach(
        record -> {
          if (!database.isExpired(record)) {
            byte[] key = database.key(record);
            if (all || Glob.matches(pattern, key)) {
              call.reply().bulk(key);
              found[0]++;
            }
          }
        });
    call.reply().setArray(count, found[0]);
  }

  static final CommandSpec SCAN =
      command("scan")
          .group(CommandGroup.GENERIC)
          .since("2.8.0")
          .arity(-2)
          .flags(CommandFlag.READONLY, CommandFlag.TOUCHES_ARBITRARY_KEYS)
          .categories(AclCategory.KEYSPACE)
          .arguments(
              arg("cursor", Type.INTEGER),
              arg("pattern", Type.PATTERN).token("MATCH").optional(),
              arg("count", Type.INTEGER).token("COUNT").optional(),
              arg("type", Type.STRING).token("TYPE").since("6.0.0").optional())
          .history("6.0.0", "Added the `TYPE` subcommand.")
          .tips("nondeterministic_output", "request_policy:special")
          .summary("Walks through the keys of a database step by step.")
          .complexity(
              "O(1) for every call. O(N) for a complete iteration, including enough command calls"
                  + " for the cursor to return back to 0. N is the number of elements inside the"
                  + " collection.")
          .handler((DataInvocation call) -> scan(call));

  static void scan(DataInvocation call) {
    long cursor = ScanArguments.cursor(call, 1);
    Options options = Options.of(call, 2);
    List<byte[]> keys = new ArrayList<>();
    Database database = call.database();
    long next = database.scan(cursor, (int) Math.min(options.count, Integer.MAX_VALUE), keys);
    keys.removeIf(key -> !options.wants(database, key));
    call.reply().array(2);
    call.reply().bulk(Long.toUnsignedString(next));
    call.reply().array(keys.size());
    for (byte[] key : keys) {
      call.reply().bulk(key);
    }
  }

  /** The words behind the cursor; null stands for none. */
  private record Options(byte[] pattern, long count, String type) {
    /**
     * Filters a key by pattern and type; one whose deadline has passed is deleted here and not
     * shown.
     */
    boolean wants(Database database, byte[] key) {
      if (pattern != null && !Glob.matches(pattern, key)) {
        return false;
      }
      long record = database.lookupReadNoTouch(key, 0, key.length);
      return record != 0 && (type == null || database.type(record).redisName().equals(type));
    }

    static Options of(DataInvocation call, int first) {
      byte[] pattern = null;
      long count = DEFAULT_COUNT;
      String type = null;
      for (int i = first; i < call.count(); i += 2) {
        if (i + 1 >= call.count()) {
          throw CommandError.SYNTAX;
        } else if (call.is(i, "COUNT")) {
          count = call.integer(i + 1);
          if (count < 1) {
            throw CommandError.SYNTAX;
          }
        } else if (call.is(i, "MATCH")) {
          byte[] given = call.arguments().copy(i + 1);
          pattern = given.length == 1 && given[0] == '*' ? null : given;
        } else if (call.is(i, "TYPE")) {
          type = call.text(i + 1).toLowerCase(java.util.Locale.ROOT);
        } else {
          throw CommandError.SYNTAX;
        }
      }
      return new Options(pattern, count, type);
    }
  }
}
