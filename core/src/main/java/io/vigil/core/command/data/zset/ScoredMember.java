package io.vigil.core.command.data.zset;

import io.vigil.core.command.data.zset.RangeQuery.Ranks;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.ZsetValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A copy of an element of a sorted set, in the order of sorted sets. */
record ScoredMember(byte[] member, double score) implements Comparable<ScoredMember> {
  /** Copies of a range of elements, lowest first. */
  static List<ScoredMember> listOf(ZsetValues zsets, long record, Ranks ranks) {
    List<ScoredMember> copies = new ArrayList<>();
    zsets.range(
        record,
        ranks.from(),
        ranks.to(),
        false,
        (member, score) -> copies.add(new ScoredMember(member.bytes(), score)));
    return copies;
  }

  void addTo(CollectionBuilder builder) {
    builder.add(member, 0, member.length);
    builder.score(score);
  }

  @Override
  public int compareTo(ScoredMember other) {
    return score == other.score
        ? Arrays.compareUnsigned(member, other.member)
        : score < other.score ? -1 : 1;
  }
}
