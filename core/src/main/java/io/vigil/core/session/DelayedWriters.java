package io.vigil.core.session;

import java.util.ArrayDeque;

/**
 * Clients whose write waits because an open snapshot already holds as much memory as it may: each
 * goes on where it stopped once there is room, one by one, in the order in which they came.
 */
public final class DelayedWriters {
  private final ArrayDeque<Session> waiting = new ArrayDeque<>();
  private long total;

  void add(Session session) {
    waiting.add(session);
    total++;
  }

  void remove(Session session) {
    waiting.remove(session);
  }

  /** Lets the one that has waited longest go on at the next turn of the loop, if there is any. */
  public void releaseOne() {
    Session first = waiting.poll();
    if (first != null) {
      first.resumePostponed();
    }
  }

  /** Lets all go on. */
  public void releaseAll() {
    for (int left = waiting.size(); left > 0; left--) {
      releaseOne();
    }
  }

  /** Clients that wait now. */
  public int waitingCount() {
    return waiting.size();
  }

  /** Writes that have had to wait since the start. */
  public long total() {
    return total;
  }
}
