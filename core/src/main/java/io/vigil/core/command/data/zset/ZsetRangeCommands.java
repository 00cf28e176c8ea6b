package io.vigil.core.command.data.zset;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.zset.RangeQuery.By;
import io.vigil.core.command.data.zset.RangeQuery.Ranks;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands on ranges of sorted sets: by rank, by score, by member. */
public final class ZsetRangeCommands {
  private ZsetRangeCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(
        ZRANGE,
        ZRANGESTORE,
        ZREVRANGE,
        ZRANGEBYSCORE,
        ZREVRANGEBYSCORE,
        ZRANGEBYLEX,
        ZREVRANGEBYLEX,
        ZCOUNT,
        ZLEXCOUNT,
        ZREMRANGEBYRANK,
        ZREMRANGEBYSCORE,
        ZREMRANGEBYLEX);
  }

  static final CommandSpec ZRANGE =
      command("zrange")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .history("6.2.0", "Added the `REV`, `BYSCORE`, `BYLEX` and `LIMIT` options.")
          .arguments(
              keyArg("key"),
              arg("start", Type.STRING),
              arg("stop", Type.STRING),
              oneOf("sortby", flag("byscore", "BYSCORE"), flag("bylex", "BYLEX"))
                  .since("6.2.0")
                  .optional(),
              flag("rev", "REV").since("6.2.0").optional(),
              block("offset_count", arg("offset", Type.INTEGER), arg("count", Type.INTEGER))
                  .token("LIMIT")
                  .since("6.2.0")
                  .optional(),
              flag("withscores", "WITHSCORES").optional())
          .summary("Returns the members in a range of ranks, scores or names.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements returned.")
          .handler((DataInvocation call) -> show(call, null, null));

  static final CommandSpec ZREVRANGE =
      command("zrevrange")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`ZRANGE` with the `REV` argument")
          .arguments(
              keyArg("key"),
              arg("start", Type.INTEGER),
              arg("stop", Type.INTEGER),
              flag("withscores", "WITHSCORES").optional())
          .summary("Returns the members in a range of ranks, highest first.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements returned.")
          .handler((DataInvocation call) -> show(call, By.RANK, true));

  static final CommandSpec ZRANGEBYSCORE =
      command("zrangebyscore")
          .group(CommandGroup.SORTED_SET)
          .since("1.0.5")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`ZRANGE` with the `BYSCORE` argument")
          .history("2.0.0", "Added the `WITHSCORES` modifier.")
          .arguments(
              keyArg("key"),
              arg("min", Type.DOUBLE),
              arg("max", Type.DOUBLE),
              flag("withscores", "WITHSCORES").since("2.0.0").optional(),
              block("offset_count", arg("offset", Type.INTEGER), arg("count", Type.INTEGER))
                  .token("LIMIT")
                  .optional())
          .summary("Returns the members in a range of scores.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements being returned. If M is constant (e.g. always asking for the"
                  + " first 10 elements with LIMIT), you can consider it O(log(N)).")
          .handler((DataInvocation call) -> show(call, By.SCORE, false));

  static final CommandSpec ZREVRANGEBYSCORE =
      command("zrevrangebyscore")
          .group(CommandGroup.SORTED_SET)
          .since("2.2.0")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments")
          .history("2.1.6", "`min` and `max` can be exclusive.")
          .arguments(
              keyArg("key"),
              arg("max", Type.DOUBLE),
              arg("min", Type.DOUBLE),
              flag("withscores", "WITHSCORES").optional(),
              block("offset_count", arg("offset", Type.INTEGER), arg("count", Type.INTEGER))
                  .token("LIMIT")
                  .optional())
          .summary("Returns the members in a range of scores, highest first.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements being returned. If M is constant (e.g. always asking for the"
                  + " first 10 elements with LIMIT), you can consider it O(log(N)).")
          .handler((DataInvocation call) -> show(call, By.SCORE, true));

  static final CommandSpec ZRANGEBYLEX =
      command("zrangebylex")
          .group(CommandGroup.SORTED_SET)
          .since("2.8.9")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`ZRANGE` with the `BYLEX` argument")
          .arguments(
              keyArg("key"),
              arg("min", Type.STRING),
              arg("max", Type.STRING),
              block("offset_count", arg("offset", Type.INTEGER), arg("count", Type.INTEGER))
                  .token("LIMIT")
                  .optional())
          .summary("Returns the members in a range of names, all scores being the same.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements being returned. If M is constant (e.g. always asking for the"
                  + " first 10 elements with LIMIT), you can consider it O(log(N)).")
          .handler((DataInvocation call) -> show(call, By.MEMBER, false));

  static final CommandSpec ZREVRANGEBYLEX =
      command("zrevrangebylex")
          .group(CommandGroup.SORTED_SET)
          .since("2.8.9")
          .arity(-4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments")
          .arguments(
              keyArg("key"),
              arg("max", Type.STRING),
              arg("min", Type.STRING),
              block("offset_count", arg("offset", Type.INTEGER), arg("count", Type.INTEGER))
                  .token("LIMIT")
                  .optional())
          .summary("Returns the members in a range of names, last first.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements being returned. If M is constant (e.g. always asking for the"
                  + " first 10 elements with LIMIT), you can consider it O(log(N)).")
          .handler((DataInvocation call) -> show(call, By.MEMBER, true));

  private static void show(DataInvocation call, By by, Boolean reverse) {
    RangeQuery query = RangeQuery.of(call, 2, by, reverse, true);
    long record = Zsets.lookup(call, 1);
    if (record == 0) {
      call.reply().emptyArray();
      return;
    }
    ZsetValues zsets = Zsets.values(call);
    Ranks ranks = query.ranksIn(zsets, record);
    boolean withScores = query.withScores();
    Zsets.header(call, ranks.count(), withScores);
    zsets.range(
        record,
        ranks.from(),
        ranks.to(),
        query.reverse(),
        (member, score) -> Zsets.element(call, member, score, withScores));
  }

  static final CommandSpec ZRANGESTORE =
      command("zrangestore")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-5)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ow().update(), key(2).ro().access())
          .arguments(
              keyArg("dst"),
              keyArg("src").keySpec(1),
              arg("min", Type.STRING),
              arg("max", Type.STRING),
              oneOf("sortby", flag("byscore", "BYSCORE"), flag("bylex", "BYLEX")).optional(),
              flag("rev", "REV").optional(),
              block("offset_count", arg("offset", Type.INTEGER), arg("count", Type.INTEGER))
                  .token("LIMIT")
                  .optional())
          .summary("Stores the members in a range of a sorted set as another one.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements stored into the destination key.")
          .handler((DataInvocation call) -> storeRange(call));

  static void storeRange(DataInvocation call) {
    RangeQuery query = RangeQuery.of(call, 3, null, null, false);
    long record = Zsets.lookup(call, 2);
    ZsetValues zsets = Zsets.values(call);
    CollectionBuilder builder = call.database().builder(ValueType.ZSET);
    if (record != 0) {
      Ranks ranks = query.ranksIn(zsets, record);
      List<ScoredMember> copies = ScoredMember.listOf(zsets, record, ranks);
      for (ScoredMember each : copies) {
        each.addTo(builder);
      }
    }
    Zsets.store(call, 1, builder, "zrangestore");
  }

  static final CommandSpec ZCOUNT =
      command("zcount")
          .group(CommandGroup.SORTED_SET)
          .since("2.0.0")
          .arity(4)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("min", Type.DOUBLE), arg("max", Type.DOUBLE))
          .summary("Counts the members in a range of scores.")
          .complexity("O(log(N)) with N being the number of elements in the sorted set.")
          .handler((DataInvocation call) -> count(call, By.SCORE));

  static final CommandSpec ZLEXCOUNT =
      command("zlexcount")
          .group(CommandGroup.SORTED_SET)
          .since("2.8.9")
          .arity(4)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("min", Type.STRING), arg("max", Type.STRING))
          .summary("Counts the members in a range of names.")
          .complexity("O(log(N)) with N being the number of elements in the sorted set.")
          .handler((DataInvocation call) -> count(call, By.MEMBER));

  private static void count(DataInvocation call, By by) {
    RangeQuery query = RangeQuery.plain(call, 2, by);
    long record = Zsets.lookup(call, 1);
    call.reply().integer(record == 0 ? 0 : query.ranksIn(Zsets.values(call), record).count());
  }

  static final CommandSpec ZREMRANGEBYRANK =
      command("zremrangebyrank")
          .group(CommandGroup.SORTED_SET)
          .since("2.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().delete())
          .arguments(keyArg("key"), arg("start", Type.INTEGER), arg("stop", Type.INTEGER))
          .summary("Removes the members in a range of ranks.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements removed by the operation.")
          .handler((DataInvocation call) -> removeRange(call, By.RANK));

  static final CommandSpec ZREMRANGEBYSCORE =
      command("zremrangebyscore")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(4)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().delete())
          .arguments(keyArg("key"), arg("min", Type.DOUBLE), arg("max", Type.DOUBLE))
          .summary("Removes the members in a range of scores.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements removed by the operation.")
          .handler((DataInvocation call) -> removeRange(call, By.SCORE));

  static final CommandSpec ZREMRANGEBYLEX =
      command("zremrangebylex")
          .group(CommandGroup.SORTED_SET)
          .since("2.8.9")
          .arity(4)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().delete())
          .arguments(keyArg("key"), arg("min", Type.STRING), arg("max", Type.STRING))
          .summary("Removes the members in a range of names.")
          .complexity(
              "O(log(N)+M) with N being the number of elements in the sorted set and M the number"
                  + " of elements removed by the operation.")
          .handler((DataInvocation call) -> removeRange(call, By.MEMBER));

  private static void removeRange(DataInvocation call, By by) {
    RangeQuery query = RangeQuery.plain(call, 2, by);
    long record = Zsets.lookupWrite(call, 1);
    if (record == 0) {
      call.reply().integer(0);
      return;
    }
    ZsetValues zsets = Zsets.values(call);
    Ranks ranks = query.ranksIn(zsets, record);
    if (ranks.count() > 0) {
      zsets.removeRange(record, ranks.from(), ranks.to());
      Zsets.removed(call, 1, call.spec().name(), ranks.count());
    }
    call.reply().integer(ranks.count());
  }
}
