package io.vigil.it;

import java.time.Duration;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/**
 * Waits for what another process is about to do. What tells by itself (the end of a process, a
 * published message) is waited for directly; this is for what has to be asked, the one place where
 * a test looks again and again.
 */
final class Await {
  private static final int POLL_MS = 20;

  private Await() {}

  /** A question whose failure only means "not yet". */
  @FunctionalInterface
  interface Check {
    boolean holds() throws Exception;
  }

  /** Asks until it holds, or fails with what was waited for. */
  static void until(String what, Duration limit, Check check) {
    until(() -> what, limit, check);
  }

  /** Asks until it holds, or fails with what was waited for, put into words only then. */
  static void until(Supplier<String> what, Duration limit, Check check) {
    long deadline = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (Exception e) {
        last = e;
      }
      pause();
    }
    Assertions.fail("not within " + limit.toSeconds() + " s: " + what.get(), last);
  }

  static void pause() {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
