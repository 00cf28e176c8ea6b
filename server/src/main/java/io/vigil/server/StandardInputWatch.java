package io.vigil.server;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the process when its standard input ends: how {@code vigil up} makes sure that its processes
 * do not outlive it, whatever kills it. Only when the environment asks for it.
 */
final class StandardInputWatch {
  private static final String VARIABLE = "VIGIL_EXIT_WHEN_STDIN_CLOSES";
  private static final long PATIENCE_NANOS = 3_500_000_000L;

  private StandardInputWatch() {}

  /** {@code shutDown} asks for the orderly end; after 3.5 s without it the process is stopped. */
  static void startIfAsked(Runnable shutDown) {
    if (!"1".equals(System.getenv(VARIABLE))) {
      return;
    }
    Thread thread = new Thread(() -> watch(shutDown), "vigil-stdin-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch(Runnable shutDown) {
    byte[] ignored = new byte[64];
    try {
      while (System.in.read(ignored) >= 0) {
        continue;
      }
    } catch (IOException _) {
      // As good as an end: whoever held the other side is gone.
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    shutDown.run();
    while (deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(deadline - System.nanoTime());
    }
    Runtime.getRuntime().halt(1);
  }
}
