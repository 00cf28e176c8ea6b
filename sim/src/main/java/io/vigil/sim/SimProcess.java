package io.vigil.sim;

import io.vigil.core.base.Rng;
import io.vigil.core.env.Clock;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Env;
import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import io.vigil.core.env.Offload;
import io.vigil.core.env.Timers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * One life of a process on a simulated machine: everything an {@link Env} gives, until it is
 * killed. After that nothing it had planned happens. Its clocks run a little fast or slow, and its
 * wall clock is off by some seconds.
 */
final class SimProcess {
  private static final long WALL_START_MICROS = 1_700_000_000_000_000L;
  private static final long DATA_LIMIT_BYTES = 256L << 20;

  private final String machine;
  private final Scheduler scheduler;
  private final SimNetwork network;
  private final SimDisk disk;
  private final Trace trace;
  private final Rng rng;
  private final LogSink log;
  private final SimScripts scripts;
  private final long driftPerMillion;
  private final long wallSkewMicros;
  private final Set<SimNetwork.SimConnection> connections = new LinkedHashSet<>();
  private final Map<String, List<Runnable>> lanes = new LinkedHashMap<>();
  private boolean alive = true;
  private Integer exitStatus;

  /** Takes the log lines of a process. */
  @FunctionalInterface
  interface LogSink {
    void line(Log.Level level, String message);
  }

  SimProcess(
      String machine,
      Scheduler scheduler,
      SimNetwork network,
      SimDisk disk,
      Trace trace,
      Rng rng,
      Outcome.Totals totals,
      LogSink log) {
    this.machine = machine;
    this.scheduler = scheduler;
    this.network = network;
    this.disk = disk;
    this.trace = trace;
    this.rng = rng;
    this.log = log;
    this.scripts = new SimScripts(rng, totals, this::schedule);
    this.driftPerMillion = rng.nextInt(201) - 100;
    this.wallSkewMicros = (rng.nextInt(2_001) - 1_000) * 1_000L;
  }

  String machine() {
    return machine;
  }

  boolean isAlive() {
    return alive;
  }

  /** The status the process ended itself with; null while it lives or when it was killed. */
  Integer exitStatus() {
    return exitStatus;
  }

  Env env() {
    return new Env(
        new NodeClock(),
        this::schedule,
        this::entropy,
        new NodeNetwork(),
        disk,
        (host, answer) -> {
          String address = network.resolve(machine, host);
          answer.resolved(address, address == null ? SimNetwork.UNRESOLVED : null);
        },
        new NodeOffload(),
        scripts,
        new NodeHost(),
        new NodeLog());
  }

  /** Ends this life at once, as SIGKILL does. */
  void kill() {
    alive = false;
    network.forget(this);
    connections.forEach(SimNetwork.SimConnection::die);
    connections.clear();
  }

  void owns(SimNetwork.SimConnection connection) {
    connections.add(connection);
  }

  void disowns(SimNetwork.SimConnection connection) {
    connections.remove(connection);
  }

  /** Runs something in the core of this process, if it lives. */
  void run(Runnable action) {
    if (alive) {
      action.run();
    }
  }

  <T> T call(Supplier<T> action) {
    return alive ? action.get() : null;
  }

  private void entropy(byte[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (byte) rng.nextInt(256);
    }
  }

  private long localNanos() {
    long now = scheduler.nowNanos();
    return now + now / 1_000_000 * driftPerMillion;
  }

  private Timers.Timer schedule(long delayMs, Runnable action) {
    long delayNanos = Math.max(0, delayMs) * 1_000_000;
    Scheduler.Event event =
        scheduler.after(delayNanos - delayNanos / 1_000_000 * driftPerMillion, () -> run(action));
    return event::cancel;
  }

  /** The two clocks. */
  private final class NodeClock implements Clock {
    @Override
    public long monotonicNanos() {
      return 1_000_000_000L + localNanos();
    }

    @Override
    public long wallMicros() {
      return WALL_START_MICROS + wallSkewMicros + localNanos() / 1_000;
    }
  }

  /** Sockets. */
  private final class NodeNetwork implements Network {
    @Override
    public Listener listen(ListenAddress address, Acceptor acceptor) throws IOException {
      if (!network.listen(SimProcess.this, address.port(), acceptor)) {
        throw new IOException("bind: Address already in use");
      }
      return new Listener() {
        @Override
        public int port() {
          return address.port();
        }

        @Override
        public void close() {
          network.unlisten(SimProcess.this, address.port());
        }
      };
    }

    @Override
    public Connection connect(ConnectTarget target, ConnectionEvents events) {
      return network.connect(SimProcess.this, target, events);
    }
  }

  /** Background work: a job runs at a random later moment, its completion at another. */
  private final class NodeOffload implements Offload {
    @Override
    public <T> void submit(String lane, Callable<T> job, Completion<T> completion) {
      List<Runnable> queue = lanes.computeIfAbsent(lane, any -> new ArrayList<>());
      queue.add(() -> runJob(queue, job, completion));
      if (queue.size() == 1) {
        planNext(queue);
      }
    }

    private void planNext(List<Runnable> queue) {
      scheduler.after(
          20_000 + rng.nextLong(2_000_000), () -> SimProcess.this.run(queue.getFirst()));
    }

    private <T> void runJob(List<Runnable> queue, Callable<T> job, Completion<T> completion) {
      T result = null;
      Exception failure = null;
      try {
        result = job.call();
      } catch (Exception thrown) {
        failure = thrown;
      }
      T finalResult = result;
      Exception finalFailure = failure;
      scheduler.after(
          rng.nextLong(200_000),
          () -> SimProcess.this.run(() -> completion.done(finalResult, finalFailure)));
      queue.removeFirst();
      if (!queue.isEmpty()) {
        planNext(queue);
      }
    }
  }

  /** The machine. */
  private final class NodeHost implements Host {
    @Override
    public long processId() {
      return 1;
    }

    @Override
    public boolean checksMemory() {
      return true;
    }

    @Override
    public long dataLimitBytes() {
      return DATA_LIMIT_BYTES;
    }

    @Override
    public long physicalMemoryBytes() {
      return DATA_LIMIT_BYTES * 2;
    }

    @Override
    public long residentBytes() {
      return 0;
    }

    @Override
    public long[] processorMicros() {
      return new long[2];
    }

    @Override
    public String operatingSystem() {
      return "Simulated 1 none";
    }

    @Override
    public String workingDirectory() {
      return "/";
    }

    @Override
    public void changeDirectory(String path) {}

    @Override
    public void exit(int status) {
      exitStatus = status;
      trace.add(status);
      kill();
    }
  }

  /** Log lines go to the world, which counts what they tell. */
  private final class NodeLog implements Log {
    @Override
    public boolean isEnabled(Level level) {
      return level.compareTo(Level.VERBOSE) >= 0;
    }

    @Override
    public void log(Level level, String message) {
      trace.add(message);
      log.line(level, message);
    }
  }
}
