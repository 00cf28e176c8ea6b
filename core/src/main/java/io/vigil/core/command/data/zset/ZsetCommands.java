package io.vigil.core.command.data.zset;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands that add, change, remove and look at single members of sorted sets. */
public final class ZsetCommands {
  private ZsetCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(ZADD, ZINCRBY, ZREM, ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK);
  }

  static final CommandSpec ZADD =
      command("zadd")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().update())
          .history("2.4.0", "Takes any number of members.")
          .history("3.0.2", "Brought the options `XX`, `NX`, `CH` and `INCR`.")
          .history("6.2.0", "Brought the options `GT` and `LT`.")
          .arguments(
              keyArg("key"),
              oneOf("condition", flag("nx", "NX"), flag("xx", "XX")).since("3.0.2").optional(),
              oneOf("comparison", flag("gt", "GT"), flag("lt", "LT")).since("6.2.0").optional(),
              flag("change", "CH").since("3.0.2").optional(),
              flag("increment", "INCR").since("3.0.2").optional(),
              block("score_member", arg("score", Type.DOUBLE), arg("member", Type.STRING))
                  .multiple())
          .summary(
              "Adds members with scores to a sorted set, or changes their scores, on conditions if"
                  + " asked.")
          .complexity(
              "O(log(N)) for each item added, where N is the number of elements in the sorted set.")
          .handler((DataInvocation call) -> add(call));

  static void add(DataInvocation call) {
    AddOptions options = AddOptions.of(call);
    add(call, options, false);
  }

  static final CommandSpec ZINCRBY =
      command("zincrby")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("increment", Type.INTEGER), arg("member", Type.STRING))
          .summary("Adds to the score of a member, which is added when missing.")
          .complexity("O(log(N)) where N is the number of elements in the sorted set.")
          .handler((DataInvocation call) -> increment(call));

  static void increment(DataInvocation call) {
    add(call, AddOptions.increment(), true);
  }

  /** ZADD, or ZINCRBY, which has no options before its number and member. */
  private static void add(DataInvocation call, AddOptions options, boolean plain) {
    int first = plain ? 2 : options.firstPair();
    int pairs = (call.count() - first) / 2;
    double[] scores = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      scores[i] = Zsets.score(call, first + 2 * i, CommandError.NOT_FLOAT);
    }
    add(call, first + 1, 2, scores, options);
  }

  /**
   * Adds members to the first key, or changes their scores, and answers as ZADD does.
   *
   * @param first index of the first member
   * @param step from one member to the next
   */
  static void add(DataInvocation call, int first, int step, double[] scores, AddOptions options) {
    Arguments words = call.arguments();
    ZsetValues zsets = Zsets.values(call);
    long record = Zsets.lookupWrite(call, 1);
    if (record == 0 && !options.onlyPresent()) {
      record = zsets.create(words, 1);
    }
    long added = 0;
    long updated = 0;
    double result = Double.NaN;
    for (int i = 0; i < scores.length && record != 0; i++) {
      int member = first + step * i;
      double old = zsets.score(record, words, member);
      double score = options.apply(old, scores[i]);
      if (Double.isNaN(score)) {
        continue;
      }
      result = score;
      if (Double.isNaN(old)) {
        added++;
        record = zsets.put(record, words, member, score, old);
      } else if (old != score) {
        updated++;
        record = zsets.put(record, words, member, score, old);
      }
    }
    if (added + updated > 0) {
      call.modified(1);
      call.event(NotifyClass.ZSET, options.increments() ? "zincr" : "zadd", 1);
      call.dirty(added + updated);
    }
    if (!options.increments()) {
      call.reply().integer(options.countsChanges() ? added + updated : added);
    } else if (Double.isNaN(result)) {
      call.reply().nil();
    } else {
      call.reply().doubleValue(result);
    }
  }

  static final CommandSpec ZREM =
      command("zrem")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).rw().delete())
          .history("2.4.0", "Takes any number of members.")
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Removes members from a sorted set.")
          .complexity(
              "O(M*log(N)) with N being the number of elements in the sorted set and M the number"
                  + " of elements to be removed.")
          .handler((DataInvocation call) -> remove(call));

  static void remove(DataInvocation call) {
    ZsetValues zsets = Zsets.values(call);
    long record = Zsets.lookupWrite(call, 1);
    long removed = 0;
    for (int i = 2; i < call.count() && record != 0; i++) {
      removed += zsets.remove(record, call.arguments(), i) ? 1 : 0;
      record = zsets.record();
    }
    if (removed > 0) {
      Zsets.removed(call, 1, "zrem", removed);
    }
    call.reply().integer(removed);
  }

  static final CommandSpec ZCARD =
      command("zcard")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro())
          .arguments(keyArg("key"))
          .summary("Returns the number of members of a sorted set.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> count(call));

  static void count(DataInvocation call) {
    long record = Zsets.lookup(call, 1);
    call.reply().integer(record == 0 ? 0 : Zsets.values(call).count(record));
  }

  static final CommandSpec ZSCORE =
      command("zscore")
          .group(CommandGroup.SORTED_SET)
          .since("1.2.0")
          .arity(3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("member", Type.STRING))
          .summary("Returns the score of a member.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> score(call));

  static void score(DataInvocation call) {
    answerScore(call, Zsets.lookup(call, 1), 2);
  }

  static final CommandSpec ZMSCORE =
      command("zmscore")
          .group(CommandGroup.SORTED_SET)
          .since("6.2.0")
          .arity(-3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("member", Type.STRING).multiple())
          .summary("Returns the scores of several members.")
          .complexity("O(N) where N is the number of members being requested.")
          .handler((DataInvocation call) -> scores(call));

  static void scores(DataInvocation call) {
    long record = Zsets.lookup(call, 1);
    call.reply().array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      answerScore(call, record, i);
    }
  }

  private static void answerScore(DataInvocation call, long record, int member) {
    double score =
        record == 0 ? Double.NaN : Zsets.values(call).score(record, call.arguments(), member);
    if (Double.isNaN(score)) {
      call.reply().nil();
    } else {
      call.reply().doubleValue(score);
    }
  }

  static final CommandSpec ZRANK =
      command("zrank")
          .group(CommandGroup.SORTED_SET)
          .since("2.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .history("7.2.0", "Brought the option `WITHSCORE`.")
          .arguments(
              keyArg("key"),
              arg("member", Type.STRING),
              flag("withscore", "WITHSCORE").since("7.2.0").optional())
          .summary("Returns how many members have a lower place than the one given.")
          .complexity("O(log(N))")
          .handler((DataInvocation call) -> rank(call, false));

  static final CommandSpec ZREVRANK =
      command("zrevrank")
          .group(CommandGroup.SORTED_SET)
          .since("2.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.SORTEDSET)
          .keys(key(1).ro().access())
          .history("7.2.0", "Brought the option `WITHSCORE`.")
          .arguments(
              keyArg("key"),
              arg("member", Type.STRING),
              flag("withscore", "WITHSCORE").since("7.2.0").optional())
          .summary("Returns how many members have a higher place than the one given.")
          .complexity("O(log(N))")
          .handler((DataInvocation call) -> rank(call, true));

  private static void rank(DataInvocation call, boolean reverse) {
    boolean withScore = call.count() > 3;
    if (call.count() > 4) {
      throw call.wrongArity();
    }
    if (withScore && !call.is(3, "WITHSCORE")) {
      throw CommandError.SYNTAX;
    }
    long record = Zsets.lookup(call, 1);
    ZsetValues zsets = Zsets.values(call);
    long rank = record == 0 ? -1 : zsets.rank(record, call.arguments(), 2);
    if (rank < 0) {
      if (withScore) {
        call.reply().nullArray();
      } else {
        call.reply().nil();
      }
      return;
    }
    long shown = reverse ? zsets.count(record) - 1 - rank : rank;
    if (withScore) {
      call.reply().array(2);
    }
    call.reply().integer(shown);
    if (withScore) {
      call.reply().doubleValue(zsets.score(record, call.arguments(), 2));
    }
  }
}
