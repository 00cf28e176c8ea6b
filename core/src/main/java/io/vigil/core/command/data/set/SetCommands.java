package io.vigil.core.command.data.set;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.ScanArguments;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.SetValues;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.List;

/** Commands that add, remove and ask for members of one set. */
public final class SetCommands {
  private SetCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(SADD, SREM, SMOVE, SISMEMBER, SMISMEMBER, SCARD, SMEMBERS, SSCAN);
  }

  /** The set at a key for reading, 0 for none. */
  static long lookup(DataInvocation call, int key) {
    return call.require(call.database().lookupRead(call.arguments(), key), ValueType.SET);
  }

  /** The set at a key for a change, 0 for none. */
  static long lookupWrite(DataInvocation call, int key) {
    return call.require(call.database().lookupWrite(call.arguments(), key), ValueType.SET);
  }

  static final CommandSpec SADD =
      command("sadd")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .keys(key(1).rw().insert())
          .history("2.4.0", "Takes any number of members.")
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Adds members to a set; a missing key becomes one.")
          .complexity("O(1) for each member, so O(N) for N members of one call.")
          .handler((DataInvocation call) -> add(call));

  static void add(DataInvocation call) {
    SetValues sets = call.database().sets();
    long record = lookupWrite(call, 1);
    if (record == 0) {
      record = sets.create(call.arguments(), 1, 2);
    }
    long added = 0;
    for (int i = 2; i < call.count(); i++) {
      added += sets.add(record, call.arguments(), i) ? 1 : 0;
      record = sets.record();
    }
    if (added > 0) {
      call.modified(1);
      call.event(NotifyClass.SET, "sadd", 1);
    }
    call.dirty(added);
    call.reply().integer(added);
  }

  static final CommandSpec SREM =
      command("srem")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .keys(key(1).rw().delete())
          .history("2.4.0", "Takes any number of members.")
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Removes members of a set, and the key with the last one.")
          .complexity("O(N) where N is the number of members to be removed.")
          .handler((DataInvocation call) -> remove(call));

  static void remove(DataInvocation call) {
    SetValues sets = call.database().sets();
    long record = lookupWrite(call, 1);
    long removed = 0;
    for (int i = 2; i < call.count() && record != 0; i++) {
      removed += sets.remove(record, call.arguments(), i) ? 1 : 0;
      record = sets.record();
    }
    if (removed > 0) {
      call.modified(1);
      call.event(NotifyClass.SET, "srem", 1);
      if (record == 0) {
        call.event(NotifyClass.GENERIC, "del", 1);
      }
      call.dirty(removed);
    }
    call.reply().integer(removed);
  }

  static final CommandSpec SMOVE =
      command("smove")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .keys(key(1).rw().access().delete(), key(2).rw().insert())
          .arguments(keyArg("source"), keyArg("destination").keySpec(1), arg("member", Type.STRING))
          .summary("Moves a member from one set to another.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> move(call));

  static void move(DataInvocation call) {
    SetValues sets = call.database().sets();
    if (call.database().lookupWrite(call.arguments(), 1) == 0) {
      call.reply().integer(0);
      return;
    }
    lookupWrite(call, 2);
    // The lookup of the one may have moved the other.
    long source = lookupWrite(call, 1);
    boolean there = sets.contains(source, call.arguments(), 3);
    if (!there || call.sameWords(1, 2)) {
      call.reply().integer(there ? 1 : 0);
      return;
    }
    sets.remove(source, call.arguments(), 3);
    call.event(NotifyClass.SET, "srem", 1);
    if (sets.record() == 0) {
      call.event(NotifyClass.GENERIC, "del", 1);
    }
    call.modified(1);
    call.dirty(1);
    long target = lookupWrite(call, 2);
    if (target == 0) {
      target = sets.create(call.arguments(), 2, 3);
    }
    if (sets.add(target, call.arguments(), 3)) {
      call.dirty(1);
      call.modified(2);
      call.event(NotifyClass.SET, "sadd", 2);
    }
    call.reply().integer(1);
  }

  static final CommandSpec SISMEMBER =
      command("sismember")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .keys(key(1).ro())
          .arguments(keyArg("key"), arg("member", Type.STRING))
          .summary("Tells whether a set has a member.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> isMember(call));

  static void isMember(DataInvocation call) {
    replyMembership(call, lookup(call, 1), 2);
  }

  private static void replyMembership(DataInvocation call, long record, int member) {
    boolean there =
        record != 0 && call.database().sets().contains(record, call.arguments(), member);
    call.reply().integer(there ? 1 : 0);
  }

  static final CommandSpec SMISMEMBER =
      command("smismember")
          .group(CommandGroup.SET)
          .since("6.2.0")
          .arity(-3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Tells of each of several members whether a set has it.")
          .complexity("O(N) where N is the number of elements being checked for membership")
          .handler((DataInvocation call) -> areMembers(call));

  static void areMembers(DataInvocation call) {
    long record = lookup(call, 1);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      replyMembership(call, record, i);
    }
  }

  static final CommandSpec SCARD =
      command("scard")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SET)
          .keys(key(1).ro())
          .arguments(keyArg("key"))
          .summary("Returns the number of members of a set.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> count(call));

  static void count(DataInvocation call) {
    long record = lookup(call, 1);
    call.reply().integer(record == 0 ? 0 : call.database().sets().count(record));
  }

  static final CommandSpec SMEMBERS =
      command("smembers")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output_order")
          .keys(key(1).ro().access())
          .arguments(keyArg("key"))
          .summary("Returns all members of a set.")
          .complexity("O(N) where N is the set cardinality.")
          .handler((DataInvocation call) -> members(call));

  static void members(DataInvocation call) {
    replyAll(call, lookup(call, 1));
  }

  /** Answers all members of a set, or none. */
  static void replyAll(DataInvocation call, long record) {
    SetValues sets = call.database().sets();
    call.reply().set(record == 0 ? 0 : sets.count(record));
    if (record != 0) {
      sets.walk(record, ItemParts.BOTH, member -> member.writeTo(call.reply()));
    }
  }

  static final CommandSpec SSCAN =
      command("sscan")
          .group(CommandGroup.SET)
          .since("2.8.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output")
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              arg("cursor", Type.INTEGER),
              arg("pattern", Type.PATTERN).token("MATCH").optional(),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary("Walks through the members of a set step by step.")
          .complexity(
              "O(1) for every call. O(N) for a complete iteration, including enough command calls"
                  + " for the cursor to return back to 0. N is the number of elements inside the"
                  + " collection.")
          .handler((DataInvocation call) -> scan(call));

  static void scan(DataInvocation call) {
    long cursor = ScanArguments.cursor(call, 2);
    long record = lookup(call, 1);
    if (record == 0) {
      ScanArguments.replyEmpty(call);
      return;
    }
    ScanArguments options = ScanArguments.of(call, 3);
    List<byte[]> found = new ArrayList<>();
    long next =
        call.database()
            .sets()
            .scan(
                record,
                cursor,
                options.count(),
                member -> {
                  if (options.matches(member)) {
                    found.add(member.bytes());
                  }
                });
    call.reply().array(2);
    call.reply().bulk(Long.toUnsignedString(next));
    call.reply().array(found.size());
    found.forEach(call.reply()::bulk);
  }
}
