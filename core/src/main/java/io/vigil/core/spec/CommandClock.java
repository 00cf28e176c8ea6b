package io.vigil.core.spec;

import io.vigil.core.env.Clock;

/**
 * The clock that commands see: wall time stands still while a command, a transaction or a script
 * runs, and is read anew only where it may have moved. Monotonic time is the real one.
 */
public final class CommandClock implements Clock {
  private static final long STALE_AFTER_NANOS = 500_000;

  private final Clock clock;
  private long wallMicros;
  private long readAtNanos;

  public CommandClock(Clock clock) {
    this.clock = clock;
    refresh(clock.monotonicNanos());
  }

  @Override
  public long monotonicNanos() {
    return clock.monotonicNanos();
  }

  @Override
  public long wallMicros() {
    return wallMicros;
  }

  /** Reads the wall clock; {@code nowNanos} is the monotonic time at which that happens. */
  public void refresh(long nowNanos) {
    wallMicros = clock.wallMicros();
    readAtNanos = nowNanos;
  }

  /**
   * Reads the wall clock when the last reading is too old at the monotonic time {@code nowNanos}.
   */
  public void refreshIfStale(long nowNanos) {
    if (nowNanos - readAtNanos > STALE_AFTER_NANOS) {
      refresh(nowNanos);
    }
  }
}
