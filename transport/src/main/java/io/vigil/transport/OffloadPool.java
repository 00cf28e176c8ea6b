package io.vigil.transport;

import io.vigil.core.env.Offload;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few daemon threads for work outside the core. A lane is a queue of which at most one job is
 * with the pool; the next is handed over when that one has ended, so jobs of a lane keep their
 * order whatever thread runs them. Lanes live in the core; only {@link Callable#call} runs
 * elsewhere.
 */
final class OffloadPool implements Offload {
  private static final int THREADS = 4;
  private static final long IDLE_SECONDS = 10;

  private final EventLoop loop;
  private final ThreadPoolExecutor threads;
  private final Map<String, Lane> lanes = new HashMap<>();
  private int threadNumber;

  OffloadPool(EventLoop loop) {
    this.loop = loop;
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::newThread);
    threads.allowCoreThreadTimeOut(true);
  }

  private Thread newThread(Runnable body) {
    Thread thread = new Thread(body, "vigil-offload-" + threadNumber++);
    thread.setDaemon(true);
    return thread;
  }

  /** Waiting jobs of one name; the head is the one that runs. */
  private static final class Lane {
    final ArrayDeque<Job<?>> jobs = new ArrayDeque<>();
  }

  private record Job<T>(Callable<T> work, Completion<T> completion) {}

  @Override
  public <T> void submit(String lane, Callable<T> job, Completion<T> completion) {
    Lane queue = lanes.get(lane);
    if (queue == null) {
      queue = new Lane();
      lanes.put(lane, queue);
    }
    queue.jobs.add(new Job<>(job, completion));
    if (queue.jobs.size() == 1) {
      runHead(lane, queue);
    }
  }

  private void runHead(String name, Lane lane) {
    Job<?> job = lane.jobs.element();
    threads.execute(() -> run(name, lane, job));
  }

  private <T> void run(String name, Lane lane, Job<T> job) {
    T result = null;
    Exception failure = null;
    try {
      result = job.work.call();
    } catch (Exception e) {
      failure = e; // The completion decides what it means.
    }
    T done = result;
    Exception problem = failure;
    loop.execute(() -> complete(name, lane, job, done, problem));
  }

  private <T> void complete(String name, Lane lane, Job<T> job, T result, Exception failure) {
    lane.jobs.remove();
    if (lane.jobs.isEmpty()) {
      lanes.remove(name, lane);
    } else {
      runHead(name, lane);
    }
    job.completion.done(result, failure);
  }

  void stop() {
    threads.shutdown();
  }
}
