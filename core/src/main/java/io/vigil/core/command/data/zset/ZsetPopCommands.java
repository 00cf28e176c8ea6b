package io.vigil.core.command.data.zset;

import static io.vigil.core.command.data.Words.ascii;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands that take members off the ends of sorted sets. */
public final class ZsetPopCommands {
  private ZsetPopCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(ZPOPMIN, ZPOPMAX, ZMPOP, BZPOPMIN, BZPOPMAX, BZMPOP);
  }

  static final CommandSpec ZPOPMIN =
      command("zpopmin")
          .group(CommandGroup.SORTED_SET)
          .since("5.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().access().delete())
          .arguments(keyArg("key"), arg("count", Type.INTEGER).optional())
          .summary("Removes and returns the members with the lowest scores.")
          .complexity(
              "O(log(N)*M) with N being the number of elements in the sorted set, and M being the"
                  + " number of elements popped.")
          .handler((DataInvocation call) -> pop(call, false));

  static final CommandSpec ZPOPMAX =
      command("zpopmax")
          .group(CommandGroup.SORTED_SET)
          .since("5.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().access().delete())
          .arguments(keyArg("key"), arg("count", Type.INTEGER).optional())
          .summary("Removes and returns the members with the highest scores.")
          .complexity(
              "O(log(N)*M) with N being the number of elements in the sorted set, and M being the"
                  + " number of elements popped.")
          .handler((DataInvocation call) -> pop(call, true));

  private static void pop(DataInvocation call, boolean highest) {
    if (call.count() > 3) {
      throw CommandError.SYNTAX;
    }
    boolean counted = call.count() == 3;
    long wanted = counted ? positive(call, 2, CommandError.OUT_OF_RANGE) : 1;
    long record = Zsets.lookupWrite(call, 1);
    if (record == 0 || wanted == 0) {
      call.reply().emptyArray();
      return;
    }
    long count = Math.min(wanted, Zsets.values(call).count(record));
    boolean nested = counted && call.reply().protocol() > 2;
    call.reply().array(nested ? count : 2 * count);
    take(call, 1, record, count, highest, nested);
  }

  private static long positive(DataInvocation call, int index, CommandError otherwise) {
    long value = call.integer(index, otherwise);
    if (value < 0) {
      throw otherwise;
    }
    return value;
  }

  /** Answers with elements off an end and removes them. */
  static void take(
      DataInvocation call, int keyIndex, long record, long count, boolean highest, boolean nested) {
    ZsetValues zsets = Zsets.values(call);
    long size = zsets.count(record);
    long from = highest ? size - count : 0;
    zsets.range(
        record,
        from,
        from + count,
        highest,
        (member, score) -> {
          if (nested) {
            call.reply().array(2);
          }
          member.writeTo(call.reply());
          call.reply().doubleValue(score);
        });
    zsets.removeRange(record, from, from + count);
    Zsets.removed(call, keyIndex, highest ? "zpopmax" : "zpopmin", count);
  }

  static final CommandSpec ZMPOP =
      command("zmpop")
          .group(CommandGroup.SORTED_SET)
          .since("7.0.0")
          .arity(-4)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).keynum(0, 1, 1).rw().access().delete())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              oneOf("where", flag("min", "MIN"), flag("max", "MAX")),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary("Removes and returns members of the first sorted set that has any.")
          .complexity(
              "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of"
                  + " elements in the sorted set, and M being the number of elements popped.")
          .handler((DataInvocation call) -> popFromFirst(call));

  static void popFromFirst(DataInvocation call) {
    if (!popFromFirst(call, PopQuery.of(call, 1))) {
      call.reply().nullArray();
    }
  }

  /** Pops from the first key that has elements; false if there is none. */
  private static boolean popFromFirst(DataInvocation call, PopQuery query) {
    for (int index = query.firstKey(); index < query.firstKey() + query.keys(); index++) {
      long record = Zsets.lookupWrite(call, index);
      if (record != 0) {
        popFrom(call, index, record, query);
        return true;
      }
    }
    return false;
  }

  static final CommandSpec BZMPOP =
      command("bzmpop")
          .group(CommandGroup.SORTED_SET)
          .since("7.0.0")
          .arity(-5)
          .flags(CommandFlag.WRITE, CommandFlag.BLOCKING)
          .categories(AclCategory.SORTEDSET)
          .keys(key(2).keynum(0, 1, 1).rw().access().delete())
          .arguments(
              arg("timeout", Type.DOUBLE),
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              oneOf("where", flag("min", "MIN"), flag("max", "MAX")),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary(
              "Removes and returns members of the first sorted set that has any, waiting for one if"
                  + " need be.")
          .complexity(
              "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of"
                  + " elements in the sorted set, and M being the number of elements popped.")
          .handler((DataInvocation call) -> popFromFirstOrWait(call));

  static void popFromFirstOrWait(DataInvocation call) {
    PopQuery query = PopQuery.of(call, 2);
    long timeoutMs = call.timeoutMs(1);
    if (!popFromFirst(call, query)
        && !call.waitForKeys(query.firstKey(), query.keys(), ValueType.ZSET, timeoutMs)) {
      call.reply().nullArray();
    }
  }

  static final CommandSpec BZPOPMIN =
      command("bzpopmin")
          .group(CommandGroup.SORTED_SET)
          .since("5.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.NOSCRIPT, CommandFlag.FAST, CommandFlag.BLOCKING)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).range(-2, 1, 0).rw().access().delete())
          .history("6.0.0", "`timeout` may have a fraction.")
          .arguments(keyArg("key").multiple(), arg("timeout", Type.DOUBLE))
          .summary(
              "Removes and returns the member with the lowest score, waiting for one if need be.")
          .complexity("O(log(N)) with N being the number of elements in the sorted set.")
          .handler((DataInvocation call) -> popOrWait(call, false));

  static final CommandSpec BZPOPMAX =
      command("bzpopmax")
          .group(CommandGroup.SORTED_SET)
          .since("5.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.NOSCRIPT, CommandFlag.FAST, CommandFlag.BLOCKING)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).range(-2, 1, 0).rw().access().delete())
          .history("6.0.0", "`timeout` may have a fraction.")
          .arguments(keyArg("key").multiple(), arg("timeout", Type.DOUBLE))
          .summary(
              "Removes and returns the member with the highest score, waiting for one if need be.")
          .complexity("O(log(N)) with N being the number of elements in the sorted set.")
          .handler((DataInvocation call) -> popOrWait(call, true));

  private static void popOrWait(DataInvocation call, boolean highest) {
    int last = call.count() - 1;
    long timeoutMs = call.timeoutMs(last);
    for (int index = 1; index < last; index++) {
      long record = Zsets.lookupWrite(call, index);
      if (record != 0) {
        byte[] key = call.arguments().copy(index);
        call.reply().array(3);
        call.reply().bulk(key);
        take(call, index, record, 1, highest, false);
        call.rewrite(ascii(highest ? "ZPOPMAX" : "ZPOPMIN"), key);
        return;
      }
    }
    if (!call.waitForKeys(1, last - 1, ValueType.ZSET, timeoutMs)) {
      call.reply().nullArray();
    }
  }

  /** Answers as ZMPOP does for a key that has elements. */
  static void popFrom(DataInvocation call, int index, long record, PopQuery query) {
    long count = Math.min(query.count(), Zsets.values(call).count(record));
    byte[] key = call.arguments().copy(index);
    call.reply().array(2);
    call.reply().bulk(key);
    call.reply().array(count);
    take(call, index, record, count, query.highest(), true);
    call.rewrite(ascii(query.highest() ? "ZPOPMAX" : "ZPOPMIN"), key, Numbers.longBytes(count));
  }

  /**
   * What ZMPOP asks for.
   *
   * @param keys how many keys there are
   */
  record PopQuery(int firstKey, int keys, boolean highest, long count) {
    /** Reads the words from the number of keys on. */
    static PopQuery of(DataInvocation call, int index) {
      CommandError badKeys = new CommandError("ERR numkeys should be greater than 0");
      long keys = call.integer(index, badKeys);
      if (keys < 1) {
        throw badKeys;
      }
      long where = index + keys + 1;
      if (keys > call.count() || where >= call.count()) {
        throw CommandError.SYNTAX;
      }
      boolean highest = call.is((int) where, "MAX");
      if (!highest && !call.is((int) where, "MIN")) {
        throw CommandError.SYNTAX;
      }
      long count = -1;
      for (int i = (int) where + 1; i < call.count(); i++) {
        if (count == -1 && call.is(i, "COUNT") && i + 1 < call.count()) {
          CommandError badCount = new CommandError("ERR count should be greater than 0");
          count = call.integer(++i, badCount);
          if (count < 1) {
            throw badCount;
          }
        } else {
          throw CommandError.SYNTAX;
        }
      }
      return new PopQuery(index + 1, (int) keys, highest, count == -1 ? 1 : count);
    }
  }
}
