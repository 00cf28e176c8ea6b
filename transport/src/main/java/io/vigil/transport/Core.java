package io.vigil.transport;

import io.vigil.core.base.BlockPool;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The door of the single-writer core. A loop enters for one burst, and leaves before it touches a
 * socket. With one loop the door is always open; with several it is a lock, and on leaving, every
 * other loop that was given output or work inside is woken once.
 */
final class Core {
  /** Blocks for the output of every connection; used inside only. */
  final BlockPool blocks = new BlockPool();

  private final ReentrantLock lock;
  private final EventLoop[] toWake;
  private int toWakeCount;
  private EventLoop inside;

  Core(int loops) {
    lock = loops > 1 ? new ReentrantLock() : null;
    toWake = new EventLoop[loops];
  }

  void enter(EventLoop loop) {
    if (lock != null) {
      lock.lock();
      inside = loop;
    }
  }

  void exit() {
    if (lock == null) {
      return;
    }
    inside = null;
    int count = toWakeCount;
    for (int i = 0; i < count; i++) {
      toWake[i].wakeNoted = false;
      toWake[i].wakeUp();
    }
    toWakeCount = 0;
    lock.unlock();
  }

  /** Called inside: {@code loop} has something to do after this burst. */
  void noteWork(EventLoop loop) {
    if (lock != null && loop != inside && !loop.wakeNoted) {
      loop.wakeNoted = true;
      toWake[toWakeCount++] = loop;
    }
  }
}
