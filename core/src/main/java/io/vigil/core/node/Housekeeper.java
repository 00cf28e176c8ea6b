package io.vigil.core.node;

import io.vigil.core.env.Timers;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.CommandClock;

/**
 * What a server does by the clock, {@code hz} times a second: expiry, moving of records, timeouts
 * of clients, saves.
 */
final class Housekeeper {
  /** Keys looked at per second by active expiry, spread over its runs. */
  private static final long EXPIRY_UNITS_PER_SECOND = 200_000;

  private static final long MOVE_UNITS_PER_SECOND = 400_000;
  private static final int MS_PER_SECOND = 1000;
  private static final long RECLAIM_UNITS_PER_STEP = 2000;
  private static final int RECLAIM_PAUSE_MS = 1;

  private final Timers timers;
  private final CommandClock clock;
  private final Keyspace keyspace;
  private final Sessions sessions;
  private final Tasks tasks;
  private Timers.Timer timer;
  private long nextSecondMs;
  private boolean reclaiming;

  /** What is asked of the rest of the node. */
  interface Tasks {
    /** Runs a second, {@code hz}. */
    int runsPerSecond();

    /** True on a primary whose stream may move: only there are due keys deleted. */
    boolean mayExpire();

    /** Deletes due keys for so many units of work. */
    void expire(long workUnits);

    /** Every run. */
    void everyRun();

    /** Once a second. */
    void everySecond();
  }

  Housekeeper(
      Timers timers, CommandClock clock, Keyspace keyspace, Sessions sessions, Tasks tasks) {
    this.timers = timers;
    this.clock = clock;
    this.keyspace = keyspace;
    this.sessions = sessions;
    this.tasks = tasks;
  }

  void start() {
    timer = timers.schedule(periodMs(), this::run);
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private int periodMs() {
    return MS_PER_SECOND / tasks.runsPerSecond();
  }

  /** Memory of deleted collections comes back in steps of well under a millisecond each. */
  private void reclaim() {
    keyspace.reclaimStep(RECLAIM_UNITS_PER_STEP);
    reclaiming = keyspace.isReclaiming();
    if (reclaiming && timer != null) {
      timers.schedule(RECLAIM_PAUSE_MS, this::reclaim);
    }
  }

  private void run() {
    timer = timers.schedule(periodMs(), this::run);
    clock.refresh(clock.monotonicNanos());
    keyspace.setWallMs(clock.wallMs());
    int runs = tasks.runsPerSecond();
    if (tasks.mayExpire()) {
      tasks.expire(EXPIRY_UNITS_PER_SECOND / runs);
    }
    if (keyspace.isMovingDue()) {
      keyspace.moveStep(MOVE_UNITS_PER_SECOND / runs);
    }
    if (keyspace.isReclaiming() && !reclaiming) {
      reclaim();
    }
    tasks.everyRun();
    if (clock.monotonicMs() >= nextSecondMs) {
      nextSecondMs = clock.monotonicMs() + MS_PER_SECOND;
      sessions.forEach(sessions::inspect);
      tasks.everySecond();
    }
  }
}
