package io.vigil.core.keyspace;

import java.util.ArrayDeque;

/** Big collections that nobody owns any more: their memory is given back a step at a time. */
final class Reclaimer {
  /** What is no larger than this is given back at once. */
  private static final long AT_ONCE_UNITS = 256;

  private final ArrayDeque<Structure> queue = new ArrayDeque<>();

  /** Takes a structure that has no owner. */
  void take(Structure structure) {
    if (structure.count() <= AT_ONCE_UNITS) {
      finish(structure);
    } else {
      queue.add(structure);
    }
  }

  boolean isIdle() {
    return queue.isEmpty();
  }

  int size() {
    return queue.size();
  }

  void step(long workUnits) {
    long used = 0;
    while (used < workUnits && !queue.isEmpty()) {
      Structure next = queue.peek();
      long units = next.contents.isDiscarded() ? 0 : next.reclaim(workUnits - used);
      if (units == 0) {
        queue.remove();
      }
      used += units + 1;
    }
  }

  /** Gives everything back now. */
  void finish() {
    while (!queue.isEmpty()) {
      finish(queue.remove());
    }
  }

  private static void finish(Structure structure) {
    if (structure.contents.isDiscarded()) {
      return;
    }
    long units;
    do {
      units = structure.reclaim(AT_ONCE_UNITS);
    } while (units > 0);
  }
}
