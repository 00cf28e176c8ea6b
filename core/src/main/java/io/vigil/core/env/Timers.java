package io.vigil.core.env;

/** One-shot timers on the monotonic clock. */
public interface Timers {
  /**
   * Runs {@code action} in the core once {@code delayMs} milliseconds have passed; zero or less
   * means at the next turn of the loop, never from inside this call.
   */
  Timer schedule(long delayMs, Runnable action);

  /** A timer that has been set. */
  interface Timer {
    /** Takes the timer back; no effect once it has fired. */
    void cancel();
  }
}
