package io.vigil.sim;

import java.util.PriorityQueue;

/**
 * Simulated time: a queue of events, run one after the other on one thread. Events of the same
 * moment run in the order they were scheduled, so a run depends on nothing but its seed.
 */
final class Scheduler {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNanos;
  private long sequence;
  private long executed;

  /** Something that will happen, unless it is cancelled. */
  static final class Event implements Comparable<Event> {
    private final long atNanos;
    private final long order;
    private Runnable action;

    private Event(long atNanos, long order, Runnable action) {
      this.atNanos = atNanos;
      this.order = order;
      this.action = action;
    }

    void cancel() {
      action = null;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  long executed() {
    return executed;
  }

  Event after(long delayNanos, Runnable action) {
    Event event = new Event(nowNanos + Math.max(0, delayNanos), sequence++, action);
    events.add(event);
    return event;
  }

  /** Runs everything up to {@code untilNanos}, and stops there. */
  void runUntil(long untilNanos) {
    while (!events.isEmpty() && events.peek().atNanos <= untilNanos) {
      Event event = events.poll();
      nowNanos = event.atNanos;
      if (event.action != null) {
        executed++;
        event.action.run();
      }
    }
    nowNanos = untilNanos;
  }
}
