package io.vigil.sim;

import io.vigil.core.node.Node;
import io.vigil.core.propagation.ReplicationStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What must hold between two nodes at any moment: under one replication id their streams are the
 * same bytes as far as both go, and at one offset they hold the same data.
 */
final class StreamCheck {
  private StreamCheck() {}

  static void check(Map<String, Node> nodes) {
    List<Map.Entry<String, Node>> all = List.copyOf(nodes.entrySet());
    for (int i = 0; i < all.size(); i++) {
      all.get(i).getValue().keyspace().verify();
      for (int j = i + 1; j < all.size(); j++) {
        compare(all.get(i), all.get(j));
      }
    }
  }

  private static void compare(Map.Entry<String, Node> one, Map.Entry<String, Node> other) {
    ReplicationStream first = one.getValue().stream();
    ReplicationStream second = other.getValue().stream();
    boolean related = first.isActive() && second.isActive() && first.id().equals(second.id());
    if (!related) {
      return;
    }
    String pair = one.getKey() + " and " + other.getKey();
    long from = Math.max(first.firstOffset(), second.firstOffset());
    long to = Math.min(first.offset(), second.offset());
    if (from <= to) {
      int length = (int) (to + 1 - from);
      byte[] ours = first.copy(from, to);
      byte[] theirs = second.copy(from, to);
      if (!Arrays.equals(ours, 0, length, theirs, 0, length)) {
        throw new Violation(
            "%s differ between offsets %d and %d of %s".formatted(pair, from, to, first.id()));
      }
    }
    boolean isEven = first.offset() == second.offset();
    if (isEven
        && !Arrays.equals(
            one.getValue().keyspace().digest(), other.getValue().keyspace().digest())) {
      throw new Violation("%s hold different data at offset %d".formatted(pair, first.offset()));
    }
  }
}
