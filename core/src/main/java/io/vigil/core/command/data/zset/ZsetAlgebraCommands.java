package io.vigil.core.command.data.zset;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.zset.Algebra.Operation;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands that join, intersect and subtract sorted sets. */
public final class ZsetAlgebraCommands {
  private ZsetAlgebraCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(ZUNION, ZUNIONSTORE, ZINTER, ZINTERSTORE, ZINTERCARD, ZDIFF, ZDIFFSTORE);
  }

  static final CommandSpec ZUNION =
      command("zunion")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).keynum(0, 1, 1).ro().access())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              arg("weight", Type.INTEGER).token("WEIGHTS").optional().multiple(),
              oneOf("aggregate", flag("sum", "SUM"), flag("min", "MIN"), flag("max", "MAX"))
                  .token("AGGREGATE")
                  .optional(),
              flag("withscores", "WITHSCORES").optional())
          .summary("Joins sorted sets.")
          .complexity(
              "O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M"
                  + " being the number of elements in the resulting sorted set.")
          .handler((DataInvocation call) -> show(call, Operation.UNION));

  static final CommandSpec ZINTER =
      command("zinter")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).keynum(0, 1, 1).ro().access())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              arg("weight", Type.INTEGER).token("WEIGHTS").optional().multiple(),
              oneOf("aggregate", flag("sum", "SUM"), flag("min", "MIN"), flag("max", "MAX"))
                  .token("AGGREGATE")
                  .optional(),
              flag("withscores", "WITHSCORES").optional())
          .summary("Intersects sorted sets.")
          .complexity(
              "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being"
                  + " the number of input sorted sets and M being the number of elements in the"
                  + " resulting sorted set.")
          .handler((DataInvocation call) -> show(call, Operation.INTERSECTION));

  static final CommandSpec ZDIFF =
      command("zdiff")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).keynum(0, 1, 1).ro().access())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              flag("withscores", "WITHSCORES").optional())
          .summary("Takes the members of sorted sets away from the first one.")
          .complexity(
              "O(L + (N-K)log(N)) worst case where L is the total number of elements in all the"
                  + " sets, N is the size of the first set, and K is the size of the result set.")
          .handler((DataInvocation call) -> show(call, Operation.DIFFERENCE));

  private static void show(DataInvocation call, Operation operation) {
    Algebra algebra = Algebra.of(call, operation, 1, true, false);
    List<ScoredMember> result = algebra.result();
    boolean withScores = algebra.withScores();
    Zsets.header(call, result.size(), withScores);
    for (ScoredMember each : result) {
      if (withScores && call.reply().protocol() > 2) {
        call.reply().array(2);
      }
      call.reply().bulk(each.member());
      if (withScores) {
        call.reply().doubleValue(each.score());
      }
    }
  }

  static final CommandSpec ZUNIONSTORE =
      command("zunionstore")
          .group(CommandGroup.SORTED_SET)
          .since("2.0.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ow().update(), key(2).keynum(0, 1, 1).ro().access())
          .arguments(
              keyArg("destination"),
              arg("numkeys", Type.INTEGER),
              keyArg("key").keySpec(1).multiple(),
              arg("weight", Type.INTEGER).token("WEIGHTS").optional().multiple(),
              oneOf("aggregate", flag("sum", "SUM"), flag("min", "MIN"), flag("max", "MAX"))
                  .token("AGGREGATE")
                  .optional())
          .summary("Joins sorted sets and stores the result.")
          .complexity(
              "O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M"
                  + " being the number of elements in the resulting sorted set.")
          .handler((DataInvocation call) -> store(call, Operation.UNION));

  static final CommandSpec ZINTERSTORE =
      command("zinterstore")
          .group(CommandGroup.SORTED_SET)
          .since("2.0.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ow().update(), key(2).keynum(0, 1, 1).ro().access())
          .arguments(
              keyArg("destination"),
              arg("numkeys", Type.INTEGER),
              keyArg("key").keySpec(1).multiple(),
              arg("weight", Type.INTEGER).token("WEIGHTS").optional().multiple(),
              oneOf("aggregate", flag("sum", "SUM"), flag("min", "MIN"), flag("max", "MAX"))
                  .token("AGGREGATE")
                  .optional())
          .summary("Intersects sorted sets and stores the result.")
          .complexity(
              "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being"
                  + " the number of input sorted sets and M being the number of elements in the"
                  + " resulting sorted set.")
          .handler((DataInvocation call) -> store(call, Operation.INTERSECTION));

  static final CommandSpec ZDIFFSTORE =
      command("zdiffstore")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ow().update(), key(2).keynum(0, 1, 1).ro().access())
          .arguments(
              keyArg("destination"),
              arg("numkeys", Type.INTEGER),
              keyArg("key").keySpec(1).multiple())
          .summary(
              "Takes the members of sorted sets away from the first one and stores the result.")
          .complexity(
              "O(L + (N-K)log(N)) worst case where L is the total number of elements in all the"
                  + " sets, N is the size of the first set, and K is the size of the result set.")
          .handler((DataInvocation call) -> store(call, Operation.DIFFERENCE));

  private static void store(DataInvocation call, Operation operation) {
    Algebra algebra = Algebra.of(call, operation, 2, false, false);
    CollectionBuilder builder = call.database().builder(ValueType.ZSET);
    for (ScoredMember each : algebra.result()) {
      each.addTo(builder);
    }
    Zsets.store(call, 1, builder, call.spec().name());
  }

  static final CommandSpec ZINTERCARD =
      command("zintercard")
          .group(CommandGroup.SORTED_SET)
          .since("7.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).keynum(0, 1, 1).ro().access())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              arg("limit", Type.INTEGER).token("LIMIT").optional())
          .summary("Counts the members that sorted sets have in common.")
          .complexity(
              "O(N*K) worst case with N being the smallest input sorted set, K being the number of"
                  + " input sorted sets.")
          .handler((DataInvocation call) -> countIntersection(call));

  static void countIntersection(DataInvocation call) {
    Algebra algebra = Algebra.of(call, Operation.INTERSECTION, 1, false, true);
    call.reply().integer(algebra.intersectionCount());
  }
}
