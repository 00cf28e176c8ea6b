package io.vigil.server;

import io.vigil.core.env.Log;
import io.vigil.core.observe.config.Settings;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Fits {@code maxclients} to the descriptors this process may open. The JVM has raised the soft
 * limit to the hard one already, so there is nothing left to raise.
 */
final class DescriptorLimit {
  /** Descriptors for listeners, files, jars and links beside those of clients: as in Redis. */
  private static final int RESERVED = 32;

  private static final String LABEL = "Max open files";

  private DescriptorLimit() {}

  /** False when not even one client would fit, which has been logged. */
  static boolean adjust(Log log, Settings settings) {
    return adjust(log, settings, current());
  }

  static boolean adjust(Log log, Settings settings, long limit) {
    long asked = settings.maxClients.get();
    long needed = asked + RESERVED;
    if (limit >= needed) {
      return true;
    }
    if (limit <= RESERVED) {
      log.warning(
          "Your current 'ulimit -n' of "
              + limit
              + " is not enough for the server to start. Please increase your open file limit to at"
              + " least "
              + needed
              + ". Exiting.");
      return false;
    }
    settings.maxClients.adjust(limit - RESERVED);
    log.warning(
        "You requested maxclients of "
            + asked
            + " requiring at least "
            + needed
            + " max file descriptors.");
    log.warning(
        "Server can't set maximum open files to "
            + needed
            + " because of OS error: Operation not permitted.");
    log.warning(
        "Current maximum open files is "
            + limit
            + ". maxclients has been reduced to "
            + settings.maxClients.get()
            + " to compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.");
    return true;
  }

  /** The soft limit; no limit where the system does not tell. */
  private static long current() {
    try (InputStream in = new FileInputStream("/proc/self/limits")) {
      String limits = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      int at = limits.indexOf(LABEL) + LABEL.length();
      String rest = limits.substring(at).stripLeading();
      String word = rest.substring(0, rest.indexOf(' '));
      return word.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(word);
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }
}
