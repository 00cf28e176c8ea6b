package io.vigil.core.sentinel;

import io.vigil.core.resp.Reply;
import java.util.List;

/**
 * Another Sentinel that watches the same group: asked whether the primary is down, and for its
 * vote.
 */
final class OtherSentinel extends Instance {
  private final MonitoredPrimary primary;

  /** It said, lately, that the primary is down. */
  boolean saysPrimaryDown;

  private long lastAnswerMs = Long.MIN_VALUE / 2;
  long lastAskMs = Long.MIN_VALUE / 2;
  long lastHelloMs;

  /** Whom it voted for, and in which epoch; null before it said so. */
  String votedLeader;

  long votedEpoch;

  OtherSentinel(Sentinel sentinel, MonitoredPrimary primary, String runId, Address address) {
    super(sentinel, runId, address);
    this.primary = primary;
    this.runId = runId;
    this.lastHelloMs = sentinel.nowMs();
    this.link = sentinel.linkToSentinel(this);
  }

  @Override
  String typeWord() {
    return "sentinel";
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
  String passwordDirective() {
    return "sentinel sentinel-pass";
  }

  @Override
  String[] authentication() {
    return sentinel.sentinelAuthentication();
  }

  @Override
  void sendPeriodic(long nowMs, Deadline deadline) {
    pingWhenDue(nowMs, deadline);
    publishWhenDue(nowMs, deadline);
  }

  @Override
  void act(long nowMs, Deadline deadline) {
    if (saysPrimaryDown && isAnswerStale(nowMs)) {
      saysPrimaryDown = false;
    }
  }

  private boolean isAnswerStale(long nowMs) {
    return nowMs - lastAnswerMs > sentinel.timings().askPeriodMs * 5;
  }

  boolean isReachable() {
    return link.isConnected() && !subjectivelyDown;
  }

  /**
   * Asks for its view of the primary, and for its vote when {@code epoch} is one this Sentinel
   * stands in.
   */
  void ask(long nowMs, boolean standing) {
    if (!link.canSend()) {
      return;
    }
    lastAskMs = nowMs;
    link.send(
        this::answered,
        command("SENTINEL"),
        "is-master-down-by-addr",
        primary.address.host(),
        Integer.toString(primary.address.port()),
        Long.toUnsignedString(standing ? primary.failover.epoch() : sentinel.currentEpoch()),
        standing ? sentinel.myId() : "*");
  }

  private void answered(Reply reply) {
    if (!(reply instanceof Reply.Array array) || array.elements().size() != 3) {
      return;
    }
    List<Reply> parts = array.elements();
    if (!(parts.get(0) instanceof Reply.Int down) || !(parts.get(2) instanceof Reply.Int epoch)) {
      return;
    }
    lastAnswerMs = sentinel.nowMs();
    saysPrimaryDown = down.value() == 1;
    String leader = Replies.text(parts.get(1));
    boolean asked = leader != null && !leader.equals("*");
    // A Sentinel that was started anew knows that it voted in an epoch, and no longer for whom.
    boolean forgotten = !asked && epoch.value() != 0;
    if (forgotten && epoch.value() != votedEpoch) {
      votedLeader = null;
      votedEpoch = epoch.value();
    }
    if (asked) {
      if (votedEpoch != epoch.value() && !isReleased()) {
        sentinel.logVote(this, leader, epoch.value());
      }
      votedLeader = leader;
      votedEpoch = epoch.value();
    }
    if (!isReleased()) {
      primary.step();
    }
  }
}
