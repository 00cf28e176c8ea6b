package io.vigil.core.command.data.string;

import static io.vigil.core.command.data.Words.ascii;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.LongDouble;
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

/** The commands that count. */
public final class CounterCommands {
  private static final byte[] SET_NAME = ascii("SET");
  private static final byte[] KEEPTTL = ascii("KEEPTTL");

  private CounterCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT);
  }

  static final CommandSpec INCR =
      command("incr")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"))
          .summary("Adds one to the integer at a key; a missing key counts as 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> increment(call));

  static void increment(DataInvocation call) {
    add(call, 1);
  }

  static final CommandSpec DECR =
      command("decr")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"))
          .summary("Subtracts one from the integer at a key; a missing key counts as 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> decrement(call));

  static void decrement(DataInvocation call) {
    add(call, -1);
  }

  static final CommandSpec INCRBY =
      command("incrby")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("increment", Type.INTEGER))
          .summary("Adds a number to the integer at a key; a missing key counts as 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> incrementBy(call));

  static void incrementBy(DataInvocation call) {
    add(call, call.integer(2));
  }

  static final CommandSpec DECRBY =
      command("decrby")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("decrement", Type.INTEGER))
          .summary("Subtracts a number from the integer at a key; a missing key counts as 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> decrementBy(call));

  static void decrementBy(DataInvocation call) {
    long amount = call.integer(2);
    if (amount == Long.MIN_VALUE) {
      throw new CommandError("ERR decrement would overflow");
    }
    add(call, -amount);
  }

  private static void add(DataInvocation call, long amount) {
    Arguments words = call.arguments();
    long record = call.database().lookupChange(words, 1);
    long old = record == 0 ? 0 : call.integerValue(record);
    long sum = old + amount;
    if (((old ^ sum) & (amount ^ sum)) < 0) {
      throw new CommandError("ERR increment or decrement would overflow");
    }
    call.strings().changeInteger(record, words, 1, sum);
    call.modified(1);
    call.event(NotifyClass.STRING, "incrby", 1);
    call.dirty(1);
    call.reply().integer(sum);
  }

  static final CommandSpec INCRBYFLOAT =
      command("incrbyfloat")
          .group(CommandGroup.STRING)
          .since("2.6.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("increment", Type.DOUBLE))
          .summary("Adds a decimal number to the number at a key; a missing key counts as 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> incrementByFloat(call));

  static void incrementByFloat(DataInvocation call) {
    Arguments words = call.arguments();
    long record = call.database().lookupWrite(words, 1);
    byte[] old = record == 0 ? new byte[] {'0'} : call.strings().bytes(call.requireString(record));
    LongDouble number = parse(old, 0, old.length);
    LongDouble amount = parse(words.array(2), words.offset(2), words.length(2));
    LongDouble sum = number.plus(amount);
    if (!sum.isFinite()) {
      throw new CommandError("ERR increment would produce NaN or Infinity");
    }
    byte[] text = ascii(sum.toString());
    call.strings()
        .setText(
            words.array(1),
            words.offset(1),
            words.length(1),
            text,
            0,
            text.length,
            Database.KEEP_DEADLINE);
    call.modified(1);
    call.event(NotifyClass.STRING, "incrbyfloat", 1);
    call.dirty(1);
    call.reply().bulk(text);
    // The sum travels, not the summand: another machine might round another way.
    call.rewrite(SET_NAME, words.copy(1), text, KEEPTTL);
  }

  private static LongDouble parse(byte[] text, int offset, int length) {
    LongDouble value = LongDouble.parse(text, offset, length);
    if (value == null) {
      throw CommandError.NOT_FLOAT;
    }
    return value;
  }
}
