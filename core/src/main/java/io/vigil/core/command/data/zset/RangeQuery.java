package io.vigil.core.command.data.zset;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.ZsetBound;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.spec.CommandError;
import java.util.Arrays;

/**
 * A range of a sorted set as commands give it: by rank, score or member, from either end, with a
 * limit. {@link #ranksIn} makes it a range of ranks.
 */
final class RangeQuery {
  /** What the two ends of a range are. */
  enum By {
    RANK,
    SCORE,
    MEMBER
  }

  private static final CommandError BAD_SCORE = new CommandError("ERR min or max is not a float");
  private static final CommandError BAD_MEMBER =
      new CommandError("ERR min or max not valid string range item");

  /**
   * Ranks of the elements in a range, counted from the lowest.
   *
   * @param to before this one; not above {@code from} if there are none
   */
  record Ranks(long from, long to) {
    long count() {
      return Math.max(0, to - from);
    }
  }

  private By by;
  private boolean reverse;
  private boolean directionGiven;
  private boolean withScores;
  private long start;
  private long end;
  private ZsetBound lowest;
  private ZsetBound highest;
  private long offset;
  private long limit = -1;

  private RangeQuery() {}

  /** The range that two words give, the first of which is at {@code index}. */
  static RangeQuery plain(DataInvocation call, int index, By by) {
    RangeQuery query = new RangeQuery();
    query.by = by;
    query.readEnds(call, index, index + 1);
    return query;
  }

  /**
   * The range that the words from {@code index} on give, options included.
   *
   * @param by null where options say it
   * @param reverse null where an option says it
   * @param mayShowScores whether WITHSCORES is an option
   */
  static RangeQuery of(
      DataInvocation call, int index, By by, Boolean reverse, boolean mayShowScores) {
    RangeQuery query = new RangeQuery();
    query.by = by;
    query.directionGiven = reverse != null;
    query.reverse = reverse != null && reverse;
    query.readOptions(call, index + 2, mayShowScores);
    query.by = query.by == null ? By.RANK : query.by;
    query.check();
    boolean swapped = query.reverse && query.by != By.RANK;
    query.readEnds(call, swapped ? index + 1 : index, swapped ? index : index + 1);
    return query;
  }

  private void readOptions(DataInvocation call, int first, boolean mayShowScores) {
    boolean kindGiven = by != null;
    for (int i = first; i < call.count(); i++) {
      if (mayShowScores && call.is(i, "WITHSCORES")) {
        withScores = true;
      } else if (call.is(i, "LIMIT") && call.count() - i > 2) {
        offset = call.integer(i + 1);
        limit = call.integer(i + 2);
        i += 2;
      } else if (!directionGiven && call.is(i, "REV")) {
        reverse = true;
        directionGiven = true;
      } else if (!kindGiven && call.is(i, "BYLEX")) {
        by = By.MEMBER;
        kindGiven = true;
      } else if (!kindGiven && call.is(i, "BYSCORE")) {
        by = By.SCORE;
        kindGiven = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
  }

  private void check() {
    if (limit != -1 && by == By.RANK) {
      throw new CommandError(
          "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
    }
    if (withScores && by == By.MEMBER) {
      throw new CommandError(
          "ERR syntax error, WITHSCORES not supported in combination with BYLEX");
    }
  }

  private void readEnds(DataInvocation call, int low, int high) {
    switch (by) {
      case RANK -> {
        start = call.integer(low);
        end = call.integer(high);
      }
      case SCORE -> {
        lowest = scoreBound(call.arguments(), low, false);
        highest = scoreBound(call.arguments(), high, true);
      }
      case MEMBER -> {
        lowest = memberBound(call.arguments(), low, false);
        highest = memberBound(call.arguments(), high, true);
      }
    }
  }

  private static ZsetBound scoreBound(Arguments words, int index, boolean upper) {
    int length = words.length(index);
    boolean open = length > 0 && words.byteAt(index, 0) == '(';
    int skipped = open ? 1 : 0;
    double score =
        Numbers.scanDouble(words.array(index), words.offset(index) + skipped, length - skipped);
    if (Double.isNaN(score)) {
      throw BAD_SCORE;
    }
    return new ZsetBound.Score(score, upper != open);
  }

  private static ZsetBound memberBound(Arguments words, int index, boolean upper) {
    byte[] word = words.copy(index);
    int kind = word.length == 0 ? 0 : word[0];
    boolean alone = word.length == 1 || word.length > 1 && word[1] == 0;
    if (kind == '-' && alone) {
      return ZsetBound.START;
    }
    if (kind == '+' && alone) {
      return ZsetBound.END;
    }
    if (kind != '(' && kind != '[') {
      throw BAD_MEMBER;
    }
    boolean open = kind == '(';
    return new ZsetBound.Member(Arrays.copyOfRange(word, 1, word.length), upper != open);
  }

  boolean withScores() {
    return withScores;
  }

  /** True when the highest comes first. */
  boolean reverse() {
    return reverse;
  }

  /** The ranks of the elements in this range. */
  Ranks ranksIn(ZsetValues zsets, long record) {
    if (by == By.RANK) {
      return byRank(zsets.count(record));
    }
    long from = zsets.rankOf(record, lowest);
    long to = zsets.rankOf(record, highest);
    return limited(new Ranks(from, to));
  }

  private Ranks byRank(long count) {
    long first = Math.max(0, start < 0 ? start + count : start);
    long last = Math.min(count - 1, end < 0 ? end + count : end);
    if (first > last) {
      return new Ranks(0, 0);
    }
    return reverse ? new Ranks(count - 1 - last, count - first) : new Ranks(first, last + 1);
  }

  private Ranks limited(Ranks whole) {
    if (offset < 0 || offset >= whole.count()) {
      return new Ranks(0, 0);
    }
    long left = whole.count() - offset;
    long taken = limit < 0 ? left : Math.min(left, limit);
    return reverse
        ? new Ranks(whole.to - offset - taken, whole.to - offset)
        : new Ranks(whole.from + offset, whole.from + offset + taken);
  }
}
