package io.vigil.server;

import io.vigil.core.env.Log;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * The init system that watches this process, if any: {@code supervised no|upstart|systemd|auto}.
 * systemd is told by datagrams when the server is ready, upstart by a stop of the process.
 */
final class Supervision {
  /** Sends a message to the socket that systemd named. */
  interface Notifier {
    void send(String socketPath, String message) throws IOException;
  }

  private final Log log;
  private final Notifier notifier;
  private final String socket;

  private Supervision(Log log, Notifier notifier, String socket) {
    this.log = log;
    this.notifier = notifier;
    this.socket = socket;
  }

  /**
   * Finds out who supervises, and says hello; {@code environment} looks up a variable. The result
   * is never null.
   */
  static Supervision begin(
      String mode, UnaryOperator<String> environment, Log log, Notifier notifier)
      throws IOException {
    String upstart = environment.apply("UPSTART_JOB");
    String socket = environment.apply("NOTIFY_SOCKET");
    String wanted = mode;
    if (mode.equals("auto")) {
      wanted = upstart != null ? "upstart" : socket != null ? "systemd" : "no";
    }
    if (wanted.equals("upstart") && upstart == null) {
      log.warning("upstart supervision requested, but UPSTART_JOB not found!");
    } else if (wanted.equals("upstart")) {
      log.notice("Supervised by upstart, will stop to signal readiness.");
      new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
          .inheritIO()
          .start();
      return new Supervision(log, notifier, "");
    } else if (wanted.equals("systemd") && socket == null) {
      log.warning("systemd supervision error: NOTIFY_SOCKET not found!");
    } else if (wanted.equals("systemd")) {
      Supervision systemd = new Supervision(log, notifier, socket);
      systemd.tell("STATUS=Redis is loading...\n");
      log.notice(
          "Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec"
              + " and TimeoutStopSec in your service unit.");
      return systemd;
    }
    return new Supervision(log, notifier, null);
  }

  /** True when an init system watches this very process, which then must not detach itself. */
  boolean isSupervised() {
    return socket != null;
  }

  /** Commands and data are served from now on. */
  void ready() {
    tell("STATUS=Ready to accept connections\n");
    tell("READY=1\n");
  }

  /** The end has begun. */
  void stopping() {
    tell("STOPPING=1\n");
  }

  private void tell(String message) {
    if (socket == null || socket.isEmpty()) {
      return;
    }
    try {
      notifier.send(socket, message);
    } catch (IOException e) {
      log.warning("systemd supervision error: sd_notify: " + e.getMessage());
    }
  }
}
