package io.vigil.core.command.data.generic;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** The commands on keys of any type: is it there, delete, rename, copy, move. */
public final class KeyCommands {
  private static final CommandError SAME_OBJECT =
      new CommandError("ERR source and destination objects are the same");

  private KeyCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(DEL, UNLINK, EXISTS, TOUCH, TYPE, RENAME, RENAMENX, COPY, MOVE, RANDOMKEY);
  }

  static final CommandSpec DEL =
      command("del")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).range(-1, 1, 0).rm().delete())
          .arguments(keyArg("key").multiple())
          .tips("request_policy:multi_shard", "response_policy:agg_sum")
          .summary("Deletes keys.")
          .complexity(
              "O(N) where N is the number of keys that will be removed. When a key to remove holds"
                  + " a value other than a string, the individual complexity for this key is O(M)"
                  + " where M is the number of elements in the list, set, sorted set or hash."
                  + " Removing a single key that holds a string value is O(1).")
          .handler((DataInvocation call) -> delete(call));

  static final CommandSpec UNLINK =
      command("unlink")
          .group(CommandGroup.GENERIC)
          .since("4.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).range(-1, 1, 0).rm().delete())
          .arguments(keyArg("key").multiple())
          .tips("request_policy:multi_shard", "response_policy:agg_sum")
          .summary("Deletes keys, freeing their memory in the background.")
          .complexity(
              "O(1) for each key removed regardless of its size. Then the command does O(N) work in"
                  + " a different thread in order to reclaim memory, where N is the number of"
                  + " allocations the deleted objects where composed of.")
          .handler((DataInvocation call) -> delete(call));

  static void delete(DataInvocation call) {
    long deleted = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.database().delete(call.arguments(), i)) {
        call.modified(i);
        call.event(NotifyClass.GENERIC, "del", i);
        call.dirty(1);
        deleted++;
      }
    }
    call.reply().integer(deleted);
  }

  static final CommandSpec EXISTS =
      command("exists")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).range(-1, 1, 0).ro())
          .arguments(keyArg("key").multiple())
          .history("3.0.3", "Accepts multiple `key` arguments.")
          .tips("request_policy:multi_shard", "response_policy:agg_sum")
          .summary("Counts which of the keys exist; one named twice counts twice.")
          .complexity("O(N) where N is the number of keys to check.")
          .handler((DataInvocation call) -> exists(call));

  static void exists(DataInvocation call) {
    long found = 0;
    for (int i = 1; i < call.count(); i++) {
      found += call.database().lookupReadNoTouch(call.arguments(), i) != 0 ? 1 : 0;
    }
    call.reply().integer(found);
  }

  static final CommandSpec TOUCH =
      command("touch")
          .group(CommandGroup.GENERIC)
          .since("3.2.1")
          .arity(-2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).range(-1, 1, 0).ro())
          .arguments(keyArg("key").multiple())
          .tips("request_policy:multi_shard", "response_policy:agg_sum")
          .summary("Counts which of the keys exist and marks them as used.")
          .complexity("O(N) where N is the number of keys that will be touched.")
          .handler((DataInvocation call) -> touch(call));

  static void touch(DataInvocation call) {
    long found = 0;
    for (int i = 1; i < call.count(); i++) {
      found += call.database().lookupRead(call.arguments(), i) != 0 ? 1 : 0;
    }
    call.reply().integer(found);
  }

  static final CommandSpec TYPE =
      command("type")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).ro())
          .arguments(keyArg("key"))
          .summary("Returns the type of the value at a key.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> type(call));

  static void type(DataInvocation call) {
    long record = call.database().lookupReadNoTouch(call.arguments(), 1);
    call.reply().simple(record == 0 ? "none" : call.database().type(record).redisName());
  }

  static final CommandSpec RENAME =
      command("rename")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().access().delete(), key(2).ow().update())
          .arguments(keyArg("key"), arg("newkey", Type.KEY).keySpec(1))
          .summary("Gives a key another name, replacing what was there.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> rename(call));

  static void rename(DataInvocation call) {
    rename(call, false);
  }

  static final CommandSpec RENAMENX =
      command("renamenx")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().access().delete(), key(2).ow().insert())
          .arguments(keyArg("key"), arg("newkey", Type.KEY).keySpec(1))
          .history(
              "3.2.0",
              "The command no longer returns an error when source and destination names are the"
                  + " same.")
          .summary("Gives a key another name if that name is free.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> renameIfFree(call));

  static void renameIfFree(DataInvocation call) {
    rename(call, true);
  }

  private static void rename(DataInvocation call, boolean onlyIfFree) {
    Arguments words = call.arguments();
    Database database = call.database();
    if (database.lookupWrite(words, 1) == 0) {
      throw CommandError.NO_SUCH_KEY;
    }
    if (call.sameWords(1, 2)) {
      answerRename(call, onlyIfFree, false);
      return;
    }
    boolean taken = database.lookupWrite(words, 2) != 0;
    if (taken && onlyIfFree) {
      call.reply().integer(0);
      return;
    }
    database.rename(words.copy(1), words.copy(2));
    call.modified(1);
    call.modified(2);
    call.event(NotifyClass.GENERIC, "rename_from", 1);
    call.event(NotifyClass.GENERIC, "rename_to", 2);
    call.dirty(1);
    answerRename(call, onlyIfFree, true);
  }

  private static void answerRename(DataInvocation call, boolean onlyIfFree, boolean done) {
    if (onlyIfFree) {
      call.reply().integer(done ? 1 : 0);
    } else {
      call.reply().ok();
    }
  }

  static final CommandSpec COPY =
      command("copy")
          .group(CommandGroup.GENERIC)
          .since("6.2.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).ro().access(), key(2).ow().update())
          .arguments(
              keyArg("source"),
              arg("destination", Type.KEY).keySpec(1),
              arg("destination-db", Type.INTEGER).token("DB").optional(),
              flag("replace", "REPLACE").optional())
          .summary("Copies a key, with its deadline, to another key or database.")
          .complexity(
              "O(N) worst case for collections, where N is the number of nested items. O(1) for"
                  + " string values.")
          .handler((DataInvocation call) -> copy(call));

  static void copy(DataInvocation call) {
    int target = call.databaseIndex();
    boolean replace = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "REPLACE")) {
        replace = true;
      } else if (call.is(i, "DB") && i + 1 < call.count()) {
        target = call.databaseArgument(++i);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    if (target == call.databaseIndex() && call.sameWords(1, 2)) {
      throw SAME_OBJECT;
    }
    Arguments words = call.arguments();
    Database destination = call.database(target);
    boolean copied =
        call.database().lookupRead(words, 1) != 0
            && (replace || destination.lookupWrite(words, 2) == 0);
    if (copied) {
      call.requireRoom(call.database().memoryUsageBytes(call.database().peek(words, 1)));
      call.database().copy(words.copy(1), destination, words.copy(2));
      call.modified(target, words.array(2), words.offset(2), words.length(2));
      call.event(
          NotifyClass.GENERIC, "copy_to", target, words.array(2), words.offset(2), words.length(2));
      call.dirty(1);
    }
    call.reply().integer(copied ? 1 : 0);
  }

  static final CommandSpec MOVE =
      command("move")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("db", Type.INTEGER))
          .summary("Moves a key to another database.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> move(call));

  static void move(DataInvocation call) {
    int target = call.databaseArgument(2);
    if (target == call.databaseIndex()) {
      throw SAME_OBJECT;
    }
    Arguments words = call.arguments();
    Database destination = call.database(target);
    boolean moved =
        call.database().lookupWrite(words, 1) != 0 && destination.lookupWrite(words, 1) == 0;
    if (moved) {
      call.database().move(words.copy(1), destination);
      call.modified(1);
      call.modified(target, words.array(1), words.offset(1), words.length(1));
      call.event(NotifyClass.GENERIC, "move_from", 1);
      call.event(
          NotifyClass.GENERIC, "move_to", target, words.array(1), words.offset(1), words.length(1));
      call.dirty(1);
    }
    call.reply().integer(moved ? 1 : 0);
  }

  static final CommandSpec RANDOMKEY =
      command("randomkey")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(1)
          .flags(CommandFlag.READONLY, CommandFlag.TOUCHES_ARBITRARY_KEYS)
          .categories(AclCategory.KEYSPACE)
          .tips("request_policy:all_shards", "nondeterministic_output")
          .summary("Returns a key chosen at random.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> randomKey(call));

  static void randomKey(DataInvocation call) {
    byte[] key = call.database().randomKey();
    if (key == null) {
      call.reply().nil();
    } else {
      call.reply().bulk(key);
    }
  }
}
