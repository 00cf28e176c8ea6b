package io.vigil.core.sentinel;

import io.vigil.core.resp.Reply;

/** A watched process that holds data: what a primary and a replica have in common. */
abstract sealed class DataNode extends Instance permits MonitoredPrimary, MonitoredReplica {
  /** The last INFO text, for SENTINEL INFO-CACHE; null before the first. */
  String info;

  /** When {@link #info} came; 0 before the first. */
  long infoRefreshMs;

  private long lastInfoSentMs = Long.MIN_VALUE / 2;
  boolean reportedPrimary;
  long roleReportedSinceMs;

  DataNode(Sentinel sentinel, String name, Address address) {
    super(sentinel, name, address);
    reportedPrimary = expectedPrimary();
    roleReportedSinceMs = sentinel.nowMs();
  }

  final void connectLink() {
    link = new InstanceLink(sentinel, this, true);
  }

  /** The role this Sentinel thinks it has. */
  abstract boolean expectedPrimary();

  abstract long infoPeriodMs();

  /** Takes what INFO says beyond run id and role. */
  abstract void takeReport(InfoReport report, boolean roleChanged, long nowMs);

  /** The process has another run id than before: it was started anew. */
  void rebooted(long nowMs) {}

  @Override
  final String[] authentication() {
    MonitoredPrimary primary = primary();
    if (primary.authPassword == null) {
      return new String[0];
    }
    String auth = command("AUTH");
    return primary.authUser == null
        ? new String[] {auth, primary.authPassword}
        : new String[] {auth, primary.authUser, primary.authPassword};
  }

  @Override
  final String passwordDirective() {
    return "sentinel auth-pass " + primary().name;
  }

  @Override
  final void sendPeriodic(long nowMs, Deadline deadline) {
    infoWhenDue(nowMs, deadline);
    pingWhenDue(nowMs, deadline);
    publishWhenDue(nowMs, deadline);
  }

  private void infoWhenDue(long nowMs, Deadline deadline) {
    long periodMs = infoPeriodMs();
    // An unanswered INFO is not repeated faster than the period, answered or not.
    long dueMs =
        Math.max(infoRefreshMs == 0 ? nowMs : infoRefreshMs + periodMs, lastInfoSentMs + periodMs);
    if (nowMs >= dueMs && link.canSend()) {
      requestInfo();
      dueMs = nowMs + periodMs;
    }
    deadline.at(dueMs);
  }

  /** The next INFO is due at once. */
  final void forgetInfoRequests() {
    lastInfoSentMs = Long.MIN_VALUE / 2;
  }

  /** Asks for INFO now. */
  final void requestInfo() {
    if (link.canSend()) {
      lastInfoSentMs = sentinel.nowMs();
      link.send(this::receivedInfo, command("INFO"));
    }
  }

  private void receivedInfo(Reply reply) {
    String text = Replies.text(reply);
    if (text == null || isReleased()) {
      return;
    }
    long nowMs = sentinel.nowMs();
    info = text;
    infoRefreshMs = nowMs;
    InfoReport report = InfoReport.parse(text);
    takeRunId(report, nowMs);
    boolean roleChanged = report.roleKnown && report.isPrimary != reportedPrimary;
    if (roleChanged) {
      reportedPrimary = report.isPrimary;
      roleReportedSinceMs = nowMs;
      String event = report.isPrimary == expectedPrimary() ? "+role-change" : "-role-change";
      String role = report.isPrimary ? "master" : "slave";
      sentinel.events().verbose(event, this, " new reported role is " + role);
    }
    takeReport(report, roleChanged, nowMs);
    if (!isReleased()) {
      step();
    }
  }

  private void takeRunId(InfoReport report, long nowMs) {
    if (report.runId == null || report.runId.equals(runId)) {
      return;
    }
    boolean known = runId != null;
    runId = report.runId;
    if (known) {
      sentinel.events().notice("+reboot", this, "");
      rebooted(nowMs);
    }
  }

  /**
   * Orders the node to follow {@code target}, or to be a primary when it is null: one transaction
   * that also saves its configuration and closes its clients, so that they look the address up
   * again. False when the link is down.
   */
  final boolean sendReplicaOf(Address target) {
    if (!link.isConnected()) {
      return false;
    }
    String host = target == null ? "NO" : target.host();
    String port = target == null ? "ONE" : Integer.toString(target.port());
    link.send(ignored -> {}, command("MULTI"));
    link.send(ignored -> {}, command("SLAVEOF"), host, port);
    link.send(ignored -> {}, command("CONFIG"), "REWRITE");
    link.send(ignored -> {}, command("CLIENT"), "KILL", "TYPE", "normal");
    link.send(ignored -> {}, command("CLIENT"), "KILL", "TYPE", "pubsub");
    link.send(ignored -> requestInfo(), command("EXEC"));
    return true;
  }
}
