package io.vigil.transport;

import io.vigil.core.env.Clock;
import io.vigil.core.env.Disk;
import io.vigil.core.env.Dns;
import io.vigil.core.env.Env;
import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import io.vigil.core.env.Offload;
import java.util.function.Consumer;

/**
 * The event loops of one node and its view of the world.
 *
 * <p>Use: construct, build the node over {@link #env}, start it, then {@link #run}, which serves on
 * the calling thread until {@link #stop}. Before {@code run} the constructing thread may call into
 * the core; afterwards only the loops may, and other threads hand their work to {@link #execute}.
 */
public final class Transport {
  private final EventLoop[] loops;
  private final OffloadPool offload;
  private final Consumer<Throwable> onFailure;
  private final Env env;

  /**
   * @param loops event loops; loop 0 also runs timers, completions, listeners and links
   * @param onFailure told of an exception that escaped the core or a loop: a bug after which the
   *     node must not go on
   */
  public Transport(Host host, Log log, int loops, Consumer<Throwable> onFailure) {
    this.onFailure = onFailure;
    Core<StreamConnection> core = new Core<>(loops);
    this.loops = new EventLoop[loops];
    TimerHeap timers = new TimerHeap(() -> this.loops[0].noteWork());
    for (int i = 0; i < loops; i++) {
      this.loops[i] = new EventLoop(core, i == 0 ? timers : null);
    }
    EventLoop first = this.loops[0];
    offload = new OffloadPool(first);
    Clock clock = new SystemClock();
    Disk disk = new SystemDisk(host);
    Dns dns = new SystemDns(offload);
    Network network = new SocketNetwork(this.loops, timers, dns, host, log);
    Offload work = offload;
    env =
        new Env(
            clock,
            timers,
            new SystemEntropy(),
            network,
            disk,
            dns,
            work,
            new SystemProcesses(first, timers, host),
            host,
            log);
  }

  /** The world, for the node. */
  public Env env() {
    return env;
  }

  /** Serves until {@link #stop}, on this thread and one more per further loop. */
  public void run() {
    for (int i = 1; i < loops.length; i++) {
      EventLoop loop = loops[i];
      Thread thread = new Thread(() -> guard(loop), "vigil-loop-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    guard(loops[0]);
    offload.stop();
  }

  private void guard(EventLoop loop) {
    try {
      loop.run();
    } catch (Throwable failure) { // Errors too: a loop that ends in silence is a dead server.
      onFailure.accept(failure);
    }
  }

  /** Runs {@code task} in the core soon; callable from any thread. */
  public void execute(Runnable task) {
    loops[0].execute(task);
  }

  /** Ends {@link #run}; callable from any thread. */
  public void stop() {
    for (EventLoop loop : loops) {
      loop.stop();
    }
  }
}
