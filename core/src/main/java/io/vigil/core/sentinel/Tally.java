package io.vigil.core.sentinel;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The votes of one epoch as far as they are known: this Sentinel's own, and what the others told.
 */
final class Tally {
  /** Stands for a vote in a later epoch, or one whose candidate the voter no longer knows. */
  private static final String ELSEWHERE = "";

  private final Map<String, Integer> votes = new LinkedHashMap<>();
  private final String myId;
  private int decided;
  private int silent;

  private Tally(String myId) {
    this.myId = myId;
  }

  static Tally of(MonitoredPrimary primary, long epoch, String myId) {
    Tally tally = new Tally(myId);
    if (primary.leader != null && primary.leaderEpoch == epoch) {
      tally.votes.merge(primary.leader, 1, Integer::sum);
    }
    for (OtherSentinel other : primary.sentinels.values()) {
      tally.count(other, epoch);
    }
    return tally;
  }

  private void count(OtherSentinel other, long epoch) {
    if (Long.compareUnsigned(other.votedEpoch, epoch) >= 0) {
      boolean here = other.votedEpoch == epoch && other.votedLeader != null;
      votes.merge(here ? other.votedLeader : ELSEWHERE, 1, Integer::sum);
      decided++;
    } else if (other.isReachable()) {
      silent++;
    }
  }

  int mine() {
    return votes.getOrDefault(myId, 0);
  }

  /**
   * True when the election is lost without a winner as far as this Sentinel can know: enough have
   * voted, nobody reachable is left to ask, and no candidate has {@code needed} votes.
   */
  boolean isSplit(int needed) {
    int best = 0;
    for (Map.Entry<String, Integer> candidate : votes.entrySet()) {
      boolean counts = !candidate.getKey().equals(ELSEWHERE);
      best = Math.max(best, counts ? candidate.getValue() : 0);
    }
    return silent == 0 && decided + 1 >= needed && best < needed;
  }
}
