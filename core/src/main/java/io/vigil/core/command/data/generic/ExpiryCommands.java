package io.vigil.core.command.data.generic;

import static io.vigil.core.command.data.Words.ascii;
import static io.vigil.core.spec.ArgumentSpec.arg;
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
import java.util.List;

/** The commands that set and show the deadlines of keys. */
public final class ExpiryCommands {
  private static final byte[] PEXPIREAT_NAME = ascii("PEXPIREAT");
  private static final byte[] DEL_NAME = ascii("DEL");

  private ExpiryCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(
        EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT, PERSIST, TTL, PTTL, EXPIRETIME, PEXPIRETIME);
  }

  static final CommandSpec EXPIRE =
      command("expire")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().update())
          .arguments(
              keyArg("key"),
              arg("seconds", Type.INTEGER),
              oneOf(
                      "condition",
                      flag("nx", "NX"),
                      flag("xx", "XX"),
                      flag("gt", "GT"),
                      flag("lt", "LT"))
                  .since("7.0.0")
                  .optional())
          .history("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
          .summary("Sets the time to live of a key in seconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> expire(call));

  static void expire(DataInvocation call) {
    expire(call, 1000, call.nowMs());
  }

  static final CommandSpec PEXPIRE =
      command("pexpire")
          .group(CommandGroup.GENERIC)
          .since("2.6.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().update())
          .arguments(
              keyArg("key"),
              arg("milliseconds", Type.INTEGER),
              oneOf(
                      "condition",
                      flag("nx", "NX"),
                      flag("xx", "XX"),
                      flag("gt", "GT"),
                      flag("lt", "LT"))
                  .since("7.0.0")
                  .optional())
          .history("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
          .summary("Sets the time to live of a key in milliseconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> expireMs(call));

  static void expireMs(DataInvocation call) {
    expire(call, 1, call.nowMs());
  }

  static final CommandSpec EXPIREAT =
      command("expireat")
          .group(CommandGroup.GENERIC)
          .since("1.2.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().update())
          .arguments(
              keyArg("key"),
              arg("unix-time-seconds", Type.UNIX_TIME),
              oneOf(
                      "condition",
                      flag("nx", "NX"),
                      flag("xx", "XX"),
                      flag("gt", "GT"),
                      flag("lt", "LT"))
                  .since("7.0.0")
                  .optional())
          .history("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
          .summary("Sets the deadline of a key as a Unix time in seconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> expireAt(call));

  static void expireAt(DataInvocation call) {
    expire(call, 1000, 0);
  }

  static final CommandSpec PEXPIREAT =
      command("pexpireat")
          .group(CommandGroup.GENERIC)
          .since("2.6.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().update())
          .arguments(
              keyArg("key"),
              arg("unix-time-milliseconds", Type.UNIX_TIME),
              oneOf(
                      "condition",
                      flag("nx", "NX"),
                      flag("xx", "XX"),
                      flag("gt", "GT"),
                      flag("lt", "LT"))
                  .since("7.0.0")
                  .optional())
          .history("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")
          .summary("Sets the deadline of a key as a Unix time in milliseconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> expireAtMs(call));

  static void expireAtMs(DataInvocation call) {
    expire(call, 1, 0);
  }

  private static void expire(DataInvocation call, long unitMs, long baseMs) {
    Condition condition = Condition.of(call, 3);
    long deadlineMs = deadlineMs(call, unitMs, baseMs);
    Arguments words = call.arguments();
    Database database = call.database();
    long record = database.lookupWrite(words, 1);
    if (record == 0 || !condition.allows(database.deadlineMs(record), deadlineMs)) {
      call.reply().integer(0);
      return;
    }
    if (call.isPassed(deadlineMs)) {
      database.delete(words, 1);
      call.rewrite(DEL_NAME, words.copy(1));
      call.event(NotifyClass.GENERIC, "del", 1);
    } else {
      database.setDeadline(words, 1, deadlineMs);
      call.rewrite(PEXPIREAT_NAME, words.copy(1), Numbers.longBytes(deadlineMs));
      call.event(NotifyClass.GENERIC, "expire", 1);
    }
    call.modified(1);
    call.dirty(1);
    call.reply().integer(1);
  }

  private static long deadlineMs(DataInvocation call, long unitMs, long baseMs) {
    long value = call.integer(2);
    if (value > Long.MAX_VALUE / unitMs || value < Long.MIN_VALUE / unitMs) {
      throw invalid(call);
    }
    long milliseconds = value * unitMs;
    if (milliseconds > Long.MAX_VALUE - baseMs) {
      throw invalid(call);
    }
    return milliseconds + baseMs;
  }

  private static CommandError invalid(DataInvocation call) {
    return new CommandError("ERR invalid expire time in '" + call.spec().name() + "' command");
  }

  /** NX, XX, GT and LT. */
  private record Condition(
      boolean onlyIfNone, boolean onlyIfSome, boolean onlyIfLater, boolean onlyIfEarlier) {
    static Condition of(DataInvocation call, int first) {
      boolean none = false;
      boolean some = false;
      boolean later = false;
      boolean earlier = false;
      for (int i = first; i < call.count(); i++) {
        if (call.is(i, "NX")) {
          none = true;
        } else if (call.is(i, "XX")) {
          some = true;
        } else if (call.is(i, "GT")) {
          later = true;
        } else if (call.is(i, "LT")) {
          earlier = true;
        } else {
          throw new CommandError("ERR Unsupported option " + call.text(i));
        }
      }
      if (none && (some || later || earlier)) {
        throw new CommandError(
            "ERR NX and XX, GT or LT options at the same time are not compatible");
      }
      if (later && earlier) {
        throw new CommandError("ERR GT and LT options at the same time are not compatible");
      }
      return new Condition(none, some, later, earlier);
    }

    /** A key without a deadline counts as one that never ends. */
    boolean allows(long presentMs, long wantedMs) {
      boolean present = presentMs != Database.NO_DEADLINE;
      boolean refused =
          onlyIfNone && present
              || onlyIfSome && !present
              || onlyIfLater && (!present || wantedMs <= presentMs)
              || onlyIfEarlier && present && wantedMs >= presentMs;
      return !refused;
    }
  }

  static final CommandSpec PERSIST =
      command("persist")
          .group(CommandGroup.GENERIC)
          .since("2.2.0")
          .arity(2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).rw().update())
          .arguments(keyArg("key"))
          .summary("Removes the deadline of a key.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> persist(call));

  static void persist(DataInvocation call) {
    Arguments words = call.arguments();
    boolean removed =
        call.database().lookupWrite(words, 1) != 0 && call.database().removeDeadline(words, 1);
    if (removed) {
      call.modified(1);
      call.event(NotifyClass.GENERIC, "persist", 1);
      call.dirty(1);
    }
    call.reply().integer(removed ? 1 : 0);
  }

  static final CommandSpec TTL =
      command("ttl")
          .group(CommandGroup.GENERIC)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .history("2.8.0", "Added the -2 reply.")
          .tips("nondeterministic_output")
          .summary("Returns the time to live of a key in seconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> timeToLive(call));

  static void timeToLive(DataInvocation call) {
    show(call, 1000, true);
  }

  static final CommandSpec PTTL =
      command("pttl")
          .group(CommandGroup.GENERIC)
          .since("2.6.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .history("2.8.0", "Added the -2 reply.")
          .tips("nondeterministic_output")
          .summary("Returns the time to live of a key in milliseconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> timeToLiveMs(call));

  static void timeToLiveMs(DataInvocation call) {
    show(call, 1, true);
  }

  static final CommandSpec EXPIRETIME =
      command("expiretime")
          .group(CommandGroup.GENERIC)
          .since("7.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns the deadline of a key as a Unix time in seconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> deadline(call));

  static void deadline(DataInvocation call) {
    show(call, 1000, false);
  }

  static final CommandSpec PEXPIRETIME =
      command("pexpiretime")
          .group(CommandGroup.GENERIC)
          .since("7.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.KEYSPACE)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns the deadline of a key as a Unix time in milliseconds.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> deadlineMs(call));

  static void deadlineMs(DataInvocation call) {
    show(call, 1, false);
  }

  /** -2 for no key, -1 for no deadline. Seconds are rounded to the nearest. */
  private static void show(DataInvocation call, long unitMs, boolean relative) {
    Database database = call.database();
    long record = database.lookupReadNoTouch(call.arguments(), 1);
    if (record == 0) {
      call.reply().integer(-2);
      return;
    }
    long deadlineMs = database.deadlineMs(record);
    if (deadlineMs == Database.NO_DEADLINE) {
      call.reply().integer(-1);
      return;
    }
    long shownMs = relative ? Math.max(0, deadlineMs - call.nowMs()) : deadlineMs;
    // Rounded to the nearest; unsigned, since the largest deadline is close to the end of the
    // range.
    call.reply().integer(unitMs == 1 ? shownMs : Long.divideUnsigned(shownMs + 500, 1000));
  }
}
