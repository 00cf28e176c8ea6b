package io.vigil.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that holds the process id; written as well as can be, like Redis's. */
final class PidFile {
  private PidFile() {}

  static void write(Path file) {
    try {
      Files.writeString(file, ProcessHandle.current().pid() + "\n");
    } catch (IOException _) {
      // Redis too serves on without: a read-only /var/run must not keep a server from starting.
    }
  }
}
