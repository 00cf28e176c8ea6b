package io.vigil.core.sentinel;

import io.vigil.core.env.Log;
import io.vigil.core.env.Log.Level;

/**
 * Everything that happens, told three ways: a log line, a published message whose channel is the
 * event's name, and, for warnings, the notification script of the group.
 */
final class SentinelEvents {
  /** Publishes to the clients that subscribed to this Sentinel. */
  @FunctionalInterface
  interface Publisher {
    void publish(String channel, String message);
  }

  private final Log log;
  private final Publisher publisher;
  private final ScriptRunner scripts;

  SentinelEvents(Log log, Publisher publisher, ScriptRunner scripts) {
    this.log = log;
    this.publisher = publisher;
    this.scripts = scripts;
  }

  void warning(String event, Instance about, String rest) {
    tell(Level.WARNING, event, about, about.describe() + rest);
  }

  void notice(String event, Instance about, String rest) {
    tell(Level.NOTICE, event, about, about.describe() + rest);
  }

  void verbose(String event, Instance about, String rest) {
    tell(Level.VERBOSE, event, about, about.describe() + rest);
  }

  void debug(String event, Instance about, String rest) {
    tell(Level.DEBUG, event, about, about.describe() + " " + rest);
  }

  /**
   * An event whose text does not start with an instance; {@code about} may be null and decides the
   * script only.
   */
  void plain(Level level, String event, Instance about, String text) {
    tell(level, event, about, text);
  }

  private void tell(Level level, String event, Instance about, String text) {
    if (log.isEnabled(level)) {
      log.log(level, event + " " + text);
    }
    if (level != Level.DEBUG) {
      publisher.publish(event, text);
    }
    if (level == Level.WARNING && about != null) {
      String script = about.primary().notificationScript;
      if (script != null) {
        scripts.schedule(script, event, text);
      }
    }
  }
}
