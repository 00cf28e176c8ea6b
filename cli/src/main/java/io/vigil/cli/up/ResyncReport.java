package io.vigil.cli.up;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells from the logs of the nodes how a replica caught up with its primary: by a full or a partial
 * resynchronisation, over how many bytes, in how many seconds.
 *
 * <p>Seconds are differences of the times in the log lines themselves. A full resynchronisation
 * from disk says its size in the replica's log, one straight from memory does not: there the
 * replica's own count of received bytes tells. The size of a partial one stands in the primary's
 * log.
 */
final class ResyncReport {
  private static final Pattern TIME = Pattern.compile(" (\\d\\d):(\\d\\d):(\\d\\d)\\.(\\d\\d\\d) ");
  private static final Pattern RECEIVING =
      Pattern.compile("MASTER <-> REPLICA sync: receiving (\\d+) bytes from master");
  private static final Pattern CONNECTING = Pattern.compile("Connecting to MASTER .*:(\\d+)$");
  private static final Pattern PARTIAL =
      Pattern.compile(
          "Partial resynchronization request from .*:(\\d+) accepted\\. Sending (\\d+) bytes of"
              + " backlog");
  private static final long DAY_MS = 24L * 60 * 60 * 1000;

  private final Map<Integer, Sync> syncs = new HashMap<>();
  private final ToLongFunction<Member> receivedBytes;

  /** One replica's present attempt. */
  private static final class Sync {
    long startMs;
    int primaryPort;
    long receivedBefore = -1;
    long sizeBytes = -1;
    boolean full;
  }

  /**
   * Makes a report.
   *
   * @param receivedBytes asks a node how many bytes of replication it has received since it
   *     started, -1 if it does not say
   */
  ResyncReport(ToLongFunction<Member> receivedBytes) {
    this.receivedBytes = receivedBytes;
  }

  /** A finished resynchronisation in words, about one node. */
  record Finished(int replicaPort, String text) {}

  /** Forgets what was known of a node: it has been started anew and counts from 0. */
  void restarted(Member node) {
    Sync sync = new Sync();
    sync.receivedBefore = 0;
    syncs.put(node.port(), sync);
  }

  /**
   * Takes a line of a node's log.
   *
   * @return what it completes, or null
   */
  Finished take(Member node, String line) {
    long timeMs = timeMs(line);
    if (timeMs < 0) {
      return null;
    }
    Matcher connecting = CONNECTING.matcher(line);
    if (connecting.find()) {
      Sync sync = syncs.computeIfAbsent(node.port(), port -> new Sync());
      sync.startMs = timeMs;
      sync.primaryPort = Integer.parseInt(connecting.group(1));
    } else if (line.contains("Full resync from master: ")) {
      Sync sync = syncs.computeIfAbsent(node.port(), port -> new Sync());
      sync.full = true;
      if (sync.receivedBefore < 0) {
        sync.receivedBefore = receivedBytes.applyAsLong(node);
      }
    } else if (line.contains("MASTER <-> REPLICA sync: Finished with success")) {
      return full(node, timeMs);
    }
    Matcher receiving = RECEIVING.matcher(line);
    if (receiving.find() && syncs.containsKey(node.port())) {
      syncs.get(node.port()).sizeBytes = Long.parseLong(receiving.group(1));
    }
    Matcher partial = PARTIAL.matcher(line);
    return partial.find()
        ? partial(Integer.parseInt(partial.group(1)), partial.group(2), node, timeMs)
        : null;
  }

  private Finished full(Member node, long timeMs) {
    Sync sync = syncs.remove(node.port());
    if (sync == null || !sync.full) {
      return null;
    }
    if (sync.sizeBytes < 0 && sync.receivedBefore >= 0) {
      long received = receivedBytes.applyAsLong(node);
      sync.sizeBytes = received < 0 ? -1 : received - sync.receivedBefore;
    }
    String size = sync.sizeBytes < 0 ? "size unknown" : sync.sizeBytes + " bytes";
    return new Finished(
        node.port(),
        "full resynchronisation from "
            + sync.primaryPort
            + ": "
            + size
            + ", "
            + seconds(sync.startMs, timeMs));
  }

  private Finished partial(int replicaPort, String bytes, Member primary, long timeMs) {
    Sync sync = syncs.remove(replicaPort);
    String took = sync == null || sync.startMs == 0 ? "" : ", " + seconds(sync.startMs, timeMs);
    return new Finished(
        replicaPort,
        "partial resynchronisation from " + primary.port() + ": " + bytes + " bytes" + took);
  }

  private static String seconds(long fromMs, long toMs) {
    long ms = Math.floorMod(toMs - fromMs, DAY_MS);
    return "%d.%03d s".formatted(ms / 1000, ms % 1000);
  }

  /** The time of day in a line of Redis's log format, -1 if there is none. */
  private static long timeMs(String line) {
    Matcher time = TIME.matcher(line);
    if (!time.find()) {
      return -1;
    }
    long minutes = Long.parseLong(time.group(1)) * 60 + Long.parseLong(time.group(2));
    return (minutes * 60 + Long.parseLong(time.group(3))) * 1000 + Long.parseLong(time.group(4));
  }
}
