package io.vigil.core.command.data.generic;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** The commands on whole databases. */
public final class DatabaseCommands {
  private DatabaseCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(FLUSHDB, FLUSHALL, DBSIZE, SWAPDB);
  }

  static final CommandSpec FLUSHDB =
      command("flushdb")
          .group(CommandGroup.SERVER)
          .since("1.0.0")
          .arity(-1)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
          .arguments(
              oneOf(
                      "async",
                      flag("async", "ASYNC").since("4.0.0"),
                      flag("sync", "SYNC").since("6.2.0"))
                  .optional())
          .history("4.0.0", "Added the `ASYNC` flushing mode modifier.")
          .history("6.2.0", "Added the `SYNC` flushing mode modifier.")
          .tips("request_policy:all_shards", "response_policy:all_succeeded")
          .summary("Deletes all keys of the database.")
          .complexity("O(N) where N is the number of keys in the selected database")
          .handler((DataInvocation call) -> flushDatabase(call));

  static void flushDatabase(DataInvocation call) {
    requireMode(call);
    call.modifiedDatabase(call.databaseIndex(), -1);
    call.dirty(call.database().flush());
    // Replicas must flush also where this database was empty.
    call.forcePropagation();
    call.reply().ok();
  }

  static final CommandSpec FLUSHALL =
      command("flushall")
          .group(CommandGroup.SERVER)
          .since("1.0.0")
          .arity(-1)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
          .arguments(
              oneOf(
                      "async",
                      flag("async", "ASYNC").since("4.0.0"),
                      flag("sync", "SYNC").since("6.2.0"))
                  .optional())
          .history("4.0.0", "Added the `ASYNC` flushing mode modifier.")
          .history("6.2.0", "Added the `SYNC` flushing mode modifier.")
          .tips("request_policy:all_shards", "response_policy:all_succeeded")
          .summary("Deletes all keys of all databases.")
          .complexity("O(N) where N is the total number of keys in all databases")
          .handler((DataInvocation call) -> flushAll(call));

  static void flushAll(DataInvocation call) {
    requireMode(call);
    for (int i = 0; i < call.databaseCount(); i++) {
      call.modifiedDatabase(i, -1);
    }
    call.keyspace().flushAll();
    call.flushedEverything();
    call.dirty(1);
    call.forcePropagation();
    call.reply().ok();
  }

  private static void requireMode(DataInvocation call) {
    boolean known =
        call.count() == 1 || call.count() == 2 && (call.is(1, "SYNC") || call.is(1, "ASYNC"));
    if (!known) {
      throw CommandError.SYNTAX;
    }
  }

  static final CommandSpec DBSIZE =
      command("dbsize")
          .group(CommandGroup.SERVER)
          .since("1.0.0")
          .arity(1)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .tips("request_policy:all_shards", "response_policy:agg_sum")
          .summary("Counts the keys of the current database.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> call.reply().integer(call.database().size()));

  static final CommandSpec SWAPDB =
      command("swapdb")
          .group(CommandGroup.SERVER)
          .since("4.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
          .arguments(arg("index1", Type.INTEGER), arg("index2", Type.INTEGER))
          .summary("Exchanges two databases.")
          .complexity(
              "O(N) where N is the count of clients watching or blocking on keys from both"
                  + " databases.")
          .handler((DataInvocation call) -> swap(call));

  static void swap(DataInvocation call) {
    int first = index(call, 1, "ERR invalid first DB index");
    int second = index(call, 2, "ERR invalid second DB index");
    if (first < 0
        || first >= call.databaseCount()
        || second < 0
        || second >= call.databaseCount()) {
      throw new CommandError("ERR DB index is out of range");
    }
    call.modifiedDatabase(first, second);
    call.modifiedDatabase(second, first);
    call.keyspace().swap(first, second);
    call.dirty(1);
    call.reply().ok();
  }

  private static int index(DataInvocation call, int index, String error) {
    long value = call.integer(index, new CommandError(error));
    if (value != (int) value) {
      throw new CommandError(error);
    }
    return (int) value;
  }
}
