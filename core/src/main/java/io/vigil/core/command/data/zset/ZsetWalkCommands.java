package io.vigil.core.command.data.zset;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.ByteString;
import io.vigil.core.base.Numbers;
import io.vigil.core.base.Rng;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.RandomChoice;
import io.vigil.core.command.data.ScanArguments;
import io.vigil.core.keyspace.Encoding;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands that walk through sorted sets, or choose of them by chance. */
public final class ZsetWalkCommands {
  /** Largest number of elements that can be asked for together with their scores. */
  private static final long MOST_WITH_SCORES = Long.MAX_VALUE / 2;

  /** A share of a sorted set above one in so many is chosen on a walk over all of it. */
  private static final long WALK_FACTOR = 3;

  private ZsetWalkCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(ZSCAN, ZRANDMEMBER);
  }

  static final CommandSpec ZSCAN =
      command("zscan")
          .group(CommandGroup.SORTED_SET)
          .since("2.8.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .tips("nondeterministic_output")
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              arg("cursor", Type.INTEGER),
              arg("pattern", Type.PATTERN).token("MATCH").optional(),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary("Walks through the members of a sorted set, some at each call.")
          .complexity(
              "O(1) for every call. O(N) for a complete iteration, including enough command calls"
                  + " for the cursor to return back to 0. N is the number of elements inside the"
                  + " collection..")
          .handler((DataInvocation call) -> scan(call));

  static void scan(DataInvocation call) {
    long cursor = ScanArguments.cursor(call, 2);
    long record = Zsets.lookup(call, 1);
    if (record == 0) {
      ScanArguments.replyEmpty(call);
      return;
    }
    ScanArguments options = ScanArguments.of(call, 3);
    ReplyWriter reply = call.reply();
    // The cursor stands before the elements in the reply, and is known after them.
    List<ScoredMember> shown = new ArrayList<>();
    long next =
        Zsets.values(call)
            .scan(
                record,
                cursor,
                options.count(),
                (member, score) -> {
                  if (options.matches(member)) {
                    shown.add(new ScoredMember(member.bytes(), score));
                  }
                });
    reply.array(2);
    reply.bulk(Long.toUnsignedString(next));
    reply.array(2L * shown.size());
    boolean packed = call.database().encoding(record) == Encoding.LISTPACK;
    for (ScoredMember each : shown) {
      reply.bulk(each.member());
      // Scores show as they are kept: in a listpack integers as such, however large.
      reply.bulk(
          packed ? Numbers.storedDoubleText(each.score()) : Numbers.doubleText(each.score()));
    }
  }

  static final CommandSpec ZRANDMEMBER =
      command("zrandmember")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.SORTEDSET)
          .tips("nondeterministic_output")
          .keys(key(1).ro().access())
          .arguments(
              keyArg("key"),
              block(
                      "options",
                      arg("count", Type.INTEGER),
                      flag("withscores", "WITHSCORES").optional())
                  .optional())
          .summary("Returns members of a sorted set chosen by chance.")
          .complexity("O(N) where N is the number of elements returned")
          .handler((DataInvocation call) -> random(call));

  static void random(DataInvocation call) {
    if (call.count() == 2) {
      long record = Zsets.lookup(call, 1);
      if (record == 0) {
        call.reply().nil();
      } else {
        Zsets.values(call)
            .random(record, call.rng(), (member, score) -> member.writeTo(call.reply()));
      }
      return;
    }
    long count = call.integer(2);
    if (count == Long.MIN_VALUE) {
      throw new CommandError(
          "ERR value is out of range, value must between -9223372036854775807"
              + " and 9223372036854775807");
    }
    boolean withScores = call.count() == 4 && call.is(3, "WITHSCORES");
    if (call.count() > 3 && !withScores) {
      throw CommandError.SYNTAX;
    }
    if (withScores && (count < -MOST_WITH_SCORES || count > MOST_WITH_SCORES)) {
      throw new CommandError("ERR value is out of range");
    }
    long record = Zsets.lookup(call, 1);
    if (record == 0 || count == 0) {
      call.reply().emptyArray();
    } else if (count < 0) {
      withRepeats(call, record, -count, withScores);
    } else {
      different(call, record, count, withScores);
    }
  }

  private static void withRepeats(
      DataInvocation call, long record, long count, boolean withScores) {
    Zsets.header(call, count, withScores);
    ZsetValues zsets = Zsets.values(call);
    Rng rng = call.rng();
    for (long i = 0; i < count && !call.session().isClosing(); i++) {
      zsets.random(record, rng, (member, score) -> Zsets.element(call, member, score, withScores));
    }
  }

  private static void different(DataInvocation call, long record, long count, boolean withScores) {
    ZsetValues zsets = Zsets.values(call);
    long size = zsets.count(record);
    long wanted = Math.min(count, size);
    Zsets.header(call, wanted, withScores);
    if (zsets.isSmall(record) || wanted * WALK_FACTOR > size) {
      RandomChoice choice = new RandomChoice(call.rng(), wanted, size);
      zsets.forEach(
          record,
          (member, score) -> {
            if (choice.next()) {
              Zsets.element(call, member, score, withScores);
            }
          });
      return;
    }
    Set<ByteString> seen = new HashSet<>();
    Rng rng = call.rng();
    while (seen.size() < wanted) {
      zsets.random(
          record,
          rng,
          (member, score) -> {
            if (seen.add(ByteString.wrap(member.bytes()))) {
              Zsets.element(call, member, score, withScores);
            }
          });
    }
  }
}
