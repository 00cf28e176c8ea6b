package io.vigil.core.replication;

/**
 * How long to wait before something that failed is tried again: a second at first, twice as long
 * each time, a minute at most. What failed long ago no longer counts, so nobody has to say that all
 * is well.
 */
final class Backoff {
  private static final long FIRST_MS = 1000;
  private static final long LONGEST_MS = 60_000;
  private static final long FORGOTTEN_AFTER_MS = 5 * LONGEST_MS;

  private long delayMs;
  private long failedMs;

  /** A failure at {@code nowMs}, of a monotonic clock; returns how long to wait. */
  long failed(long nowMs) {
    boolean again = delayMs > 0 && nowMs - failedMs < FORGOTTEN_AFTER_MS;
    delayMs = again ? Math.min(2 * delayMs, LONGEST_MS) : FIRST_MS;
    failedMs = nowMs;
    return delayMs;
  }

  /** True when what failed may be tried again. */
  boolean mayTry(long nowMs) {
    return delayMs == 0 || nowMs - failedMs >= delayMs;
  }

  /** Forgets all failures: somebody has ordered another try. */
  void clear() {
    delayMs = 0;
  }
}
