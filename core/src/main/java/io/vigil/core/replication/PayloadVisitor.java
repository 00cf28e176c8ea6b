package io.vigil.core.replication;

import io.vigil.core.env.Log;
import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbVisitor;
import io.vigil.core.persist.store.SaveState;

/** Passes the entries of a payload on, and keeps what it says of itself. */
final class PayloadVisitor implements RdbVisitor {
  private final RdbVisitor data;
  private final Log log;
  private final long nowMs;
  private long keys;
  private int streamDatabase = -1;

  PayloadVisitor(RdbVisitor data, Log log, long nowMs) {
    this.data = data;
    this.log = log;
    this.nowMs = nowMs;
  }

  @Override
  public void aux(String name, String value) {
    switch (name) {
      case "repl-stream-db" -> streamDatabase = number(value, -1);
      case "redis-ver" -> log.notice("Loading RDB produced by version " + value);
      case "ctime" ->
          log.notice("RDB age %d seconds".formatted(Math.max(0, nowMs / 1000 - number(value, 0))));
      case "used-mem" ->
          log.notice(
              "RDB memory usage when created %.2f Mb"
                  .formatted(longNumber(value) / (1024.0 * 1024)));
      default -> {
        // Facts that mean nothing here are passed over, as the format demands.
      }
    }
  }

  private static int number(String text, int otherwise) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static long longNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void sizes(int database, long keyCount, long keysWithDeadline) {
    data.sizes(database, keyCount, keysWithDeadline);
  }

  @Override
  public void entry(RdbEntry entry) throws RdbException {
    data.entry(entry);
    keys++;
  }

  /** The database selected in the stream where the payload was made; -1 when it does not say. */
  int streamDatabase() {
    return streamDatabase;
  }

  void report(SaveState state) {
    state.keysLoaded = keys;
    state.keysExpiredWhileLoading = 0;
    state.changes++;
    log.notice("Done loading RDB, keys loaded: %d, keys expired: %d.".formatted(keys, 0));
  }
}
