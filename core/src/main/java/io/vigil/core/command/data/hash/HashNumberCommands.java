package io.vigil.core.command.data.hash;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.LongDouble;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.Words;
import io.vigil.core.keyspace.HashValues;
import io.vigil.core.keyspace.Item;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands that count in fields of hashes. */
public final class HashNumberCommands {
  private static final byte[] HSET = Words.ascii("HSET");

  private HashNumberCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(HINCRBY, HINCRBYFLOAT);
  }

  static final CommandSpec HINCRBY =
      command("hincrby")
          .group(CommandGroup.HASH)
          .since("2.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("field", Type.STRING), arg("increment", Type.INTEGER))
          .summary("Adds a number to the integer in a field of a hash; a missing one counts as 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> incrementBy(call));

  static void incrementBy(DataInvocation call) {
    long amount = call.integer(3);
    long record = HashCommands.lookupWrite(call);
    long old = record == 0 ? 0 : integerIn(call, record);
    long sum = old + amount;
    if (((old ^ sum) & (amount ^ sum)) < 0) {
      throw new CommandError("ERR increment or decrement would overflow");
    }
    put(call, record, Numbers.longBytes(sum));
    HashCommands.changed(call, "hincrby", 1);
    call.reply().integer(sum);
  }

  private static long integerIn(DataInvocation call, long record) {
    Item value = call.database().hashes().get(record, call.arguments(), 2);
    if (value == null) {
      return 0;
    }
    if (value.isInteger()) {
      return value.integer();
    }
    byte[] text = value.length() > Numbers.MAX_LONG_CHARS ? new byte[0] : value.bytes();
    if (!Numbers.isLong(text, 0, text.length)) {
      throw new CommandError("ERR hash value is not an integer");
    }
    return Numbers.parseLong(text, 0, text.length, 0);
  }

  private static void put(DataInvocation call, long record, byte[] value) {
    HashValues hashes = call.database().hashes();
    Arguments words = call.arguments();
    long hash = record != 0 ? record : hashes.create(words, 1);
    hashes.put(hash, words.array(2), words.offset(2), words.length(2), value, 0, value.length);
  }

  static final CommandSpec HINCRBYFLOAT =
      command("hincrbyfloat")
          .group(CommandGroup.HASH)
          .since("2.6.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.HASH)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("field", Type.STRING), arg("increment", Type.DOUBLE))
          .summary(
              "Adds a decimal number to the number in a field of a hash; a missing one counts as"
                  + " 0.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> incrementByFloat(call));

  static void incrementByFloat(DataInvocation call) {
    Arguments words = call.arguments();
    LongDouble amount = LongDouble.parse(words.array(3), words.offset(3), words.length(3));
    if (amount == null) {
      throw CommandError.NOT_FLOAT;
    }
    if (!amount.isFinite()) {
      throw new CommandError("ERR value is NaN or Infinity");
    }
    long record = HashCommands.lookupWrite(call);
    Item value = record == 0 ? null : call.database().hashes().get(record, words, 2);
    byte[] old = value == null ? new byte[] {'0'} : value.bytes();
    LongDouble number = LongDouble.parse(old, 0, old.length);
    if (number == null) {
      throw new CommandError("ERR hash value is not a float");
    }
    LongDouble sum = number.plus(amount);
    if (!sum.isFinite()) {
      throw new CommandError("ERR increment would produce NaN or Infinity");
    }
    byte[] text = Words.ascii(sum.toString());
    put(call, record, text);
    HashCommands.changed(call, "hincrbyfloat", 1);
    call.reply().bulk(text);
    // The sum travels, not the summand: another machine might round another way.
    call.rewrite(HSET, words.copy(1), words.copy(2), text);
  }
}
