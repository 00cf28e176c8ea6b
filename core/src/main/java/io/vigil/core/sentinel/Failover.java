package io.vigil.core.sentinel;

import io.vigil.core.env.Log.Level;
import java.util.Comparator;

/**
 * The failover of one group, as a state machine driven by {@link MonitoredPrimary#step}.
 *
 * <pre>
 *   NONE --odown, after rank x 40 ms--> WAIT_START --elected--> SELECT_REPLICA --> SEND_PROMOTION --> WAIT_PROMOTION
 *     ^                                     |                       |                   |                  |
 *     |<----- not elected ------------------+<-- no good replica ---+<----- timeout ----+------------------+
 *     |                                                                                  INFO says "master" |
 *     +<-- (the group starts anew under its new primary) <-- UPDATE_CONFIG <-- RECONFIGURE_REPLICAS <-------+
 * </pre>
 *
 * <p>Exact deadlines would make all Sentinels stand at once and split the vote. So each waits its
 * rank among the reachable ones times {@value #RANK_DELAY_MS} ms, and a little chance, and
 * meanwhile votes for whoever asks first. An election lost to a split vote is tried again in a new
 * epoch after a short, growing pause; one that another Sentinel won is not tried again for twice
 * the failover timeout, the time that winner has for its work.
 */
final class Failover {
  private static final int RANK_DELAY_MS = 40;
  private static final int CHANCE_DELAY_MS = 20;

  private final Sentinel sentinel;
  private final MonitoredPrimary primary;

  private FailoverState state = FailoverState.NONE;
  private long stateSinceMs;
  private long epoch;
  private boolean forced;
  private boolean voteDurable;
  private MonitoredReplica promoted;

  /**
   * When this Sentinel last stood or voted for another; none may start within twice the failover
   * timeout of it.
   */
  private long lastAttemptMs = Long.MIN_VALUE / 2;

  /**
   * Set after a split vote: the moment of the next try, instead of the rule above. 0 when none is
   * planned.
   */
  private long retryMs;

  private int splitVotes;
  private long standMs;
  private long delayLoggedForMs = Long.MIN_VALUE;

  Failover(Sentinel sentinel, MonitoredPrimary primary) {
    this.sentinel = sentinel;
    this.primary = primary;
  }

  FailoverState state() {
    return state;
  }

  /** The epoch this Sentinel stands, or last stood, in. */
  long epoch() {
    return epoch;
  }

  /** Forgets everything: the group starts anew under another primary. */
  void reset(long nowMs) {
    promoted = null;
    forced = false;
    voteDurable = false;
    standMs = 0;
    retryMs = 0;
    splitVotes = 0;
    lastAttemptMs = Long.MIN_VALUE / 2;
    enter(FailoverState.NONE, nowMs);
  }

  boolean inProgress() {
    return state != FailoverState.NONE;
  }

  boolean isForced() {
    return forced;
  }

  boolean isStanding() {
    return state == FailoverState.WAIT_START;
  }

  MonitoredReplica promoted() {
    return promoted;
  }

  /** True when {@code replica}'s next INFO decides the next step. */
  boolean isAwaiting(MonitoredReplica replica) {
    return switch (state) {
      case WAIT_PROMOTION -> replica == promoted;
      case RECONFIGURE_REPLICAS ->
          replica.reconfiguration == MonitoredReplica.Reconfiguration.SENT
              || replica.reconfiguration == MonitoredReplica.Reconfiguration.IN_PROGRESS;
      default -> false;
    };
  }

  /** This Sentinel voted for another one, which now has the time of a failover to itself. */
  void votedForAnother(long nowMs) {
    lastAttemptMs = nowMs;
    retryMs = 0;
    splitVotes = 0;
    if (state == FailoverState.WAIT_START && !forced) {
      abort("-failover-abort-not-elected", nowMs);
    }
  }

  /** The primary just became objectively down: the wait by rank starts now. */
  void resetStandDelay() {
    standMs = 0;
  }

  /**
   * Starts a failover when the primary is down, none is under way or too recent, and the wait by
   * rank is over.
   */
  void startWhenDue(long nowMs, Deadline deadline) {
    if (!primary.objectivelyDown || inProgress() || waitsForOthers(nowMs, deadline)) {
      return;
    }
    if (standMs == 0) {
      standMs = nowMs + rank() * RANK_DELAY_MS + sentinel.rng().nextInt(CHANCE_DELAY_MS + 1);
    }
    if (nowMs < standMs) {
      deadline.at(standMs);
      return;
    }
    start(false, nowMs);
  }

  private boolean waitsForOthers(long nowMs, Deadline deadline) {
    long dueMs = retryMs != 0 ? retryMs : lastAttemptMs + primary.failoverTimeoutMs * 2;
    if (nowMs >= dueMs) {
      return false;
    }
    deadline.at(dueMs);
    if (retryMs == 0 && delayLoggedForMs != lastAttemptMs) {
      delayLoggedForMs = lastAttemptMs;
      sentinel
          .env()
          .log()
          .warning(
              "Next failover delay: I will not start a failover before "
                  + (dueMs - nowMs)
                  + " ms have passed");
    }
    return true;
  }

  private long rank() {
    long before = 0;
    for (OtherSentinel other : primary.sentinels.values()) {
      if (other.isReachable() && other.runId.compareTo(sentinel.myId()) < 0) {
        before++;
      }
    }
    return before;
  }

  /**
   * Stands for leader of a new epoch; a forced failover, by an administrator's order, needs no
   * votes.
   */
  void start(boolean byOrder, long nowMs) {
    epoch = sentinel.nextEpoch();
    forced = byOrder;
    standMs = 0;
    retryMs = 0;
    lastAttemptMs = nowMs;
    voteDurable = false;
    enter(FailoverState.WAIT_START, nowMs);
    sentinel.events().plain(Level.WARNING, "+new-epoch", primary, Long.toUnsignedString(epoch));
    sentinel.events().warning("+try-failover", primary, "");
    long standingIn = epoch;
    sentinel.vote(
        primary,
        epoch,
        sentinel.myId(),
        () -> {
          if (epoch == standingIn && state == FailoverState.WAIT_START) {
            voteDurable = true;
            primary.step();
          }
        });
    // The others are asked while the own vote is being saved: it counts only once it is durable.
    primary.askOthersNow(nowMs);
  }

  private void enter(FailoverState next, long nowMs) {
    state = next;
    stateSinceMs = nowMs;
  }

  /** Takes every step that can be taken now. */
  void advance(long nowMs, Deadline deadline) {
    FailoverState before;
    do {
      before = state;
      switch (state) {
        case NONE, UPDATE_CONFIG -> {}
        case WAIT_START -> countVotes(nowMs, deadline);
        case SELECT_REPLICA -> selectReplica(nowMs);
        case SEND_PROMOTION -> sendPromotion(nowMs, deadline);
        case WAIT_PROMOTION -> abortWhenLate(nowMs, deadline);
        case RECONFIGURE_REPLICAS -> reconfigureReplicas(nowMs, deadline);
      }
    } while (state != before && state != FailoverState.UPDATE_CONFIG);
    if (state == FailoverState.UPDATE_CONFIG) {
      sentinel.switchToPromoted(primary);
    }
  }

  private void countVotes(long nowMs, Deadline deadline) {
    if (!voteDurable) {
      return;
    }
    Tally tally = Tally.of(primary, epoch, sentinel.myId());
    if (forced || tally.mine() >= primary.votesNeeded()) {
      elected(nowMs);
    } else if (tally.isSplit(primary.votesNeeded())) {
      splitVotes++;
      abort("-failover-abort-not-elected", nowMs);
      long pauseMs = Math.min(100L << Math.min(splitVotes - 1, 4), 1_600);
      retryMs = nowMs + pauseMs + sentinel.rng().nextInt(200);
      deadline.at(retryMs);
    } else {
      long timeoutMs = Math.min(sentinel.timings().electionTimeoutMs, primary.failoverTimeoutMs);
      if (nowMs - stateSinceMs > timeoutMs) {
        abort("-failover-abort-not-elected", nowMs);
      } else {
        deadline.at(stateSinceMs + timeoutMs + 1);
      }
    }
  }

  private void elected(long nowMs) {
    splitVotes = 0;
    sentinel.events().warning("+elected-leader", primary, "");
    sentinel.crashIfAsked(Sentinel.CRASH_AFTER_ELECTION);
    enter(FailoverState.SELECT_REPLICA, nowMs);
    sentinel.events().warning("+failover-state-select-slave", primary, "");
  }

  private void selectReplica(long nowMs) {
    MonitoredReplica chosen = bestReplica(nowMs);
    if (chosen == null) {
      abort("-failover-abort-no-good-slave", nowMs);
      return;
    }
    sentinel.events().warning("+selected-slave", chosen, "");
    chosen.promoted = true;
    promoted = chosen;
    enter(FailoverState.SEND_PROMOTION, nowMs);
    sentinel.events().notice("+failover-state-send-slaveof-noone", chosen, "");
  }

  /**
   * The replica to promote: lowest priority number, then the most data, then the smallest run id;
   * null when none is fit.
   */
  MonitoredReplica bestReplica(long nowMs) {
    return primary.replicas.values().stream()
        .filter(replica -> isFit(replica, nowMs))
        .min(
            Comparator.<MonitoredReplica>comparingInt(replica -> replica.priority)
                .thenComparing(replica -> -replica.offset)
                .thenComparing(
                    replica -> replica.runId, Comparator.nullsLast(Comparator.naturalOrder())))
        .orElse(null);
  }

  private boolean isFit(MonitoredReplica replica, long nowMs) {
    Timings timings = sentinel.timings();
    long infoValidMs =
        primary.subjectivelyDown ? timings.pingPeriodMs * 5 : timings.infoPeriodMs * 3;
    long primaryDownMs = primary.absentForMs(nowMs);
    return !replica.subjectivelyDown
        && replica.link.isConnected()
        && nowMs - replica.link.lastAvailableMs <= timings.pingPeriodMs * 5
        && replica.priority != 0
        && replica.infoRefreshMs != 0
        && nowMs - replica.infoRefreshMs <= infoValidMs
        && replica.linkDownMs <= primaryDownMs + primary.downAfterMs * 10;
  }

  private void sendPromotion(long nowMs, Deadline deadline) {
    if (promoted.sendReplicaOf(null)) {
      sentinel.events().notice("+failover-state-wait-promotion", promoted, "");
      enter(FailoverState.WAIT_PROMOTION, nowMs);
      promoted.step();
    } else {
      abortWhenLate(nowMs, deadline);
    }
  }

  private void abortWhenLate(long nowMs, Deadline deadline) {
    if (nowMs - stateSinceMs > primary.failoverTimeoutMs) {
      abort("-failover-abort-slave-timeout", nowMs);
    } else {
      deadline.at(stateSinceMs + primary.failoverTimeoutMs + 1);
    }
  }

  private void abort(String event, long nowMs) {
    sentinel.events().warning(event, primary, "");
    forced = false;
    if (promoted != null) {
      promoted.promoted = false;
      promoted = null;
    }
    enter(FailoverState.NONE, nowMs);
  }

  /**
   * The chosen replica reports that it is a primary: from here on the group's address is its
   * address.
   */
  void promotionSeen() {
    long nowMs = sentinel.nowMs();
    primary.configEpoch = epoch;
    enter(FailoverState.RECONFIGURE_REPLICAS, nowMs);
    sentinel.saveConfiguration();
    sentinel.events().warning("+promoted-slave", promoted, "");
    sentinel.crashIfAsked(Sentinel.CRASH_AFTER_PROMOTION);
    sentinel.events().warning("+failover-state-reconf-slaves", primary, "");
    sentinel.runReconfigScript(primary, "leader", primary.address, promoted.address);
    primary.publishSoon();
    primary.step();
  }

  private void reconfigureReplicas(long nowMs, Deadline deadline) {
    int busy = 0;
    for (MonitoredReplica replica : primary.replicas.values()) {
      replica.expireReconfiguration(nowMs);
      busy += isBusy(replica) ? 1 : 0;
    }
    for (MonitoredReplica replica : primary.replicas.values()) {
      if (busy >= primary.parallelSyncs) {
        break;
      }
      boolean waiting =
          !replica.promoted && replica.reconfiguration == MonitoredReplica.Reconfiguration.NONE;
      if (waiting && replica.reconfigure(promoted.address, "+slave-reconf-sent", nowMs)) {
        busy++;
        replica.step();
      }
    }
    detectEnd(nowMs, deadline);
  }

  private static boolean isBusy(MonitoredReplica replica) {
    return replica.reconfiguration == MonitoredReplica.Reconfiguration.SENT
        || replica.reconfiguration == MonitoredReplica.Reconfiguration.IN_PROGRESS;
  }

  private void detectEnd(long nowMs, Deadline deadline) {
    if (promoted.subjectivelyDown) {
      return;
    }
    int left = 0;
    for (MonitoredReplica replica : primary.replicas.values()) {
      boolean settled =
          replica.promoted
              || replica.reconfiguration == MonitoredReplica.Reconfiguration.DONE
              || replica.subjectivelyDown;
      left += settled ? 0 : 1;
    }
    boolean late = nowMs - stateSinceMs > primary.failoverTimeoutMs;
    if (late) {
      sentinel.events().warning("+failover-end-for-timeout", primary, "");
    }
    if (left == 0 || late) {
      sentinel.events().warning("+failover-end", primary, "");
      enter(FailoverState.UPDATE_CONFIG, nowMs);
    }
    if (late) {
      tellTheRest(nowMs);
    }
    deadline.at(stateSinceMs + primary.failoverTimeoutMs + 1);
  }

  private void tellTheRest(long nowMs) {
    for (MonitoredReplica replica : primary.replicas.values()) {
      if (!replica.promoted && replica.reconfiguration == MonitoredReplica.Reconfiguration.NONE) {
        replica.reconfigure(promoted.address, "+slave-reconf-sent-be", nowMs);
      }
    }
  }
}
