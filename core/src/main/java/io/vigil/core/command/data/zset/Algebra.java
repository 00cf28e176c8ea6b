package io.vigil.core.command.data.zset;

import io.vigil.core.base.ByteString;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.spec.CommandError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Union, intersection and difference of sorted sets and sets; members of a set have the score 1.
 * The arguments from the number of keys on are read, then the sources, then the result is made on
 * the heap.
 */
final class Algebra {
  /** What is done with the sources. */
  enum Operation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  private enum Aggregate {
    SUM,
    MIN,
    MAX;

    double join(double one, double other) {
      return switch (this) {
        case SUM -> numberOrZero(one + other);
        case MIN -> other < one ? other : one;
        case MAX -> other > one ? other : one;
      };
    }
  }

  /** One source, or a missing one, which is empty. */
  private static final class Source {
    final ValueType type;
    final long record;
    final long count;
    double weight = 1;

    Source(ValueType type, long record, long count) {
      this.type = type;
      this.record = record;
      this.count = count;
    }
  }

  private final DataInvocation call;
  private final Operation operation;
  private final List<Source> sources = new ArrayList<>();
  private Aggregate aggregate = Aggregate.SUM;
  private boolean withScores;
  private long limit;

  private Algebra(DataInvocation call, Operation operation) {
    this.call = call;
    this.operation = operation;
  }

  private static double numberOrZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  /**
   * Reads what the words from {@code index} on, the number of keys, ask for.
   *
   * @param shows whether the result is answered: WITHSCORES is an option then
   * @param counts whether only the number of elements is wanted: LIMIT is an option then
   */
  static Algebra of(
      DataInvocation call, Operation operation, int index, boolean shows, boolean counts) {
    Algebra algebra = new Algebra(call, operation);
    long keys = call.integer(index);
    if (keys < 1) {
      throw new CommandError(
          "ERR at least 1 input key is needed for '" + call.command().fullName() + "' command");
    }
    if (keys > call.count() - index - 1) {
      throw CommandError.SYNTAX;
    }
    int end = index + 1 + (int) keys;
    for (int i = index + 1; i < end; i++) {
      algebra.sources.add(algebra.source(i));
    }
    algebra.readOptions(end, shows, counts);
    if (operation != Operation.DIFFERENCE) {
      algebra.sources.sort(Comparator.comparingLong(source -> source.count));
    }
    return algebra;
  }

  private Source source(int index) {
    long record = call.database().lookupRead(call.arguments(), index);
    if (record == 0) {
      return new Source(ValueType.ZSET, 0, 0);
    }
    ValueType type = call.database().type(record);
    if (type != ValueType.ZSET && type != ValueType.SET) {
      throw CommandError.WRONG_TYPE;
    }
    return new Source(type, record, call.database().collections(type).count(record));
  }

  private void readOptions(int first, boolean shows, boolean counts) {
    boolean weighs = operation != Operation.DIFFERENCE && !counts;
    int i = first;
    while (i < call.count()) {
      int left = call.count() - i;
      if (weighs && left > sources.size() && call.is(i, "WEIGHTS")) {
        CommandError error = new CommandError("ERR weight value is not a float");
        for (Source source : sources) {
          source.weight = Zsets.score(call, ++i, error);
        }
        i++;
      } else if (weighs && left >= 2 && call.is(i, "AGGREGATE")) {
        aggregate = aggregate(i + 1);
        i += 2;
      } else if (shows && call.is(i, "WITHSCORES")) {
        withScores = true;
        i++;
      } else if (counts && left >= 2 && call.is(i, "LIMIT")) {
        CommandError error = new CommandError("ERR LIMIT can't be negative");
        limit = call.integer(i + 1, error);
        if (limit < 0) {
          throw error;
        }
        i += 2;
      } else {
        throw CommandError.SYNTAX;
      }
    }
  }

  private Aggregate aggregate(int index) {
    for (Aggregate each : Aggregate.values()) {
      if (call.is(index, each.name())) {
        return each;
      }
    }
    throw CommandError.SYNTAX;
  }

  boolean withScores() {
    return withScores;
  }

  // ---- Result ----

  /** The elements of the result, lowest first. */
  List<ScoredMember> result() {
    List<ScoredMember> result =
        switch (operation) {
          case UNION -> union();
          case INTERSECTION -> intersection();
          case DIFFERENCE -> difference();
        };
    result.sort(null);
    return result;
  }

  /** The number of elements of an intersection, or the limit given if that is less. */
  long intersectionCount() {
    long count = intersection().size();
    return limit > 0 ? Math.min(limit, count) : count;
  }

  private List<ScoredMember> union() {
    Map<ByteString, Double> scores = new LinkedHashMap<>();
    for (Source source : sources) {
      forEach(
          source,
          (member, score) ->
              scores.merge(
                  ByteString.wrap(member.bytes()),
                  numberOrZero(source.weight * score),
                  aggregate::join));
    }
    List<ScoredMember> result = new ArrayList<>(scores.size());
    scores.forEach((member, score) -> result.add(new ScoredMember(member.array(), score)));
    return result;
  }

  private List<ScoredMember> intersection() {
    Source first = sources.getFirst();
    List<ScoredMember> candidates = elements(first);
    List<ScoredMember> result = new ArrayList<>();
    for (ScoredMember each : candidates) {
      double score = numberOrZero(first.weight * each.score());
      boolean everywhere = true;
      for (int i = 1; i < sources.size() && everywhere; i++) {
        Source source = sources.get(i);
        double other = score(source, each.member());
        everywhere = !Double.isNaN(other);
        score = everywhere ? aggregate.join(score, other * source.weight) : score;
      }
      if (everywhere) {
        result.add(new ScoredMember(each.member(), score));
        if (limit > 0 && result.size() >= limit) {
          return result;
        }
      }
    }
    return result;
  }

  private List<ScoredMember> difference() {
    Map<ByteString, Double> left = new HashMap<>();
    List<ScoredMember> all = elements(sources.getFirst());
    for (ScoredMember each : all) {
      left.put(ByteString.wrap(each.member()), each.score());
    }
    for (Source source : sources.subList(1, sources.size())) {
      if (source.count > left.size()) {
        left.keySet().removeIf(member -> !Double.isNaN(score(source, member.array())));
      } else {
        forEach(source, (member, score) -> left.remove(ByteString.wrap(member.bytes())));
      }
    }
    all.removeIf(each -> !left.containsKey(ByteString.wrap(each.member())));
    return all;
  }

  // ---- Sources ----

  private interface Visitor {
    void element(Item member, double score);
  }

  private void forEach(Source source, Visitor visitor) {
    if (source.record == 0) {
      return;
    }
    if (source.type == ValueType.ZSET) {
      Zsets.values(call).forEach(source.record, visitor::element);
    } else {
      call.database()
          .collections(ValueType.SET)
          .walk(source.record, ItemParts.FIRST, member -> visitor.element(member, 1));
    }
  }

  private List<ScoredMember> elements(Source source) {
    List<ScoredMember> elements = new ArrayList<>();
    forEach(source, (member, score) -> elements.add(new ScoredMember(member.bytes(), score)));
    return elements;
  }

  /** The score of a member, not-a-number where it is missing. */
  private double score(Source source, byte[] member) {
    if (source.record == 0) {
      return Double.NaN;
    }
    if (source.type == ValueType.ZSET) {
      return Zsets.values(call).score(source.record, member, 0, member.length);
    }
    return call.database().sets().contains(source.record, member, 0, member.length)
        ? 1
        : Double.NaN;
  }
}
