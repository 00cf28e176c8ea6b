package io.vigil.core.sentinel;

import io.vigil.core.env.Timers.Timer;
import io.vigil.core.resp.Reply;

/**
 * One process a Sentinel watches: a primary, one of its replicas, or another Sentinel.
 *
 * <p>Each instance runs on its own timer: {@link #step} does everything that is due and sets the
 * timer to the next moment at which something can be, so that a deadline is met to the millisecond
 * rather than at the next tick. An event that may change the outcome (a reply, a lost connection, a
 * hello) calls {@code step} at once.
 */
abstract sealed class Instance permits DataNode, OtherSentinel {
  /** No instance sleeps longer than this, so that a stall of the whole process is noticed. */
  private static final long LONGEST_SLEEP_MS = 1_000;

  final Sentinel sentinel;
  String name;
  Address address;
  String runId;
  InstanceLink link;

  boolean subjectivelyDown;
  long subjectivelyDownSinceMs;
  boolean scriptKillSent;
  private boolean released;
  private Timer timer;

  /** When a hello message was last published through this instance. */
  long lastPublishMs;

  Instance(Sentinel sentinel, String name, Address address) {
    this.sentinel = sentinel;
    this.name = name;
    this.address = address;
  }

  /** {@code master}, {@code slave} or {@code sentinel}: the words of events. */
  abstract String typeWord();

  /** The primary of the group this instance belongs to; itself for a primary. */
  abstract MonitoredPrimary primary();

  abstract long downAfterMs();

  /** The words of the AUTH command to open a connection with; empty when none is needed. */
  abstract String[] authentication();

  /** The directive that gives the password for it. */
  abstract String passwordDirective();

  /**
   * Does what is due at {@code nowMs} beyond what all instances do, and says when it is due again.
   */
  abstract void act(long nowMs, Deadline deadline);

  /** Sends what is due on an open link. */
  abstract void sendPeriodic(long nowMs, Deadline deadline);

  /** A command's name as this group spells it: administrators may have renamed it. */
  final String command(String name) {
    return primary().renamedCommand(name);
  }

  final boolean isReleased() {
    return released;
  }

  /** Starts the life of a new instance. */
  final void start() {
    timer = sentinel.env().timers().schedule(0, this::step);
  }

  /** Ends it: no timer and no link remain. */
  void release() {
    released = true;
    if (timer != null) {
      timer.cancel();
    }
    link.release(this);
  }

  /** Does everything that is due now and sets the timer for what comes next. */
  final void step() {
    if (released || !sentinel.isRunning()) {
      return;
    }
    long nowMs = sentinel.observeTime();
    Deadline deadline = new Deadline(nowMs + LONGEST_SLEEP_MS);
    link.closeStale(nowMs, downAfterMs(), sentinel.timings());
    link.connect(this, nowMs, sentinel.timings().pingPeriodFor(downAfterMs()), deadline);
    if (link.isConnected()) {
      sendPeriodic(nowMs, deadline);
    }
    if (sentinel.isTilted()) {
      deadline.at(sentinel.tiltEndsMs());
    } else {
      checkSubjectivelyDown(nowMs, deadline);
      act(nowMs, deadline);
    }
    sleepUntil(deadline.earliestMs(), nowMs);
  }

  private void sleepUntil(long dueMs, long nowMs) {
    if (released) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timer = sentinel.env().timers().schedule(Math.max(1, dueMs - nowMs), this::step);
  }

  /** PING, when the last answer is old enough. */
  final void pingWhenDue(long nowMs, Deadline deadline) {
    long periodMs = sentinel.timings().pingPeriodFor(downAfterMs());
    long dueMs = Math.max(link.lastPongMs + periodMs, link.lastPingMs + periodMs / 2);
    if (nowMs >= dueMs && link.canSend()) {
      sendPing();
      dueMs = nowMs + periodMs;
    }
    deadline.at(dueMs);
  }

  /** Sends PING; the time of the oldest unanswered one stands until a valid answer comes. */
  final void sendPing() {
    long nowMs = sentinel.nowMs();
    link.lastPingMs = nowMs;
    if (link.activePingMs == 0) {
      link.activePingMs = nowMs;
    }
    link.send(this::receivedPong, command("PING"));
  }

  private void receivedPong(Reply reply) {
    long nowMs = sentinel.nowMs();
    link.lastPongMs = nowMs;
    String text = Replies.statusOrError(reply);
    if (text.startsWith("PONG") || text.startsWith("LOADING") || text.startsWith("MASTERDOWN")) {
      link.lastAvailableMs = nowMs;
      link.activePingMs = 0;
      if (text.startsWith("PONG")) {
        answeredReady();
      }
      if (subjectivelyDown) {
        step();
      }
    } else if (text.startsWith("BUSY") && subjectivelyDown && !scriptKillSent) {
      scriptKillSent = true;
      sentinel.events().debug("+script-kill-sent", this, "");
      link.send(ignored -> {}, command("SCRIPT"), "KILL");
    }
  }

  /** A PONG came, not merely a sign of life. */
  void answeredReady() {}

  /** Publishes a hello message through this instance when it is due. */
  final void publishWhenDue(long nowMs, Deadline deadline) {
    long dueMs = lastPublishMs == 0 ? nowMs : lastPublishMs + sentinel.timings().publishPeriodMs;
    if (nowMs >= dueMs && link.canSend()) {
      lastPublishMs = nowMs;
      HelloMessage hello = sentinel.helloFor(primary(), link.localHost());
      link.send(ignored -> {}, command("PUBLISH"), HelloMessage.CHANNEL, hello.encode());
      dueMs = nowMs + sentinel.timings().publishPeriodMs;
    }
    deadline.at(dueMs);
  }

  /**
   * Silence of {@code downAfterMs} since the last valid answer, with a question open, means
   * subjectively down.
   */
  private void checkSubjectivelyDown(long nowMs, Deadline deadline) {
    boolean asked = link.activePingMs != 0 || !link.isConnected();
    long silentSinceMs = Math.max(link.lastAvailableMs, silenceStartsMs());
    long dueMs = silentSinceMs + downAfterMs() + 1;
    boolean silent = asked && nowMs >= dueMs;
    if (asked && !silent) {
      deadline.at(dueMs);
    }
    boolean down = silent || isWrong(nowMs, deadline);
    if (down && !subjectivelyDown) {
      subjectivelyDown = true;
      subjectivelyDownSinceMs = nowMs;
      sentinel.events().warning("+sdown", this, "");
    } else if (!down && subjectivelyDown) {
      subjectivelyDown = false;
      scriptKillSent = false;
      sentinel.events().warning("-sdown", this, "");
    }
  }

  /** The moment before which silence does not count. */
  long silenceStartsMs() {
    return 0;
  }

  /** Reasons to hold an instance down although it answers. */
  boolean isWrong(long nowMs, Deadline deadline) {
    return false;
  }

  /** True when it was not held down within the last {@code periodMs}. */
  boolean noDownFor(long periodMs, long nowMs) {
    return subjectivelyDownSinceMs == 0 || nowMs - subjectivelyDownSinceMs > periodMs;
  }

  /** The flags field of the SENTINEL replies. */
  final String flags() {
    StringBuilder flags = new StringBuilder();
    appendFlag(flags, subjectivelyDown, "s_down");
    appendDownFlags(flags);
    appendFlag(flags, true, typeWord());
    appendFlag(flags, !link.isConnected(), "disconnected");
    appendRoleFlags(flags);
    appendFlag(flags, scriptKillSent, "script_kill_sent");
    return flags.toString();
  }

  void appendDownFlags(StringBuilder flags) {}

  void appendRoleFlags(StringBuilder flags) {}

  static void appendFlag(StringBuilder flags, boolean set, String word) {
    if (set) {
      if (!flags.isEmpty()) {
        flags.append(',');
      }
      flags.append(word);
    }
  }

  /**
   * How events name an instance: {@code <type> <name> <ip> <port> [@ <primary name> <ip> <port>]}.
   */
  final String describe() {
    String self = typeWord() + " " + name + " " + address;
    MonitoredPrimary primary = primary();
    return primary == this ? self : self + " @ " + primary.name + " " + primary.address;
  }
}
