package io.vigil.server;

import io.vigil.core.env.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * Log lines exactly as Redis writes them: {@code pid:role 20 Nov 2026 13:01:14.723 * text}. The
 * file is opened for each line, so that a rotated or deleted one comes back by itself, and what
 * another process appends to it stays whole. Safe for use by several threads.
 */
final class ProcessLog implements Log {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  private static final char[] MARKS = {'.', '-', '*', '#'};

  private final long pid = ProcessHandle.current().pid();
  private final ZoneId zone = ZoneId.systemDefault();
  private final OutputStream standardOutput = new FileOutputStream(FileDescriptor.out);
  private volatile Level level = Level.NOTICE;
  private volatile Role role = () -> 'C';
  private volatile boolean toStandardOutput = true;
  private String file = "";
  private long cachedSecond = Long.MIN_VALUE;
  private String cachedTime;

  /** Lines below {@code level} are dropped from now on. */
  void level(Level lowest) {
    level = lowest;
  }

  /** The letter behind the pid. */
  interface Role {
    /** {@code M} for a primary, {@code S} for a replica, {@code X} for a Sentinel. */
    char letter();
  }

  /** Asks {@code source} for the letter from now on; it is {@code C} until then. */
  void role(Role source) {
    role = source;
  }

  /** Appends to {@code path}, absolute, from now on; empty for the standard output. */
  synchronized void file(String path) {
    file = path;
  }

  /** Whether lines go to the standard output when there is no file: not once detached. */
  void toStandardOutput(boolean allowed) {
    toStandardOutput = allowed;
  }

  /** The level that {@code loglevel} names. */
  static Level levelOf(String word) {
    return switch (word) {
      case "debug" -> Level.DEBUG;
      case "verbose" -> Level.VERBOSE;
      case "notice" -> Level.NOTICE;
      case "warning" -> Level.WARNING;
      default -> throw new IllegalArgumentException("no log level " + word);
    };
  }

  @Override
  public boolean isEnabled(Level asked) {
    return asked.compareTo(level) >= 0;
  }

  @Override
  public void log(Level asked, String message) {
    if (isEnabled(asked)) {
      write(prefix(MARKS[asked.ordinal()]) + message + "\n");
    }
  }

  /** Several lines as they are, without prefix, at level notice: the logo. */
  void raw(String text) {
    if (isEnabled(Level.NOTICE)) {
      write(text);
    }
  }

  /** A line in the form of Redis's signal handlers, which may not use the usual one. */
  void fromSignalHandler(String message) {
    write(pid + ":signal-handler (" + System.currentTimeMillis() / 1000 + ") " + message + "\n");
  }

  private synchronized String prefix(char mark) {
    long nowMs = System.currentTimeMillis();
    long second = Math.floorDiv(nowMs, 1000);
    if (second != cachedSecond) {
      cachedSecond = second;
      cachedTime = time(second);
    }
    String milli = Long.toString(1000 + Math.floorMod(nowMs, 1000)).substring(1);
    return pid + ":" + role.letter() + " " + cachedTime + milli + " " + mark + " ";
  }

  private String time(long second) {
    LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochSecond(second), zone);
    return two(at.getDayOfMonth())
        + " "
        + MONTHS[at.getMonthValue() - 1]
        + " "
        + at.getYear()
        + " "
        + two(at.getHour())
        + ":"
        + two(at.getMinute())
        + ":"
        + two(at.getSecond())
        + ".";
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }

  private synchronized void write(String text) {
    byte[] line = encode(text);
    if (file.isEmpty()) {
      if (toStandardOutput) {
        writeTo(standardOutput, line);
      }
      return;
    }
    try (OutputStream out = new FileOutputStream(file, true)) {
      out.write(line);
    } catch (IOException _) {
      // As Redis: a full disk or a removed folder must not stop the server, and there is nowhere
      // left to say so.
    }
  }

  private static void writeTo(OutputStream out, byte[] line) {
    try {
      out.write(line);
    } catch (IOException _) {
      // The reader of our standard output is gone; the server serves on.
    }
  }

  /** Text from the wire has one character per byte; anything else is written as UTF-8. */
  private static byte[] encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
