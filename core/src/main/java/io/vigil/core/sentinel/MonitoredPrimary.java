package io.vigil.core.sentinel;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A group under watch: the primary, its replicas, the other Sentinels, and the configuration of the
 * group.
 *
 * <pre>
 *   subjectively down --(quorum of Sentinels agrees)--> objectively down --> {@link Failover}
 * </pre>
 */
final class MonitoredPrimary extends DataNode {
  int quorum;
  long downAfterMs;
  long failoverTimeoutMs;
  int parallelSyncs = 1;
  String notificationScript;
  String clientReconfigScript;
  String authUser;
  String authPassword;
  long rebootDownAfterMs;
  final Map<String, String> renamedCommands = new LinkedHashMap<>();

  final Map<String, MonitoredReplica> replicas = new LinkedHashMap<>();
  final Map<String, OtherSentinel> sentinels = new LinkedHashMap<>();

  boolean objectivelyDown;
  long objectivelyDownSinceMs;
  private boolean rebooting;
  private long rebootSinceMs;

  /** Epoch since which the address is the group's: the newest one wins everywhere. */
  long configEpoch;

  /**
   * Whom this Sentinel voted for, and in which epoch. At most one vote an epoch, durable before it
   * is told.
   */
  String leader;

  long leaderEpoch;

  final Failover failover;
  private long watchedSinceMs;

  MonitoredPrimary(Sentinel sentinel, String name, Address address, int quorum) {
    super(sentinel, name, address);
    this.quorum = quorum;
    this.downAfterMs = sentinel.timings().defaultDownAfterMs;
    this.failoverTimeoutMs = sentinel.timings().defaultFailoverTimeoutMs;
    this.failover = new Failover(sentinel, this);
    this.watchedSinceMs = sentinel.nowMs();
    connectLink();
  }

  @Override
  String typeWord() {
    return "master";
  }

  @Override
  boolean expectedPrimary() {
    return true;
  }

  @Override
  MonitoredPrimary primary() {
    return this;
  }

  @Override
  long downAfterMs() {
    return downAfterMs;
  }

  String renamedCommand(String command) {
    return renamedCommands.getOrDefault(command.toLowerCase(Locale.ROOT), command);
  }

  /**
   * A group just taken up is looked at closely: its replicas are known only by the primary's INFO.
   */
  @Override
  long infoPeriodMs() {
    long calmMs = sentinel.timings().infoPeriodMs;
    boolean settling = sentinel.nowMs() - watchedSinceMs < 2 * calmMs;
    return settling ? Math.min(calmMs, 1000) : calmMs;
  }

  /**
   * True when the primary is as it should be, by fresh knowledge: the condition for correcting
   * others.
   */
  boolean looksSane(long nowMs) {
    return reportedPrimary
        && !subjectivelyDown
        && !objectivelyDown
        && nowMs - infoRefreshMs < sentinel.timings().infoPeriodMs * 2;
  }

  /** How long nobody has served as primary: it is down, or answers that it is none. */
  long absentForMs(long nowMs) {
    long sinceMs = subjectivelyDown ? subjectivelyDownSinceMs : nowMs;
    return nowMs - (reportedPrimary ? sinceMs : Math.min(sinceMs, roleReportedSinceMs));
  }

  /** Where clients are sent: the promoted replica from the moment it is known to be a primary. */
  Address currentAddress() {
    MonitoredReplica promoted = failover.promoted();
    boolean switched =
        promoted != null && failover.state().compareTo(FailoverState.RECONFIGURE_REPLICAS) >= 0;
    return switched ? promoted.address : address;
  }

  @Override
  void rebooted(long nowMs) {
    if (rebootDownAfterMs != 0) {
      rebooting = true;
      rebootSinceMs = nowMs;
    }
  }

  @Override
  void answeredReady() {
    rebooting = false;
  }

  @Override
  void takeReport(InfoReport report, boolean roleChanged, long nowMs) {
    boolean learnt = false;
    for (Address replica : report.replicas) {
      if (findReplica(replica) == null && !address.equals(replica)) {
        MonitoredReplica added = addReplica(replica);
        sentinel.events().notice("+slave", added, "");
        learnt = true;
      }
    }
    if (learnt) {
      sentinel.saveConfiguration();
    }
  }

  MonitoredReplica findReplica(Address replica) {
    return replicas.get(replicaKey(replica));
  }

  private static String replicaKey(Address replica) {
    return replica.host().toLowerCase(Locale.ROOT) + ":" + replica.port();
  }

  MonitoredReplica addReplica(Address replica) {
    MonitoredReplica added = new MonitoredReplica(sentinel, this, replica);
    replicas.put(replicaKey(replica), added);
    if (sentinel.isRunning()) {
      added.start();
    }
    return added;
  }

  @Override
  boolean isWrong(long nowMs, Deadline deadline) {
    long wrongRoleMs = downAfterMs + sentinel.timings().infoPeriodMs * 2;
    boolean wrongRole = !reportedPrimary && nowMs - roleReportedSinceMs > wrongRoleMs;
    boolean rebootedTooLong = rebooting && nowMs - rebootSinceMs > rebootDownAfterMs;
    if (rebooting) {
      deadline.at(rebootSinceMs + rebootDownAfterMs + 1);
    }
    return wrongRole || rebootedTooLong;
  }

  @Override
  boolean noDownFor(long periodMs, long nowMs) {
    return super.noDownFor(periodMs, nowMs)
        && (objectivelyDownSinceMs == 0 || nowMs - objectivelyDownSinceMs > periodMs);
  }

  @Override
  void act(long nowMs, Deadline deadline) {
    checkObjectivelyDown(nowMs);
    failover.startWhenDue(nowMs, deadline);
    failover.advance(nowMs, deadline);
    askOthers(nowMs, deadline);
  }

  private void checkObjectivelyDown(long nowMs) {
    int agree = 0;
    if (subjectivelyDown) {
      agree = 1;
      for (OtherSentinel other : sentinels.values()) {
        agree += other.saysPrimaryDown ? 1 : 0;
      }
    }
    boolean down = sentinel.isQuorum(agree, quorum);
    if (down && !objectivelyDown) {
      objectivelyDown = true;
      objectivelyDownSinceMs = nowMs;
      failover.resetStandDelay();
      sentinel.events().warning("+odown", this, " #quorum " + agree + "/" + quorum);
    } else if (!down && objectivelyDown) {
      objectivelyDown = false;
      sentinel.events().warning("-odown", this, "");
    }
  }

  /**
   * While the primary is down, the others are asked again and again: for their view, and for a vote
   * while standing.
   */
  private void askOthers(long nowMs, Deadline deadline) {
    if (!subjectivelyDown && !failover.isStanding()) {
      return;
    }
    long periodMs = sentinel.timings().askPeriodFor(downAfterMs);
    for (OtherSentinel other : sentinels.values()) {
      if (other.link.isConnected() && nowMs - other.lastAskMs >= periodMs) {
        other.ask(nowMs, failover.isStanding());
      }
    }
    deadline.at(nowMs + periodMs);
  }

  /** Asks every other Sentinel at once. */
  void askOthersNow(long nowMs) {
    for (OtherSentinel other : sentinels.values()) {
      if (other.link.isConnected()) {
        other.ask(nowMs, failover.isStanding());
      }
    }
  }

  /**
   * Sends a hello through every instance at the next step: a newer configuration should travel
   * fast.
   */
  void publishSoon() {
    lastPublishMs = 0;
    replicas.values().forEach(replica -> replica.lastPublishMs = 0);
    sentinels.values().forEach(other -> other.lastPublishMs = 0);
    replicas.values().forEach(Instance::step);
    sentinels.values().forEach(Instance::step);
  }

  /**
   * Takes the group up anew under {@code newAddress}, with the replicas at {@code addresses}; what
   * the other Sentinels are stays known.
   */
  void restart(Address newAddress, java.util.List<Address> addresses) {
    replicas.values().forEach(Instance::release);
    replicas.clear();
    link.release(this);
    address = newAddress;
    runId = null;
    subjectivelyDown = false;
    subjectivelyDownSinceMs = 0;
    scriptKillSent = false;
    objectivelyDown = false;
    objectivelyDownSinceMs = 0;
    rebooting = false;
    leader = null;
    info = null;
    infoRefreshMs = 0;
    reportedPrimary = true;
    long nowMs = sentinel.nowMs();
    roleReportedSinceMs = nowMs;
    watchedSinceMs = nowMs;
    lastPublishMs = 0;
    forgetInfoRequests();
    failover.reset(nowMs);
    sentinels.values().forEach(other -> other.saysPrimaryDown = false);
    connectLink();
    for (Address replica : addresses) {
      sentinel.events().notice("+slave", addReplica(replica), "");
    }
  }

  /** Starts this group and all that was known of it from the configuration. */
  void startAll() {
    start();
    replicas.values().forEach(Instance::start);
    sentinels.values().forEach(Instance::start);
  }

  /** Drops the links to the primary and its replicas: what to log in with has changed. */
  void reconnect() {
    link.drop();
    step();
    for (MonitoredReplica replica : replicas.values()) {
      replica.link.drop();
      replica.step();
    }
  }

  /** Votes needed to lead: the majority of all known Sentinels, and at least the quorum. */
  int votesNeeded() {
    int voters = sentinels.size() + 1;
    return Math.max(voters / 2 + 1, quorum);
  }

  @Override
  void release() {
    super.release();
    replicas.values().forEach(Instance::release);
    sentinels.values().forEach(Instance::release);
  }

  @Override
  void appendDownFlags(StringBuilder flags) {
    appendFlag(flags, objectivelyDown, "o_down");
  }

  @Override
  void appendRoleFlags(StringBuilder flags) {
    appendFlag(flags, failover.inProgress(), "failover_in_progress");
    appendFlag(flags, failover.isForced(), "force_failover");
  }
}
