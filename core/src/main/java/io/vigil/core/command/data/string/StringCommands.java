package io.vigil.core.command.data.string;

import static io.vigil.core.command.data.Words.ascii;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.KeyFlag;
import io.vigil.core.spec.KeyPositions;
import java.util.List;

/** The commands that read and set whole strings. */
public final class StringCommands {
  private static final byte[] SET_NAME = ascii("SET");
  private static final byte[] PXAT = ascii("PXAT");
  private static final byte[] DEL_NAME = ascii("DEL");
  private static final byte[] PERSIST_NAME = ascii("PERSIST");
  private static final byte[] PEXPIREAT_NAME = ascii("PEXPIREAT");

  private StringCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(GET, SET, SETNX, SETEX, PSETEX, GETEX, GETDEL, GETSET, MGET, MSET, MSETNX);
  }

  static final CommandSpec GET =
      command("get")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns the string at a key.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> get(call));

  static void get(DataInvocation call) {
    writeString(call, call.database().lookupRead(call.arguments(), 1));
  }

  /** Answers with the string in {@code record}, or nil for none. */
  private static void writeString(DataInvocation call, long record) {
    if (record == 0) {
      call.reply().nil();
    } else {
      call.strings().writeBulk(call.requireString(record), call.reply().output());
    }
  }

  /** SET reads the old value only with GET. */
  private static boolean findKeyOfSet(Arguments words, int base, KeyPositions result) {
    int flags = KeyFlag.OW.mask() | KeyFlag.UPDATE.mask();
    for (int i = base + 3; i < words.count(); i++) {
      if (words.is(i, "GET")) {
        flags = KeyFlag.RW.mask() | KeyFlag.ACCESS.mask() | KeyFlag.UPDATE.mask();
      }
    }
    result.add(base + 1, flags);
    return true;
  }

  static final CommandSpec SET =
      command("set")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.STRING)
          .keys(
              key(1)
                  .rw()
                  .access()
                  .update()
                  .variableFlags()
                  .notes("RW and ACCESS due to the optional `GET` argument"))
          .keyFinder(StringCommands::findKeyOfSet)
          .arguments(
              keyArg("key"),
              arg("value", Type.STRING),
              oneOf("condition", flag("nx", "NX"), flag("xx", "XX")).since("2.6.12").optional(),
              flag("get", "GET").since("6.2.0").optional(),
              oneOf(
                      "expiration",
                      arg("seconds", Type.INTEGER).token("EX").since("2.6.12"),
                      arg("milliseconds", Type.INTEGER).token("PX").since("2.6.12"),
                      arg("unix-time-seconds", Type.UNIX_TIME).token("EXAT").since("6.2.0"),
                      arg("unix-time-milliseconds", Type.UNIX_TIME).token("PXAT").since("6.2.0"),
                      flag("keepttl", "KEEPTTL").since("6.0.0"))
                  .optional())
          .history("2.6.12", "Added the `EX`, `PX`, `NX` and `XX` options.")
          .history("6.0.0", "Added the `KEEPTTL` option.")
          .history("6.2.0", "Added the `GET`, `EXAT` and `PXAT` option.")
          .history("7.0.0", "Allowed the `NX` and `GET` options to be used together.")
          .summary("Sets a string, of any type before, on conditions and with a deadline if asked.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> set(call));

  static void set(DataInvocation call) {
    if (call.count() == 3) {
      call.strings().set(call.arguments(), 1, 2, Database.NO_DEADLINE);
      saySet(call, 1);
      call.reply().ok();
      return;
    }
    SetOptions options = SetOptions.ofSet(call);
    if (options.isConditional() && !meetsCondition(call, options)) {
      return;
    }
    store(call, 1, 2, options);
    if (!options.returnOld()) {
      call.reply().ok();
    }
  }

  /**
   * Looks at the old value as the options ask; answers and returns false when nothing is to be set.
   */
  private static boolean meetsCondition(DataInvocation call, SetOptions options) {
    long old = call.database().lookupWrite(call.arguments(), 1);
    if (options.returnOld()) {
      // Written before the new value is set, since that may move or free the old one.
      writeString(call, old);
    }
    boolean met = !(options.onlyIfMissing() && old != 0) && !(options.onlyIfPresent() && old == 0);
    if (!met && !options.returnOld()) {
      call.reply().nil();
    }
    return met;
  }

  private static void store(DataInvocation call, int key, int value, SetOptions options) {
    Arguments words = call.arguments();
    long deadlineMs = options.keepDeadline() ? Database.KEEP_DEADLINE : options.deadlineMs();
    call.strings().set(words, key, value, deadlineMs);
    saySet(call, key);
    if (options.hasDeadline()) {
      call.rewrite(
          SET_NAME,
          words.copy(key),
          words.copy(value),
          PXAT,
          Numbers.longBytes(options.deadlineMs()));
      call.event(NotifyClass.GENERIC, "expire", key);
    } else if (options.returnOld()) {
      call.rewrite(options.wordsWithoutGet(words));
    }
  }

  private static void saySet(DataInvocation call, int key) {
    call.dirty(1);
    call.modified(key);
    call.event(NotifyClass.STRING, "set", key);
  }

  static final CommandSpec SETNX =
      command("setnx")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).ow().insert())
          .arguments(keyArg("key"), arg("value", Type.STRING))
          .summary("Sets a string if the key does not exist.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> setIfMissing(call));

  static void setIfMissing(DataInvocation call) {
    boolean missing = call.database().lookupWrite(call.arguments(), 1) == 0;
    if (missing) {
      call.strings().set(call.arguments(), 1, 2, Database.NO_DEADLINE);
      saySet(call, 1);
    }
    call.reply().integer(missing ? 1 : 0);
  }

  static final CommandSpec SETEX =
      command("setex")
          .group(CommandGroup.STRING)
          .since("2.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.STRING)
          .keys(key(1).ow().update())
          .arguments(keyArg("key"), arg("seconds", Type.INTEGER), arg("value", Type.STRING))
          .summary("Sets a string and its time to live in seconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> setWithSeconds(call));

  static void setWithSeconds(DataInvocation call) {
    setWithTimeToLive(call, ExpiryUnit.SECONDS);
  }

  static final CommandSpec PSETEX =
      command("psetex")
          .group(CommandGroup.STRING)
          .since("2.6.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.STRING)
          .keys(key(1).ow().update())
          .arguments(keyArg("key"), arg("milliseconds", Type.INTEGER), arg("value", Type.STRING))
          .summary("Sets a string and its time to live in milliseconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> setWithMilliseconds(call));

  static void setWithMilliseconds(DataInvocation call) {
    setWithTimeToLive(call, ExpiryUnit.MILLISECONDS);
  }

  private static void setWithTimeToLive(DataInvocation call, ExpiryUnit unit) {
    long deadlineMs = unit.deadlineMs(call, 2);
    store(call, 1, 3, SetOptions.withDeadline(deadlineMs));
    call.reply().ok();
  }

  static final CommandSpec GETEX =
      command("getex")
          .group(CommandGroup.STRING)
          .since("6.2.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update().notes("RW and UPDATE because it changes the TTL"))
          .arguments(
              keyArg("key"),
              oneOf(
                      "expiration",
                      arg("seconds", Type.INTEGER).token("EX"),
                      arg("milliseconds", Type.INTEGER).token("PX"),
                      arg("unix-time-seconds", Type.UNIX_TIME).token("EXAT"),
                      arg("unix-time-milliseconds", Type.UNIX_TIME).token("PXAT"),
                      flag("persist", "PERSIST"))
                  .optional())
          .summary("Returns the string at a key and sets or removes its deadline.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> getAndExpire(call));

  static void getAndExpire(DataInvocation call) {
    SetOptions options = SetOptions.ofGetEx(call);
    Database database = call.database();
    Arguments words = call.arguments();
    long record = database.lookupRead(words, 1);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    call.requireString(record);
    options.readDeadline(call);
    writeString(call, record);
    if (options.isAbsolute() && call.isPassed(options.deadlineMs())) {
      database.delete(words, 1);
      call.rewrite(DEL_NAME, words.copy(1));
      call.event(NotifyClass.GENERIC, "del", 1);
      say(call);
    } else if (options.hasDeadline()) {
      database.setDeadline(words, 1, options.deadlineMs());
      call.rewrite(PEXPIREAT_NAME, words.copy(1), Numbers.longBytes(options.deadlineMs()));
      call.event(NotifyClass.GENERIC, "expire", 1);
      say(call);
    } else if (options.persist() && database.removeDeadline(words, 1)) {
      call.rewrite(PERSIST_NAME, words.copy(1));
      call.event(NotifyClass.GENERIC, "persist", 1);
      say(call);
    }
  }

  private static void say(DataInvocation call) {
    call.modified(1);
    call.dirty(1);
  }

  static final CommandSpec GETDEL =
      command("getdel")
          .group(CommandGroup.STRING)
          .since("6.2.0")
          .arity(2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().delete())
          .arguments(keyArg("key"))
          .summary("Returns the string at a key and deletes the key.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> getAndDelete(call));

  static void getAndDelete(DataInvocation call) {
    long record = call.database().lookupWrite(call.arguments(), 1);
    writeString(call, record);
    if (record != 0) {
      call.database().delete(call.arguments(), 1);
      call.rewrite(DEL_NAME, call.arguments().copy(1));
      call.event(NotifyClass.GENERIC, "del", 1);
      say(call);
    }
  }

  static final CommandSpec GETSET =
      command("getset")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("value", Type.STRING))
          .deprecated("6.2.0", "`SET` with the `!GET` argument")
          .summary("Replaces the string at a key and returns the old one.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> getAndSet(call));

  static void getAndSet(DataInvocation call) {
    Arguments words = call.arguments();
    writeString(call, call.database().lookupWrite(words, 1));
    call.strings().set(words, 1, 2, Database.NO_DEADLINE);
    saySet(call, 1);
    call.rewrite(SET_NAME, words.copy(1), words.copy(2));
  }

  static final CommandSpec MGET =
      command("mget")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).range(-1, 1, 0).ro().access())
          .arguments(keyArg("key").multiple())
          .tips("request_policy:multi_shard")
          .summary("Returns the strings at several keys.")
          .complexity("O(N) where N is the number of keys to retrieve.")
          .handler((DataInvocation call) -> getMany(call));

  static void getMany(DataInvocation call) {
    Arguments words = call.arguments();
    call.reply().array(words.count() - 1L);
    for (int i = 1; i < words.count(); i++) {
      long record = call.database().lookupRead(words, i);
      if (record == 0 || !call.isString(record)) {
        call.reply().nil();
      } else {
        call.strings().writeBulk(record, call.reply().output());
      }
    }
  }

  static final CommandSpec MSET =
      command("mset")
          .group(CommandGroup.STRING)
          .since("1.0.1")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.STRING)
          .keys(key(1).range(-1, 2, 0).ow().update())
          .arguments(block("key_value", keyArg("key"), arg("value", Type.STRING)).multiple())
          .tips("request_policy:multi_shard", "response_policy:all_succeeded")
          .summary("Sets several keys, all at once.")
          .complexity("O(N) where N is the number of keys to set.")
          .handler((DataInvocation call) -> setMany(call));

  static void setMany(DataInvocation call) {
    requirePairs(call);
    setPairs(call);
    call.reply().ok();
  }

  static final CommandSpec MSETNX =
      command("msetnx")
          .group(CommandGroup.STRING)
          .since("1.0.1")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.STRING)
          .keys(key(1).range(-1, 2, 0).ow().insert())
          .arguments(block("key_value", keyArg("key"), arg("value", Type.STRING)).multiple())
          .tips("request_policy:multi_shard", "response_policy:agg_min")
          .summary("Sets several keys, all at once, if none of them exists.")
          .complexity("O(N) where N is the number of keys to set.")
          .handler((DataInvocation call) -> setManyIfNoneExists(call));

  static void setManyIfNoneExists(DataInvocation call) {
    requirePairs(call);
    Arguments words = call.arguments();
    for (int i = 1; i < words.count(); i += 2) {
      if (call.database().lookupWrite(words, i) != 0) {
        call.reply().integer(0);
        return;
      }
    }
    setPairs(call);
    call.reply().integer(1);
  }

  private static void requirePairs(DataInvocation call) {
    if (call.count() % 2 == 0) {
      throw new CommandError(
          "ERR wrong number of arguments for '" + call.spec().name() + "' command");
    }
  }

  private static void setPairs(DataInvocation call) {
    Arguments words = call.arguments();
    for (int i = 1; i < words.count(); i += 2) {
      call.strings().set(words, i, i + 1, Database.NO_DEADLINE);
      saySet(call, i);
    }
  }
}
