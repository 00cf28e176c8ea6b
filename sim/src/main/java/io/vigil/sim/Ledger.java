package io.vigil.sim;

import io.vigil.core.keyspace.Database;
import io.vigil.core.node.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients were promised, against what the nodes hold.
 *
 * <p>An acknowledged write is noted with the replication id and the offset that its primary had by
 * then. Two things follow, and are checked at once when they are due:
 *
 * <ul>
 *   <li>A replica that is promoted at an offset holds every write of that history up to it. So
 *       acknowledged writes are lost only beyond the promoted offset.
 *   <li>When WAIT says that so many replicas have a write, so many hold it; and if one of those is
 *       promoted, in the same life, the write is there.
 * </ul>
 *
 * <p>The value of a key only ever grows, so a node holds a write if its value is at least as large.
 */
final class Ledger {
  private final Map<String, Node> nodes;
  private final Outcome.Totals totals;
  private final List<Promise> promises = new ArrayList<>();
  private final List<Confirmation> confirmations = new ArrayList<>();
  private final Map<String, Long> disturbances = new LinkedHashMap<>();

  /** A write that went out: to which node, in which history, and how calm the group was then. */
  record Issued(String key, long value, String machine, Node node, String id, long disturbances) {}

  private record Promise(String key, long value, String id, long offset) {}

  private record Confirmation(String key, long value, String id, Map<String, Node> holders) {}

  /** {@code nodes} by machine, each the latest life of that machine. */
  Ledger(Map<String, Node> nodes, Outcome.Totals totals) {
    this.nodes = nodes;
    this.totals = totals;
  }

  /** The node on {@code machine} died, or throws its data away for those of a primary. */
  void disturbed(String machine) {
    disturbances.merge(machine, 1L, Long::sum);
  }

  private long disturbancesOf(String but) {
    return disturbances.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(but))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  Issued issued(String machine, String key, long value) {
    Node node = nodes.get(machine);
    String id = node == null ? "" : node.stream().id();
    return new Issued(key, value, machine, node, id, disturbancesOf(machine));
  }

  /** True if the node that took the write is the one it was, in the same history. */
  private boolean isUnchanged(Issued write) {
    Node now = nodes.get(write.machine());
    return now != null && now == write.node() && now.stream().id().equals(write.id());
  }

  void acknowledged(Issued write) {
    if (isUnchanged(write)) {
      long offset = write.node().stream().offset();
      promises.add(new Promise(write.key(), write.value(), write.id(), offset));
    }
  }

  /** WAIT has answered that {@code replicas} have the write. */
  void confirmed(Issued write, long replicas) {
    if (replicas == 0 || !isUnchanged(write)) {
      return;
    }
    Map<String, Node> holders = new LinkedHashMap<>();
    nodes.forEach(
        (machine, node) -> {
          if (!machine.equals(write.machine()) && holds(node, write.key(), write.value())) {
            holders.put(machine, node);
          }
        });
    long gone = disturbancesOf(write.machine()) - write.disturbances();
    if (holders.size() + gone < replicas) {
      throw new Violation(
          "WAIT says that %d replicas have %s = %d, and %s do"
              .formatted(replicas, write.key(), write.value(), holders.keySet()));
    }
    totals.confirmedWrites++;
    confirmations.add(new Confirmation(write.key(), write.value(), write.id(), holders));
  }

  /** The node on {@code machine} has become a primary. */
  void promoted(String machine, Node node) {
    String id = node.stream().secondId();
    long limit = node.stream().secondIdLimit();
    for (Promise promise : promises) {
      boolean due = promise.id().equals(id) && promise.offset() < limit;
      if (due && !holds(node, promise.key(), promise.value())) {
        throw new Violation(
            "%s is promoted at offset %d of %s and lacks %s = %d, acknowledged at offset %d"
                .formatted(
                    machine, limit - 1, id, promise.key(), promise.value(), promise.offset()));
      }
      totals.promisesKept += due ? 1 : 0;
    }
    for (Confirmation confirmation : confirmations) {
      boolean due = confirmation.id().equals(id) && confirmation.holders().get(machine) == node;
      if (due && !holds(node, confirmation.key(), confirmation.value())) {
        throw new Violation(
            "%s is promoted and lacks %s = %d, which WAIT confirmed there"
                .formatted(machine, confirmation.key(), confirmation.value()));
      }
    }
  }

  private static boolean holds(Node node, String key, long value) {
    String stored = valueOf(node, key);
    return stored != null && Long.parseLong(stored) >= value;
  }

  /** What {@code node} holds under {@code key}, without touching it; null for nothing. */
  static String valueOf(Node node, String key) {
    Database database = node.keyspace().database(0);
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    long record = database.peek(bytes, 0, bytes.length);
    return record == 0
        ? null
        : new String(database.strings().bytes(record), StandardCharsets.ISO_8859_1);
  }
}
