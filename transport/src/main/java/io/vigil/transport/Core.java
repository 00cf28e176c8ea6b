package io.vigil.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The door of the single-writer core, and all that loops share.
 *
 * <pre>
 *   loop A   enter | a burst: marks X on A's side, Y on B's side | exit, which wakes B once
 *   loop B   (waits in its selector) .......................... wakes | enter, take Y, exit | writes Y
 * </pre>
 *
 * <p>A loop enters for one burst, and leaves before it touches a socket. With one loop the door is
 * always open; with several it is a lock. What a burst leaves for a connection is marked on the
 * {@link Side} of the loop that owns it, and only that loop takes it from there. Whoever leaves
 * wakes every other loop for which something was marked inside, once.
 *
 * <p>No wake-up is lost: an item is marked before its loop is woken, a wake-up of a loop that does
 * not wait yet ends its next wait at once, and a loop looks at its side after each wait.
 *
 * @param <T> what is marked: a connection
 */
final class Core<T> {
  private final ReentrantLock lock;
  private final List<Side<T>> toWake = new ArrayList<>();
  private Side<T> inside;

  Core(int loops) {
    lock = loops > 1 ? new ReentrantLock() : null;
  }

  /** One loop's side of the door. */
  static final class Side<T> {
    private final Core<T> core;
    private final Runnable wakeUp;
    private List<T> marked = new ArrayList<>();
    private List<T> spare = new ArrayList<>();
    private volatile int markedCount;

    /** Set inside: this loop is to be woken when the present burst ends. */
    private boolean wakeNoted;

    /**
     * @param wakeUp ends the loop's wait, or the next one if it does not wait; called inside by any
     *     loop
     */
    Side(Core<T> core, Runnable wakeUp) {
      this.core = core;
      this.wakeUp = wakeUp;
    }

    /** Whether there is something to take; callable anywhere. */
    boolean hasMarked() {
      return markedCount > 0;
    }

    /** Inside: leaves {@code item} for this loop. */
    void mark(T item) {
      marked.add(item);
      markedCount = marked.size();
      core.noteWork(this);
    }

    /**
     * Inside, by the loop itself: everything marked since it last took, in order. The list is the
     * loop's to change until it takes again, and must be empty by then.
     */
    List<T> take() {
      List<T> taken = marked;
      marked = spare;
      spare = taken;
      markedCount = 0;
      return taken;
    }
  }

  void enter(Side<T> side) {
    if (lock != null) {
      lock.lock();
      inside = side;
    }
  }

  void exit() {
    if (lock == null) {
      return;
    }
    inside = null;
    for (int i = 0; i < toWake.size(); i++) {
      Side<T> side = toWake.get(i);
      side.wakeNoted = false;
      side.wakeUp.run();
    }
    toWake.clear();
    lock.unlock();
  }

  /** Inside: the loop of {@code side} has something to do after this burst. */
  void noteWork(Side<T> side) {
    if (lock != null && side != inside && !side.wakeNoted) {
      side.wakeNoted = true;
      toWake.add(side);
    }
  }
}
