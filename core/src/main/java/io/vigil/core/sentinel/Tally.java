package io.vigil.core.sentinel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The votes of one epoch as far as they are known: this Sentinel's own, and what the others told.
 */
final class Tally {
  private final Map<String, Integer> votes = new LinkedHashMap<>();
  private final String myId;
  private int silent;

  private Tally(String myId) {
    this.myId = myId;
  }

  static Tally of(MonitoredPrimary primary, long epoch, String myId) {
    Tally tally = new Tally(myId);
    if (primary.leader != null && primary.leaderEpoch == epoch) {
      tally.votes.merge(primary.leader, 1, Integer::sum);
    }
    List<OtherSentinel> others = new ArrayList<>(primary.sentinels.values());
    for (OtherSentinel other : others) {
      if (other.votedLeader != null && other.votedEpoch == epoch) {
        tally.votes.merge(other.votedLeader, 1, Integer::sum);
      } else if (other.isReachable() && Long.compareUnsigned(other.votedEpoch, epoch) <= 0) {
        tally.silent++;
      }
    }
    return tally;
  }

  int mine() {
    return votes.getOrDefault(myId, 0);
  }

  /**
   * True when nobody can still reach {@code needed}: every reachable Sentinel has voted, for more
   * than one candidate.
   */
  boolean isSplit(int needed) {
    int best = 0;
    for (int count : votes.values()) {
      best = Math.max(best, count);
    }
    return silent == 0 && votes.size() > 1 && best < needed;
  }
}
