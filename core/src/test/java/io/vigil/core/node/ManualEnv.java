package io.vigil.core.node;

import io.vigil.core.base.Rng;
import io.vigil.core.env.Clock;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Disk;
import io.vigil.core.env.Env;
import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import io.vigil.core.env.Offload;
import io.vigil.core.env.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;

/**
 * A world for tests of one node: time moves only when a test says so, and everything that waits for
 * the loop runs in {@link #runTurns}. Log lines are kept.
 */
public final class ManualEnv implements Clock, Timers, Log, Host, Network, Offload {
  private final PriorityQueue<Pending> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Pending p) -> p.dueNanos).thenComparingLong(p -> p.order));
  private final Deque<Runnable> jobs = new ArrayDeque<>();
  private final List<String> logged = new ArrayList<>();
  private final List<TestClient> outgoing = new ArrayList<>();
  private final Rng random = new Rng(7);
  private long nowNanos = 1_000_000_000L;
  private long wallMicros = 1_700_000_000_000_000L;
  private long order;
  private int exitStatus = -1;

  private static final class Pending {
    final long dueNanos;
    final long order;
    final Runnable action;

    Pending(long dueNanos, long order, Runnable action) {
      this.dueNanos = dueNanos;
      this.order = order;
      this.action = action;
    }
  }

  /** The environment, with {@code disk} for files; null when the test uses none. */
  public Env env(Disk disk) {
    return new Env(
        this,
        this,
        this::fill,
        this,
        disk,
        (host, answer) -> answer.resolved(host, null),
        this,
        null,
        this,
        this);
  }

  private void fill(byte[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (byte) random.nextLong();
    }
  }

  /** Moves time on, firing timers on their way. */
  public void advanceMs(long ms) {
    long endNanos = nowNanos + ms * 1_000_000;
    runTurns();
    while (!timers.isEmpty() && timers.peek().dueNanos <= endNanos) {
      moveTo(timers.peek().dueNanos);
      runTurns();
    }
    moveTo(endNanos);
    runTurns();
  }

  private void moveTo(long nanos) {
    if (nanos > nowNanos) {
      wallMicros += (nanos - nowNanos) / 1000;
      nowNanos = nanos;
    }
  }

  /** Runs what is due now: timers and jobs, until there is nothing left. */
  public void runTurns() {
    while (true) {
      if (!jobs.isEmpty()) {
        jobs.poll().run();
      } else if (!timers.isEmpty() && timers.peek().dueNanos <= nowNanos) {
        timers.poll().action.run();
      } else {
        return;
      }
    }
  }

  /** The other ends of the connections that the node has begun, in order: the test plays them. */
  public List<TestClient> outgoing() {
    return outgoing;
  }

  /** Log lines so far, without level. */
  public List<String> logged() {
    return logged;
  }

  /** The status the node exited with, -1 while it has not. */
  public int exitStatus() {
    return exitStatus;
  }

  @Override
  public long monotonicNanos() {
    return nowNanos;
  }

  @Override
  public long wallMicros() {
    return wallMicros;
  }

  @Override
  public Timer schedule(long delayMs, Runnable action) {
    Pending pending = new Pending(nowNanos + Math.max(0, delayMs) * 1_000_000, order++, action);
    timers.add(pending);
    return () -> timers.remove(pending);
  }

  @Override
  public <T> void submit(String lane, Callable<T> job, Completion<T> completion) {
    jobs.add(
        () -> {
          T result = null;
          Exception failure = null;
          try {
            result = job.call();
          } catch (Exception e) {
            failure = e;
          }
          completion.done(result, failure);
        });
  }

  @Override
  public boolean isEnabled(Level level) {
    return true;
  }

  @Override
  public void log(Level level, String message) {
    logged.add(message);
  }

  @Override
  public Listener listen(ListenAddress address, Acceptor acceptor) {
    return new Listener() {
      @Override
      public int port() {
        return address.port();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Connection connect(ConnectTarget target, ConnectionEvents events) {
    TestClient peer = new TestClient(this, target.host() + ":" + target.port());
    peer.connect(events);
    outgoing.add(peer);
    return peer;
  }

  @Override
  public long processId() {
    return 4711;
  }

  @Override
  public long dataLimitBytes() {
    return 1L << 30;
  }

  @Override
  public long physicalMemoryBytes() {
    return 1L << 34;
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
    return "Test 1 none";
  }

  @Override
  public String workingDirectory() {
    return "/data";
  }

  @Override
  public void changeDirectory(String path) {
    throw new UnsupportedOperationException(path);
  }

  @Override
  public void exit(int status) {
    exitStatus = status;
  }
}
