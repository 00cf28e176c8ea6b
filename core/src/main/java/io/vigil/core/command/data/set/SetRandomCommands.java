package io.vigil.core.command.data.set;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.ByteString;
import io.vigil.core.base.Rng;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.RandomChoice;
import io.vigil.core.command.data.Words;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.SetValues;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands that leave the choice of members to chance. */
public final class SetRandomCommands {
  /** Where so many times the members asked for are more than there are, all are walked over. */
  private static final int WALK_FACTOR = 3;

  private static final byte[] SREM = Words.ascii("SREM");
  private static final byte[] DEL = Words.ascii("DEL");

  private SetRandomCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(SPOP, SRANDMEMBER);
  }

  static final CommandSpec SPOP =
      command("spop")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output")
          .keys(key(1).rw().access().delete())
          .history("3.2.0", "Takes the argument `count`.")
          .arguments(keyArg("key"), arg("count", Type.INTEGER).since("3.2.0").optional())
          .summary("Removes and returns members of a set chosen by chance.")
          .complexity(
              "Without the count argument O(1), otherwise O(N) where N is the value of the passed"
                  + " count.")
          .handler((DataInvocation call) -> pop(call));

  static void pop(DataInvocation call) {
    if (call.count() > 3) {
      throw CommandError.SYNTAX;
    }
    if (call.count() == 3) {
      popMany(call);
      return;
    }
    long record = SetCommands.lookupWrite(call, 1);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    byte[] member = popOne(call, record);
    call.event(NotifyClass.SET, "spop", 1);
    if (call.database().sets().record() == 0) {
      call.event(NotifyClass.GENERIC, "del", 1);
    }
    call.modified(1);
    call.dirty(1);
    call.rewrite(SREM, call.arguments().copy(1), member);
  }

  /** Removes a member and answers it. */
  private static byte[] popOne(DataInvocation call, long record) {
    SetValues sets = call.database().sets();
    Item chosen = sets.random(record, call.rng());
    chosen.writeTo(call.reply());
    byte[] member = chosen.bytes();
    sets.remove(record, member, 0, member.length);
    return member;
  }

  private static void popMany(DataInvocation call) {
    long count = call.integer(2, CommandError.OUT_OF_RANGE);
    if (count < 0) {
      throw CommandError.OUT_OF_RANGE;
    }
    long record = SetCommands.lookupWrite(call, 1);
    if (record == 0 || count == 0) {
      call.reply().set(0);
      return;
    }
    SetValues sets = call.database().sets();
    long size = sets.count(record);
    call.event(NotifyClass.SET, "spop", 1);
    call.dirty(Math.min(count, size));
    if (count >= size) {
      SetCommands.replyAll(call, record);
      call.database().delete(call.arguments(), 1);
      call.event(NotifyClass.GENERIC, "del", 1);
      call.rewrite(DEL, call.arguments().copy(1));
    } else {
      byte[] key = call.arguments().copy(1);
      call.reply().set(count);
      for (long i = 0; i < count; i++) {
        call.alsoPropagate(SREM, key, popOne(call, record));
        record = sets.record();
      }
      call.preventPropagation();
    }
    call.modified(1);
  }

  static final CommandSpec SRANDMEMBER =
      command("srandmember")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output")
          .keys(key(1).ro().access())
          .history("2.6.0", "Takes the argument `count`.")
          .arguments(keyArg("key"), arg("count", Type.INTEGER).since("2.6.0").optional())
          .summary("Returns members of a set chosen by chance.")
          .complexity(
              "Without the count argument O(1), otherwise O(N) where N is the absolute value of"
                  + " the passed count.")
          .handler((DataInvocation call) -> random(call));

  static void random(DataInvocation call) {
    if (call.count() > 3) {
      throw CommandError.SYNTAX;
    }
    SetValues sets = call.database().sets();
    if (call.count() == 2) {
      long record = SetCommands.lookup(call, 1);
      if (record == 0) {
        call.reply().nil();
      } else {
        sets.random(record, call.rng()).writeTo(call.reply());
      }
      return;
    }
    long count = call.integer(2);
    if (count == Long.MIN_VALUE) {
      throw new CommandError(
          "ERR value is out of range, value must between -9223372036854775807 and"
              + " 9223372036854775807");
    }
    long record = SetCommands.lookup(call, 1);
    if (record == 0 || count == 0) {
      call.reply().emptyArray();
    } else if (count < 0) {
      call.reply().array(-count);
      for (long i = count; i < 0 && !call.session().isClosing(); i++) {
        sets.random(record, call.rng()).writeTo(call.reply());
      }
    } else {
      different(call, record, count);
    }
  }

  private static void different(DataInvocation call, long record, long count) {
    SetValues sets = call.database().sets();
    long size = sets.count(record);
    long wanted = Math.min(count, size);
    Rng rng = call.rng();
    call.reply().array(wanted);
    if (sets.isSmall(record) || wanted > size / WALK_FACTOR) {
      RandomChoice choice = new RandomChoice(rng, wanted, size);
      sets.walk(
          record,
          ItemParts.BOTH,
          member -> {
            if (choice.next()) {
              member.writeTo(call.reply());
            }
          });
      return;
    }
    Set<ByteString> seen = new HashSet<>();
    while (seen.size() < wanted) {
      Item member = sets.random(record, rng);
      if (seen.add(ByteString.wrap(member.bytes()))) {
        member.writeTo(call.reply());
      }
    }
  }
}
