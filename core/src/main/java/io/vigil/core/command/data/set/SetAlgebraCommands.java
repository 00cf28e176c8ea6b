package io.vigil.core.command.data.set;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.keyspace.ItemVisitor;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.SetValues;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Intersections, unions and differences of sets. */
public final class SetAlgebraCommands {
  private SetAlgebraCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(SINTER, SINTERCARD, SINTERSTORE, SUNION, SUNIONSTORE, SDIFF, SDIFFSTORE);
  }

  /** How sets are put together. */
  private enum Operation {
    INTERSECTION,
    UNION,
    DIFFERENCE
  }

  /** The sets at {@code count} keys from {@code first} on, 0 for a missing one. */
  private static long[] sets(DataInvocation call, int first, int count) {
    long[] records = new long[count];
    for (int i = 0; i < count; i++) {
      records[i] = SetCommands.lookup(call, first + i);
    }
    return records;
  }

  /** Shows the members of the result, each once but for those of a union. */
  private static void compute(
      DataInvocation call, Operation operation, long[] records, ItemVisitor result) {
    SetValues sets = call.database().sets();
    switch (operation) {
      case UNION -> {
        for (long record : records) {
          if (record != 0) {
            sets.walk(record, ItemParts.BOTH, result);
          }
        }
      }
      case DIFFERENCE -> {
        if (records[0] != 0) {
          walkIf(sets, records[0], member -> !isInAny(sets, records, member), result);
        }
      }
      case INTERSECTION -> {
        long smallest = smallest(sets, records);
        if (smallest != 0) {
          walkIf(sets, smallest, member -> isInAll(sets, records, smallest, member), result);
        }
      }
    }
  }

  private interface Condition {
    boolean holds(Item member);
  }

  private static void walkIf(SetValues sets, long record, Condition condition, ItemVisitor result) {
    sets.walk(
        record,
        ItemParts.BOTH,
        member -> {
          if (condition.holds(member)) {
            result.item(member);
          }
        });
  }

  private static boolean isInAny(SetValues sets, long[] records, Item member) {
    for (int i = 1; i < records.length; i++) {
      if (records[i] != 0 && (records[i] == records[0] || sets.contains(records[i], member))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInAll(SetValues sets, long[] records, long walked, Item member) {
    for (long record : records) {
      if (record != walked && !sets.contains(record, member)) {
        return false;
      }
    }
    return true;
  }

  /** The set with the fewest members, 0 if one is missing. */
  private static long smallest(SetValues sets, long[] records) {
    long smallest = records[0];
    for (long record : records) {
      if (record == 0) {
        return 0;
      }
      if (sets.count(record) < sets.count(smallest)) {
        smallest = record;
      }
    }
    return smallest;
  }

  private static void reply(DataInvocation call, Operation operation) {
    long[] records = sets(call, 1, call.count() - 1);
    ReplyWriter reply = call.reply();
    ReplyWriter.Deferred length = reply.deferred();
    long[] count = {0};
    if (operation == Operation.UNION) {
      CollectionBuilder seen = call.database().builder(ValueType.SET);
      compute(
          call,
          operation,
          records,
          member -> {
            if (add(seen, member)) {
              member.writeTo(reply);
              count[0]++;
            }
          });
      seen.abandon();
    } else {
      compute(
          call,
          operation,
          records,
          member -> {
            member.writeTo(reply);
            count[0]++;
          });
    }
    reply.setSet(length, count[0]);
  }

  private static boolean add(CollectionBuilder builder, Item member) {
    byte[] bytes = member.bytes();
    return builder.add(bytes, 0, bytes.length);
  }

  private static void store(DataInvocation call, Operation operation, String event) {
    long[] records = sets(call, 2, call.count() - 2);
    CollectionBuilder result = call.database().builder(ValueType.SET);
    compute(call, operation, records, member -> add(result, member));
    long count = result.count();
    if (count > 0) {
      byte[] target = call.arguments().copy(1);
      result.attach(target, 0, target.length, Database.NO_DEADLINE);
      call.modified(1);
      call.event(NotifyClass.SET, event, 1);
      call.dirty(1);
    } else {
      result.abandon();
      if (call.database().delete(call.arguments(), 1)) {
        call.modified(1);
        call.event(NotifyClass.GENERIC, "del", 1);
        call.dirty(1);
      }
    }
    call.reply().integer(count);
  }

  static final CommandSpec SINTER =
      command("sinter")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output_order")
          .keys(key(1).range(-1, 1, 0).ro().access())
          .arguments(keyArg("key").multiple())
          .summary("Returns the members that all of the sets have.")
          .complexity(
              "O(N*M) worst case where N is the cardinality of the smallest set and M is the"
                  + " number of sets.")
          .handler((DataInvocation call) -> reply(call, Operation.INTERSECTION));

  static final CommandSpec SINTERCARD =
      command("sintercard")
          .group(CommandGroup.SET)
          .since("7.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY, CommandFlag.MOVABLEKEYS)
          .categories(AclCategory.SET)
          .keys(key(1).keynum(0, 1, 1).ro().access())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              arg("limit", Type.INTEGER).token("LIMIT").optional())
          .summary("Counts the members that all of the sets have, up to a limit.")
          .complexity(
              "O(N*M) worst case where N is the cardinality of the smallest set and M is the"
                  + " number of sets.")
          .handler((DataInvocation call) -> intersectionCount(call));

  static void intersectionCount(DataInvocation call) {
    CommandError noKeys = new CommandError("ERR numkeys should be greater than 0");
    long keys = call.integer(1, noKeys);
    if (keys < 1) {
      throw noKeys;
    }
    if (keys > call.count() - 2) {
      throw new CommandError("ERR Number of keys can't be greater than number of args");
    }
    long limit = 0;
    for (int i = 2 + (int) keys; i < call.count(); i++) {
      if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
        throw CommandError.SYNTAX;
      }
      CommandError negative = new CommandError("ERR LIMIT can't be negative");
      limit = call.integer(++i, negative);
      if (limit < 0) {
        throw negative;
      }
    }
    long[] count = {0};
    compute(call, Operation.INTERSECTION, sets(call, 2, (int) keys), member -> count[0]++);
    call.reply().integer(limit == 0 ? count[0] : Math.min(limit, count[0]));
  }

  static final CommandSpec SINTERSTORE =
      command("sinterstore")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SET)
          .keys(key(1).rw().update(), key(2).range(-1, 1, 0).ro().access())
          .arguments(keyArg("destination"), keyArg("key").keySpec(1).multiple())
          .summary("Stores the members that all of the sets have.")
          .complexity(
              "O(N*M) worst case where N is the cardinality of the smallest set and M is the"
                  + " number of sets.")
          .handler((DataInvocation call) -> store(call, Operation.INTERSECTION, "sinterstore"));

  static final CommandSpec SUNION =
      command("sunion")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output_order")
          .keys(key(1).range(-1, 1, 0).ro().access())
          .arguments(keyArg("key").multiple())
          .summary("Returns the members that any of the sets has.")
          .complexity("O(N) where N is the total number of elements in all given sets.")
          .handler((DataInvocation call) -> reply(call, Operation.UNION));

  static final CommandSpec SUNIONSTORE =
      command("sunionstore")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SET)
          .keys(key(1).ow().update(), key(2).range(-1, 1, 0).ro().access())
          .arguments(keyArg("destination"), keyArg("key").keySpec(1).multiple())
          .summary("Stores the members that any of the sets has.")
          .complexity("O(N) where N is the total number of elements in all given sets.")
          .handler((DataInvocation call) -> store(call, Operation.UNION, "sunionstore"));

  static final CommandSpec SDIFF =
      command("sdiff")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SET)
          .tips("nondeterministic_output_order")
          .keys(key(1).range(-1, 1, 0).ro().access())
          .arguments(keyArg("key").multiple())
          .summary("Returns the members of the first set that no other has.")
          .complexity("O(N) where N is the total number of elements in all given sets.")
          .handler((DataInvocation call) -> reply(call, Operation.DIFFERENCE));

  static final CommandSpec SDIFFSTORE =
      command("sdiffstore")
          .group(CommandGroup.SET)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SET)
          .keys(key(1).ow().update(), key(2).range(-1, 1, 0).ro().access())
          .arguments(keyArg("destination"), keyArg("key").keySpec(1).multiple())
          .summary("Stores the members of the first set that no other has.")
          .complexity("O(N) where N is the total number of elements in all given sets.")
          .handler((DataInvocation call) -> store(call, Operation.DIFFERENCE, "sdiffstore"));
}
