package io.vigil.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that holds the process id; written as well as can be, like Redis's. */
final class PidFile {
  private static final String DEFAULT = "/var/run/redis.pid";

  private PidFile() {}

  /** Where the file goes, or null when none is asked for. A daemon always has one. */
  static String path(StartConfiguration configuration) {
    if (configuration.settings.pidFile.isSet()) {
      return configuration.resolve(configuration.settings.pidFile.get()).toString();
    }
    return configuration.settings.daemonize.get() ? DEFAULT : null;
  }

  static void write(String path) {
    try {
      Files.writeString(Path.of(path), ProcessHandle.current().pid() + "\n");
    } catch (IOException _) {
      // Redis too serves on without: a read-only /var/run must not keep a server from starting.
    }
  }
}
