package io.vigil.transport;

import io.vigil.core.base.BlockPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * One thread that waits for its sockets and serves them in turns.
 *
 * <pre>
 *   wait (until a socket, a timer or a wake-up)
 *     each readable socket: read into the shared buffer, execute the whole burst in the core
 *   completions, then timers that are due          (loop 0 only)
 *   each connection with output: copy under the core's door into the stage, write outside it
 * </pre>
 *
 * <p>A turn allocates nothing: the read buffer, the heap array the core sees and the stage live as
 * long as the loop. NIO is only ever handed the two direct buffers, since it copies a heap buffer
 * into a hidden direct one of the same size. A connection writes at most one stage (64 KiB) per
 * turn, so that one client that reads gigabytes does not hold up the others.
 */
final class EventLoop implements Runnable {
  static final int BUFFER_BYTES = 64 * 1024;

  /** What a selection key is for. Called outside the core. */
  interface Ready {
    void ready(SelectionKey key);
  }

  private final Core<StreamConnection> core;
  private final Core.Side<StreamConnection> side;
  final Selector selector;

  private final TimerHeap timers;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final byte[] input = new byte[BUFFER_BYTES];
  private final ByteBuffer stage = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Blocks of the output of this loop's connections; touched inside the core only. */
  final BlockPool blocks = new BlockPool();

  private final Consumer<SelectionKey> collect = this::collect;
  private SelectionKey[] ready = new SelectionKey[64];
  private int readyCount;
  private volatile boolean stopped;
  private volatile Thread thread;

  /** {@code timers} is null for every loop but the first. */
  EventLoop(Core<StreamConnection> core, TimerHeap timers) {
    this.core = core;
    this.side = new Core.Side<>(core, this::wakeUp);
    this.timers = timers;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector: " + e.getMessage(), e);
    }
  }

  /** Keys are served after the selection, since nothing may select again from inside of it. */
  private void collect(SelectionKey key) {
    if (readyCount == ready.length) {
      ready = Arrays.copyOf(ready, readyCount * 2);
    }
    ready[readyCount++] = key;
  }

  /** Serves until {@link #stop}. */
  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (!stopped) {
        turn();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the event loop cannot wait: " + e.getMessage(), e);
    }
  }

  private void turn() throws IOException {
    long waitMs = side.hasMarked() || !tasks.isEmpty() ? 0 : timers == null ? -1 : nextTimerMs();
    if (waitMs == 0) {
      selector.selectNow(collect);
    } else {
      selector.select(collect, Math.max(waitMs, 0));
    }
    serveReady();
    if (timers != null) {
      enterCore();
      runTasks();
      timers.runDue();
      exitCore();
    }
    if (side.hasMarked()) {
      writeOutputs();
    }
  }

  private void serveReady() {
    int count = readyCount;
    readyCount = 0;
    for (int i = 0; i < count; i++) {
      SelectionKey key = ready[i];
      ready[i] = null;
      ((Ready) key.attachment()).ready(key);
    }
  }

  /**
   * Inside the core: gives the descriptors of closed channels back to the system now, and with them
   * a port that is to be bound again. Otherwise that waits for the next selection.
   */
  void releaseClosed() throws IOException {
    if (Thread.currentThread() != thread) {
      wakeUp(); // A loop that wakes waits at the core's door, outside of its selector.
    }
    selector.selectNow();
    selector.selectedKeys().clear(); // What was ready still is at the next turn.
  }

  private long nextTimerMs() {
    enterCore();
    long delayMs = timers.nextDelayMs();
    exitCore();
    return delayMs;
  }

  private void runTasks() {
    // Only what is there now: a task that submits another must not keep sockets waiting.
    for (int left = tasks.isEmpty() ? 0 : tasks.size(); left > 0; left--) {
      tasks.remove().run();
    }
  }

  /** Runs {@code task} in the core on this loop; callable from any thread. Loop 0 only. */
  void execute(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() != thread) {
      wakeUp();
    }
  }

  void wakeUp() {
    selector.wakeup();
  }

  void stop() {
    stopped = true;
    wakeUp();
  }

  /** Reads once from {@code connection} and executes what came. */
  void read(StreamConnection connection) {
    readBuffer.clear();
    int count;
    String failure = null;
    try {
      count = connection.channel().read(readBuffer);
    } catch (IOException e) {
      count = -1;
      failure = SystemErrors.reason(e);
    }
    if (count == 0) {
      return;
    }
    if (count > 0) {
      readBuffer.get(0, input, 0, count);
    }
    enterCore();
    if (count > 0) {
      connection.deliver(input, count);
    } else {
      connection.ended(failure == null ? StreamConnection.CLOSED_BY_PEER : failure);
    }
    exitCore();
  }

  void enterCore() {
    core.enter(side);
  }

  void exitCore() {
    core.exit();
  }

  /** Inside the core: this loop has something to do after the burst. */
  void noteWork() {
    core.noteWork(side);
  }

  /** Inside the core: {@code connection} has output to write or wants to close. */
  void markDirty(StreamConnection connection) {
    side.mark(connection);
  }

  private void writeOutputs() {
    enterCore();
    List<StreamConnection> taken = side.take();
    int count = taken.size();
    int next = 0;
    while (next < count) {
      int first = next;
      stage.clear();
      while (next < count && taken.get(next).stage(stage)) {
        next++;
      }
      exitCore();
      for (int i = first; i < next; i++) {
        taken.get(i).writeStaged(stage);
      }
      enterCore();
      for (int i = first; i < next; i++) {
        taken.get(i).settle();
      }
    }
    taken.clear();
    exitCore();
  }
}
