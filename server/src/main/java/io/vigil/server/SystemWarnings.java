package io.vigil.server;

import io.vigil.core.env.Log;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What Redis says at start about settings of the kernel. */
final class SystemWarnings {
  private SystemWarnings() {}

  /** Warns when the kernel would cut the queue of connections that wait to be accepted. */
  static void backlog(Log log, int backlog) {
    String limit = read("/proc/sys/net/core/somaxconn");
    if (limit.isEmpty()) {
      return;
    }
    int somaxconn = Integer.parseInt(limit);
    if (somaxconn > 0 && somaxconn < backlog) {
      log.warning(
          "WARNING: The TCP backlog setting of "
              + backlog
              + " cannot be enforced because /proc/sys/net/core/somaxconn is set to the lower"
              + " value of "
              + somaxconn
              + ".");
    }
  }

  /** Warns of a {@code maxmemory} so small that it is likely a slip of the unit. */
  static void smallMaxMemory(Log log, long maxMemoryBytes) {
    if (maxMemoryBytes > 0 && maxMemoryBytes < 1024 * 1024) {
      log.warning(
          "WARNING: You specified a maxmemory value that is less than 1MB (current value is "
              + maxMemoryBytes
              + " bytes). Are you sure this is what you really want?");
    }
  }

  private static String read(String path) {
    try (InputStream in = new FileInputStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).strip();
    } catch (IOException _) {
      return ""; // Not Linux, or hidden in this container: nothing to warn of.
    }
  }
}
