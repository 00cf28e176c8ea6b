package io.vigil.core.sentinel;

/**
 * Gathers the earliest moment at which something is due, in milliseconds of the monotonic clock.
 */
final class Deadline {
  private long earliestMs;

  Deadline(long latestMs) {
    earliestMs = latestMs;
  }

  void at(long dueMs) {
    earliestMs = Math.min(earliestMs, dueMs);
  }

  long earliestMs() {
    return earliestMs;
  }
}
