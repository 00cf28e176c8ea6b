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
 * over when anything goes wrong.
 *
 * <p>Every write sets a key to a value never used before and larger than all before. It is one of a
 * pipeline of requests whose replies all tell which request they belong to, so that a reply too
 * many, too few or in the wrong place shows:
 *
 * <pre>
 *   SET key value | GET key | some ECHOs | WAIT n, at times | GET key | ECHO value
 * </pre>
 */
final class Writer {
  private static final int KEYS = 200;
  private static final long PACE_MS = 40;
  private static final long PATIENCE_MS = 500;
  private static final int WAIT_MS = 150;

  private final Env env;
  private final List<String> sentinels;
  private final Ledger ledger;
  private final Map<String, List<Long>> issued = new LinkedHashMap<>();
  private final Map<String, Long> acknowledged = new LinkedHashMap<>();
  private RespLink link;
  private String host = "";
  private int turn;
  private long next;
  private long attempt;
  private long acknowledgedCount;
  private long failedCount;
  private boolean stopped;

  Writer(Env env, List<String> sentinels, Ledger ledger) {
    this.env = env;
    this.sentinels = sentinels;
    this.ledger = ledger;
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

  private void open(String address, int port, Runnable then) {
    host = address;
    ConnectTarget target = new ConnectTarget(address, port, null, PATIENCE_MS, false);
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
                if (reason.startsWith("Protocol error")) {
                  throw new Violation(reason);
                }
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
      String address = text(array.elements().get(0));
      int port = Integer.parseInt(text(array.elements().get(1)));
      drop();
      watch(++attempt);
      open(address, port, this::write);
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
    Ledger.Issued write = ledger.issued(host, key, value);
    boolean[] stored = new boolean[1];
    link.send(reply -> stored[0] = written(write, reply), "SET", key, word);
    link.send(reply -> seen(word, stored[0], reply), "GET", key);
    for (long i = value % 4; i > 0; i--) {
      String other = word + "-" + i;
      link.send(reply -> answered(other, reply), "ECHO", other);
    }
    if (value % 3 == 0) {
      String replicas = Long.toString(1 + value % 2);
      String timeout = Integer.toString(WAIT_MS);
      link.send(reply -> waited(write, stored[0], reply), "WAIT", replicas, timeout);
    }
    link.send(reply -> seen(word, stored[0], reply), "GET", key);
    link.send(reply -> echoed(word, reply), "ECHO", word);
  }

  private boolean written(Ledger.Issued write, Reply reply) {
    if (reply instanceof Reply.Simple simple && simple.text().equals("OK")) {
      acknowledged.put(write.key(), write.value());
      acknowledgedCount++;
      ledger.acknowledged(write);
      return true;
    }
    if (!(reply instanceof Reply.Failure)) {
      throw new Violation("SET was answered with " + reply);
    }
    failedCount++;
    retry();
    return false;
  }

  /** One's own write is there at once: nobody else writes. */
  private static void seen(String word, boolean stored, Reply reply) {
    boolean refused = reply instanceof Reply.Failure;
    if (stored && !refused && !text(reply).equals(word)) {
      throw new Violation("GET after SET " + word + " was answered with " + reply);
    }
  }

  private void waited(Ledger.Issued write, boolean stored, Reply reply) {
    switch (reply) {
      case Reply.Int count -> {
        if (stored) {
          ledger.confirmed(write, count.value());
        }
      }
      case Reply.Failure _ -> {} // It is a replica by now.
      default -> throw new Violation("WAIT was answered with " + reply);
    }
  }

  private static void answered(String word, Reply reply) {
    boolean refused = reply instanceof Reply.Failure;
    if (!refused && !text(reply).equals(word)) {
      throw new Violation("ECHO " + word + " was answered with " + reply);
    }
  }

  private void echoed(String word, Reply reply) {
    answered(word, reply);
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
