package io.vigil.core.env;

/** Where log lines go. The prefix (pid, role, time, mark) is the receiver's work. */
public interface Log {
  /** Severity, in Redis's words. */
  enum Level {
    DEBUG,
    VERBOSE,
    NOTICE,
    WARNING
  }

  /** True when a line of {@code level} would be written: ask before building a costly message. */
  boolean isEnabled(Level level);

  void log(Level level, String message);

  default void notice(String message) {
    log(Level.NOTICE, message);
  }

  default void warning(String message) {
    log(Level.WARNING, message);
  }

  default void verbose(String message) {
    log(Level.VERBOSE, message);
  }

  default void debug(String message) {
    log(Level.DEBUG, message);
  }
}
