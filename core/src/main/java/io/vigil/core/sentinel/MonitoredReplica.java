package io.vigil.core.sentinel;

/** A replica of a monitored primary, or the instance that is being promoted in its place. */
final class MonitoredReplica extends DataNode {
  private final MonitoredPrimary primary;

  /** How far this replica is on its way to the new primary during a failover. */
  enum Reconfiguration {
    NONE,
    SENT,
    IN_PROGRESS,
    DONE
  }

  Reconfiguration reconfiguration = Reconfiguration.NONE;
  private long reconfigurationSentMs;
  boolean promoted;

  long linkDownMs;
  String reportedPrimaryHost;
  int reportedPrimaryPort;
  private long reportedPrimarySinceMs;
  boolean linkUp;
  int priority = 100;
  long offset;
  boolean announced = true;

  MonitoredReplica(Sentinel sentinel, MonitoredPrimary primary, Address address) {
    super(sentinel, address.host() + ":" + address.port(), address);
    this.primary = primary;
    this.reportedPrimarySinceMs = sentinel.nowMs();
    connectLink();
  }

  @Override
  String typeWord() {
    return "slave";
  }

  @Override
  boolean expectedPrimary() {
    return false;
  }

  @Override
  MonitoredPrimary primary() {
    return primary;
  }

  @Override
  long downAfterMs() {
    return primary.downAfterMs;
  }

  @Override
  long infoPeriodMs() {
    long calmMs = sentinel.timings().infoPeriodMs;
    if (primary.failover.isAwaiting(this)) {
      return Math.min(calmMs, 100);
    }
    boolean watchClosely =
        primary.objectivelyDown || primary.failover.inProgress() || linkDownMs != 0;
    return watchClosely ? Math.min(calmMs, 1000) : calmMs;
  }

  @Override
  void act(long nowMs, Deadline deadline) {
    if (reconfiguration == Reconfiguration.SENT || reconfiguration == Reconfiguration.IN_PROGRESS) {
      deadline.at(nowMs + 100);
    }
  }

  @Override
  void takeReport(InfoReport report, boolean roleChanged, long nowMs) {
    linkDownMs = report.linkDownMs;
    if (!report.isPrimary && report.roleKnown) {
      boolean moved =
          !java.util.Objects.equals(reportedPrimaryHost, report.primaryHost)
              || reportedPrimaryPort != report.primaryPort;
      if (moved || roleChanged) {
        reportedPrimarySinceMs = nowMs;
      }
      reportedPrimaryHost = report.primaryHost;
      reportedPrimaryPort = report.primaryPort;
      linkUp = report.linkUp;
      priority = report.priority;
      offset = report.offset;
      announced = report.announced;
    }
    if (!sentinel.isTilted() && report.roleKnown) {
      correct(report, nowMs);
    }
  }

  /**
   * Acts on what the replica says it is: promoted as ordered, astray, or pointed at the wrong
   * primary.
   */
  private void correct(InfoReport report, long nowMs) {
    if (report.isPrimary) {
      if (promoted && primary.failover.state() == FailoverState.WAIT_PROMOTION) {
        primary.failover.promotionSeen();
      } else if (!promoted) {
        demoteWhenAstray(nowMs);
      }
      return;
    }
    if (!primary.address.sameAs(String.valueOf(reportedPrimaryHost), reportedPrimaryPort)) {
      redirectWhenAstray(nowMs);
    }
    followReconfiguration();
  }

  /**
   * A node that calls itself primary while the group has a sane one: given time for a newer
   * configuration to arrive.
   */
  private void demoteWhenAstray(long nowMs) {
    long patienceMs = sentinel.timings().publishPeriodMs * 4;
    if (primary.looksSane(nowMs)
        && noDownFor(patienceMs, nowMs)
        && nowMs - roleReportedSinceMs > patienceMs
        && sendReplicaOf(primary.address)) {
      sentinel.events().notice("+convert-to-slave", this, "");
    }
  }

  private void redirectWhenAstray(long nowMs) {
    long patienceMs = primary.failoverTimeoutMs;
    if (primary.looksSane(nowMs)
        && noDownFor(patienceMs, nowMs)
        && nowMs - reportedPrimarySinceMs > patienceMs
        && sendReplicaOf(primary.address)) {
      sentinel.events().notice("+fix-slave-config", this, "");
    }
  }

  private void followReconfiguration() {
    MonitoredReplica target = primary.failover.promoted();
    if (target == null) {
      return;
    }
    if (reconfiguration == Reconfiguration.SENT
        && target.address.sameAs(String.valueOf(reportedPrimaryHost), reportedPrimaryPort)) {
      reconfiguration = Reconfiguration.IN_PROGRESS;
      sentinel.events().notice("+slave-reconf-inprog", this, "");
    }
    if (reconfiguration == Reconfiguration.IN_PROGRESS && linkUp) {
      reconfiguration = Reconfiguration.DONE;
      sentinel.events().notice("+slave-reconf-done", this, "");
      primary.step();
    }
  }

  /**
   * Points this replica at the new primary as part of a failover; false when it could not be sent.
   */
  boolean reconfigure(Address target, String event, long nowMs) {
    if (!sendReplicaOf(target)) {
      return false;
    }
    reconfiguration = Reconfiguration.SENT;
    reconfigurationSentMs = nowMs;
    sentinel.events().notice(event, this, "");
    return true;
  }

  /** Gives up waiting for a replica that does not follow, so that the next can be told. */
  void expireReconfiguration(long nowMs) {
    if (reconfiguration == Reconfiguration.SENT
        && nowMs - reconfigurationSentMs > sentinel.timings().replicaReconfigureTimeoutMs) {
      sentinel.events().notice("-slave-reconf-sent-timeout", this, "");
      reconfiguration = Reconfiguration.DONE;
    }
  }

  @Override
  void appendRoleFlags(StringBuilder flags) {
    appendFlag(flags, promoted, "promoted");
    appendFlag(flags, reconfiguration == Reconfiguration.SENT, "reconf_sent");
    appendFlag(flags, reconfiguration == Reconfiguration.IN_PROGRESS, "reconf_inprog");
    appendFlag(flags, reconfiguration == Reconfiguration.DONE, "reconf_done");
  }
}
