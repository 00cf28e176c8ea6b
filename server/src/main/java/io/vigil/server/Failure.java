package io.vigil.server;

import io.vigil.core.base.Version;
import io.vigil.core.env.Log;

/**
 * The end after a bug: an exception that nothing was made to handle leaves a state that nobody
 * knows, so the process reports it and stops at once. A loop or worker never dies in silence.
 */
final class Failure {
  /** As after a signal that a bug raises in a C program; init systems restart on it. */
  private static final int STATUS = 134;

  private Failure() {}

  /** Reports {@code failure} through {@code log} and ends the process. Does not return. */
  static void stop(Log log, Throwable failure) {
    try {
      log.warning("=== VIGIL BUG REPORT START: Cut & paste starting from here ===");
      log.warning(
          "Vigil " + Version.VIGIL + " (as Redis " + Version.REDIS + ") crashed: " + failure);
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        log.warning(cause.toString());
        for (StackTraceElement frame : cause.getStackTrace()) {
          log.warning("    at " + frame);
        }
      }
      log.warning("=== VIGIL BUG REPORT END. Please report it with the lines above ===");
    } finally {
      Runtime.getRuntime().halt(STATUS); // even when there is no memory left to report
    }
  }

  /** Makes every thread report through {@code log} what it did not handle. */
  static void watchAllThreads(Log log) {
    Thread.setDefaultUncaughtExceptionHandler((_, failure) -> stop(log, failure));
  }
}
