package io.vigil.core.persist.store;

import io.vigil.core.env.Log;
import java.util.Locale;

/**
 * What a data file says of itself: logged as it is read, and kept where a replica goes on from it.
 */
public final class FileFacts {
  private final Log log;
  private final long nowMs;
  private String replicationId;
  private long replicationOffset = -1;
  private int streamDatabase = -1;
  private long keysLoaded;

  public FileFacts(Log log, long nowMs) {
    this.log = log;
    this.nowMs = nowMs;
  }

  /** Takes one fact; those that mean nothing here are passed over, as the format demands. */
  public void aux(String name, String value) {
    switch (name) {
      case "repl-stream-db" -> streamDatabase = (int) number(value, -1);
      case "repl-id" -> replicationId = value.length() == 40 ? value : null;
      case "repl-offset" -> replicationOffset = number(value, -1);
      case "redis-ver" -> log.notice("Loading RDB produced by version " + value);
      case "ctime" ->
          log.notice(
              String.format(
                  Locale.ROOT, "RDB age %d seconds", Math.max(0, nowMs / 1000 - number(value, 0))));
      case "used-mem" ->
          log.notice(
              String.format(
                  java.util.Locale.ROOT,
                  "RDB memory usage when created %.2f Mb",
                  number(value, 0) / (1024.0 * 1024)));
      case "aof-base" -> {
        if (number(value, 0) != 0) {
          log.notice("RDB is base AOF");
        }
      }
      default -> {
        if (name.startsWith("%")) {
          log.notice("RDB '" + name + "': " + value);
        }
      }
    }
  }

  private static long number(String text, long otherwise) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  public void keyLoaded() {
    keysLoaded++;
  }

  public long keysLoaded() {
    return keysLoaded;
  }

  /** True when the file says to which history, and how far, its data belong. */
  public boolean knowsHistory() {
    return replicationId != null && replicationOffset != -1 && streamDatabase != -1;
  }

  public String replicationId() {
    return replicationId;
  }

  public long replicationOffset() {
    return replicationOffset;
  }

  /** The database selected in the stream; -1 when the file does not say. */
  public int streamDatabase() {
    return streamDatabase;
  }
}
