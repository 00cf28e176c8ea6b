package io.vigil.core.replication;

import io.vigil.core.env.Env;
import io.vigil.core.session.ClientPause;

/**
 * Slows writers while a backlog that has grown for a synchronising replica nears its bound: for one
 * half of every period writes are held back, as CLIENT PAUSE WRITE does, so that at least half of
 * the throughput stays.
 *
 * <p>Only for a replica that has made progress in the last seconds, and at most {@code
 * repl-timeout} per synchronisation; afterwards the backlog grows unhindered, up to its bound.
 */
final class WriterBrake {
  private static final int PERIOD_MS = 20;
  private static final int HOLD_MS = PERIOD_MS / 2;
  private static final int PROGRESS_WITHIN_MS = 5000;

  private final Env env;
  private final ReplicationSettings settings;
  private final ReplicationCounters counters;
  private final ClientPause pause;
  private Subject subject = () -> null;
  private boolean running;

  /** Names the replica for which writers should be slowed; null when there is none. */
  @FunctionalInterface
  interface Subject {
    Replica replica();
  }

  WriterBrake(
      Env env, ReplicationSettings settings, ReplicationCounters counters, ClientPause pause) {
    this.env = env;
    this.settings = settings;
    this.counters = counters;
    this.pause = pause;
  }

  void subject(Subject value) {
    subject = value;
  }

  /** Begins to slow writers, if there is reason to. */
  void check() {
    if (!running) {
      step();
    }
  }

  private void step() {
    Replica replica = subject.replica();
    running = replica != null && deserves(replica);
    if (!running) {
      return;
    }
    if (replica.slowedMs == 0) {
      env.log()
          .notice(
              "Writers are slowed until replica " + replica.name() + " has caught up a little.");
    }
    replica.slowedMs += HOLD_MS;
    counters.writersSlowedMs += HOLD_MS;
    pause.pause(ClientPause.Purpose.BACKLOG, ClientPause.Mode.WRITE, HOLD_MS);
    env.timers().schedule(PERIOD_MS, this::step);
  }

  private boolean deserves(Replica replica) {
    return replica.slowedMs < settings.timeoutSeconds * 1000L
        && env.clock().monotonicMs() - replica.progressMs() <= PROGRESS_WITHIN_MS;
  }
}
