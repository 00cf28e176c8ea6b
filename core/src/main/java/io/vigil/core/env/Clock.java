package io.vigil.core.env;

/**
 * The two clocks of a node: one that never goes back, for durations, and the wall clock, for
 * deadlines of keys.
 */
public interface Clock {
  /** Nanoseconds since an arbitrary origin; never decreases. */
  long monotonicNanos();

  /** Microseconds since the Unix epoch; may jump either way. */
  long wallMicros();

  /** Milliseconds since the Unix epoch; may jump either way. */
  default long wallMs() {
    return wallMicros() / 1000;
  }

  /** Milliseconds of the monotonic clock. */
  default long monotonicMs() {
    return monotonicNanos() / 1_000_000;
  }
}
