package io.vigil.transport;

import io.vigil.core.env.Timers;
import java.util.Arrays;

/**
 * The timers of a node: a binary heap ordered by deadline, then by the order of setting, so that
 * equal deadlines fire in order. Used only inside the core.
 */
final class TimerHeap implements Timers {
  private final Runnable onEarlier;
  private Entry[] heap = new Entry[32];
  private int size;
  private long sequence;

  /** {@code onEarlier} is run when a new timer is due before all others. */
  TimerHeap(Runnable onEarlier) {
    this.onEarlier = onEarlier;
  }

  private final class Entry implements Timer {
    final long deadlineNanos;
    final long order;
    Runnable action;
    int index;

    Entry(long deadlineNanos, long order, Runnable action) {
      this.deadlineNanos = deadlineNanos;
      this.order = order;
      this.action = action;
    }

    boolean isBefore(Entry other) {
      long distance = deadlineNanos - other.deadlineNanos;
      return distance < 0 || (distance == 0 && order < other.order);
    }

    @Override
    public void cancel() {
      if (action != null) {
        action = null;
        removeAt(index);
      }
    }
  }

  @Override
  public Timer schedule(long delayMs, Runnable action) {
    long delayNanos = Math.min(Math.max(delayMs, 0), Long.MAX_VALUE / 4_000_000) * 1_000_000;
    Entry entry = new Entry(System.nanoTime() + delayNanos, sequence++, action);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    place(entry, size++);
    siftUp(entry);
    if (entry.index == 0) {
      onEarlier.run();
    }
    return entry;
  }

  /** Milliseconds, rounded up, until the first timer is due; -1 when there is none. */
  long nextDelayMs() {
    if (size == 0) {
      return -1;
    }
    long nanos = heap[0].deadlineNanos - System.nanoTime();
    return nanos <= 0 ? 0 : (nanos + 999_999) / 1_000_000;
  }

  /**
   * Runs what is due now. A timer set by one of these actions waits for the next call, even when it
   * is due at once.
   */
  void runDue() {
    if (size == 0) {
      return;
    }
    long now = System.nanoTime();
    long end = sequence;
    while (size > 0 && heap[0].deadlineNanos - now <= 0 && heap[0].order < end) {
      Entry entry = heap[0];
      Runnable action = entry.action;
      entry.action = null;
      removeAt(0);
      action.run();
    }
  }

  int size() {
    return size;
  }

  private void place(Entry entry, int index) {
    heap[index] = entry;
    entry.index = index;
  }

  private void removeAt(int index) {
    Entry last = heap[--size];
    heap[size] = null;
    if (index == size) {
      return;
    }
    place(last, index);
    siftUp(last);
    siftDown(last);
  }

  private void siftUp(Entry entry) {
    int index = entry.index;
    while (index > 0) {
      int parent = (index - 1) / 2;
      if (!entry.isBefore(heap[parent])) {
        break;
      }
      place(heap[parent], index);
      index = parent;
    }
    place(entry, index);
  }

  private void siftDown(Entry entry) {
    int index = entry.index;
    while (true) {
      int child = 2 * index + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(entry)) {
        break;
      }
      place(heap[child], index);
      index = child;
    }
    place(entry, index);
  }
}
