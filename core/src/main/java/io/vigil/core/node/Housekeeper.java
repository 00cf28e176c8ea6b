package io.vigil.core.node;

import io.vigil.core.base.Pace;
import io.vigil.core.env.Timers;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.observe.StepTimes;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.CommandClock;

/**
 * What a server does by the clock, {@code hz} times a second: expiry, moving of records, timeouts
 * of clients, saves.
 *
 * <p>A run has so many units of work for expiry and for moving. It spends them in steps of a
 * fraction of a millisecond, each in a turn of the loop of its own, so that commands come between.
 */
final class Housekeeper {
  /** Keys looked at per second by active expiry, spread over its runs. */
  private static final long EXPIRY_UNITS_PER_SECOND = 200_000;

  private static final long MOVE_UNITS_PER_SECOND = 400_000;
  private static final int MS_PER_SECOND = 1000;
  private static final long RECLAIM_UNITS_PER_STEP = 2000;
  private static final int RECLAIM_PAUSE_MS = 1;

  private static final int LEAST_UNITS = 64;
  private static final int MOST_EXPIRY_UNITS = 4_096;
  private static final int MOST_MOVE_UNITS = 8_192;

  private final Timers timers;
  private final CommandClock clock;
  private final Keyspace keyspace;
  private final Sessions sessions;
  private final StepTimes times;
  private final Tasks tasks;
  private Timers.Timer timer;
  private long nextSecondMs;
  private boolean reclaiming;
  private final Pace expiryPace = new Pace(LEAST_UNITS, MOST_EXPIRY_UNITS);
  private final Pace movePace = new Pace(LEAST_UNITS, MOST_MOVE_UNITS);

  /** Units that this run may still use; they are used in several turns of the loop. */
  private long expiryLeft;

  private long moveLeft;
  private Timers.Timer stepTimer;

  /** What is asked of the rest of the node. */
  interface Tasks {
    /** Runs a second, {@code hz}. */
    int runsPerSecond();

    /** True on a primary whose stream may move: only there are due keys deleted. */
    boolean mayExpire();

    /** Deletes due keys for so many units of work; returns the units used. */
    long expire(long workUnits);

    /** Every run. */
    void everyRun();

    /** Once a second. */
    void everySecond();
  }

  Housekeeper(
      Timers timers,
      CommandClock clock,
      Keyspace keyspace,
      Sessions sessions,
      StepTimes times,
      Tasks tasks) {
    this.timers = timers;
    this.clock = clock;
    this.keyspace = keyspace;
    this.sessions = sessions;
    this.times = times;
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
    if (stepTimer != null) {
      stepTimer.cancel();
      stepTimer = null;
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
    int runs = tasks.runsPerSecond();
    expiryLeft = EXPIRY_UNITS_PER_SECOND / runs;
    moveLeft = MOVE_UNITS_PER_SECOND / runs;
    if (stepTimer == null) {
      step();
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

  /** Uses up some of the units of this run; more of the same at the next turn of the loop. */
  private void step() {
    stepTimer = null;
    clock.refresh(clock.monotonicNanos());
    keyspace.setWallMs(clock.wallMs());
    expireSome();
    moveSome();
    if (expiryLeft > 0 || moveLeft > 0) {
      stepTimer = timers.schedule(0, this::step);
    }
  }

  private void expireSome() {
    long units = Math.min(expiryLeft, expiryPace.units());
    if (units <= 0 || !tasks.mayExpire()) {
      expiryLeft = 0;
      return;
    }
    long startNanos = clock.monotonicNanos();
    long used = tasks.expire(units);
    long tookNanos = clock.monotonicNanos() - startNanos;
    if (used > 0) {
      expiryPace.took(tookNanos);
      times.add(StepTimes.Kind.EXPIRE, tookNanos);
    }
    expiryLeft = used < units ? 0 : expiryLeft - used;
  }

  private void moveSome() {
    long units = Math.min(moveLeft, movePace.units());
    if (units <= 0 || !keyspace.isMovingDue()) {
      moveLeft = 0;
      return;
    }
    long startNanos = clock.monotonicNanos();
    long used = keyspace.moveStep(units);
    long tookNanos = clock.monotonicNanos() - startNanos;
    movePace.took(tookNanos);
    times.add(StepTimes.Kind.MOVE, tookNanos);
    moveLeft = used == 0 ? 0 : moveLeft - used;
  }
}
