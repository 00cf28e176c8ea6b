package io.vigil.sim;

import io.vigil.core.env.Env;
import io.vigil.core.env.Network.ConnectTarget;
import io.vigil.core.link.RespLink;
import io.vigil.core.resp.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A client as applications have them: asks the Sentinels for the primary, writes to it, and starts
 * over when anything goes wrong. Every write sets a key to a value never used before, and is
 * followed by an ECHO of that value, so that a reply that went to the wrong request would show.
 */
final class Writer {
  private static final int KEYS = 200;
  private static final long PACE_MS = 40;
  private static final long PATIENCE_MS = 500;

  private final Env env;
  private final List<String> sentinels;
  private final Map<String, List<Long>> issued = new LinkedHashMap<>();
  private final Map<String, Long> acknowledged = new LinkedHashMap<>();
  private RespLink link;
  private int turn;
  private long next;
  private long attempt;
  private long acknowledgedCount;
  private long failedCount;
  private boolean stopped;

  Writer(Env env, List<String> sentinels) {
    this.env = env;
    this.sentinels = sentinels;
  }

  void start() {
    env.timers().schedule(PACE_MS, this::findPrimary);
  }

  /** No further write begins. */
  void stop() {
    stopped = true;
    drop();
  }

  long acknowledgedCount() {
    return acknowledgedCount;
  }

  long failedCount() {
    return failedCount;
  }

  private void drop() {
    attempt++;
    if (link != null) {
      link.close();
      link = null;
    }
  }

  private void retry() {
    drop();
    if (!stopped) {
      env.timers().schedule(PACE_MS, this::findPrimary);
    }
  }

  /** Starts over when this attempt has not come further in time. */
  private void watch(long watched) {
    env.timers()
        .schedule(
            PATIENCE_MS,
            () -> {
              if (watched == attempt) {
                retry();
              }
            });
  }

  private void findPrimary() {
    if (stopped) {
      return;
    }
    String sentinel = sentinels.get(turn++ % sentinels.size());
    watch(++attempt);
    open(sentinel, 26379, this::askForPrimary);
  }

  private void open(String host, int port, Runnable then) {
    ConnectTarget target = new ConnectTarget(host, port, null, PATIENCE_MS, false);
    RespLink[] opening = new RespLink[1];
    opening[0] =
        RespLink.connect(
            env.network(),
            target,
            new RespLink.Events() {
              @Override
              public void opened() {
                if (link == opening[0]) {
                  then.run();
                }
              }

              @Override
              public void closed(String reason) {
                if (link == opening[0]) {
                  retry();
                }
              }
            });
    link = opening[0];
  }

  private void askForPrimary() {
    link.send(this::takeAddress, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster");
  }

  private void takeAddress(Reply reply) {
    if (reply instanceof Reply.Array array && array.elements().size() == 2) {
      String host = text(array.elements().get(0));
      int port = Integer.parseInt(text(array.elements().get(1)));
      drop();
      watch(++attempt);
      open(host, port, this::write);
    } else {
      retry();
    }
  }

  private static String text(Reply reply) {
    return reply instanceof Reply.Bulk bulk ? bulk.text() : "";
  }

  private void write() {
    if (stopped) {
      return;
    }
    long value = next++;
    String key = "key:" + value % KEYS;
    String word = Long.toString(value);
    issued.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
    watch(++attempt);
    link.send(reply -> written(key, value, reply), "SET", key, word);
    link.send(reply -> echoed(word, reply), "ECHO", word);
  }

  private void written(String key, long value, Reply reply) {
    if (reply instanceof Reply.Simple simple && simple.text().equals("OK")) {
      acknowledged.put(key, value);
      acknowledgedCount++;
    } else {
      failedCount++;
      retry();
    }
  }

  private void echoed(String word, Reply reply) {
    if (!text(reply).equals(word)) {
      throw new Violation("ECHO " + word + " was answered with " + reply);
    }
    attempt++;
    env.timers().schedule(PACE_MS, this::continueWriting);
  }

  private void continueWriting() {
    if (link != null && link.isOpen()) {
      write();
    }
  }

  /**
   * Compares what the group holds in the end with what was written; returns how many last
   * acknowledged values are gone.
   */
  long check(java.util.function.Function<String, String> stored) {
    long lost = 0;
    for (Map.Entry<String, List<Long>> entry : issued.entrySet()) {
      String value = stored.apply(entry.getKey());
      Long last = acknowledged.get(entry.getKey());
      if (value != null && !entry.getValue().contains(Long.parseLong(value))) {
        throw new Violation(
            "%s holds %s, which nobody wrote to it".formatted(entry.getKey(), value));
      }
      boolean kept = last == null || value != null && Long.parseLong(value) >= last;
      lost += kept ? 0 : 1;
    }
    return lost;
  }
}
