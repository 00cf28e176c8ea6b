package io.vigil.core.sentinel;

import io.vigil.core.env.Env;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the administrator's scripts: at most 16 at once, at most 256 waiting (the oldest waiting one
 * makes room). A script that ends with status 1, by a signal or over time is run again, up to 10
 * times, after a delay that doubles each time; any other status ends the matter.
 */
final class ScriptRunner {
  private static final int MAX_QUEUE = 256;
  private static final int MAX_RUNNING = 16;
  private static final int MAX_RETRIES = 10;

  private final Env env;
  private final Timings timings;
  private final List<Job> jobs = new ArrayList<>();
  private SentinelEvents events;
  private int running;

  /** One call of a script. */
  static final class Job {
    final List<String> command;
    boolean running;
    long startMs;
    int retries;

    /** Process id as far as it is known; the processes port does not tell it. */
    long processId() {
      return 0;
    }

    Job(List<String> command) {
      this.command = command;
    }
  }

  ScriptRunner(Env env, Timings timings) {
    this.env = env;
    this.timings = timings;
  }

  void bind(SentinelEvents events) {
    this.events = events;
  }

  List<Job> jobs() {
    return jobs;
  }

  int runningCount() {
    return running;
  }

  void schedule(String path, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(path);
    command.addAll(List.of(arguments));
    jobs.add(new Job(command));
    if (jobs.size() > MAX_QUEUE) {
      dropOldestWaiting();
    }
    runDue();
  }

  private void dropOldestWaiting() {
    for (Job job : jobs) {
      if (!job.running) {
        jobs.remove(job);
        return;
      }
    }
  }

  private void runDue() {
    long nowMs = env.clock().monotonicMs();
    for (Job job : List.copyOf(jobs)) {
      if (running >= MAX_RUNNING) {
        return;
      }
      if (!job.running && job.startMs <= nowMs) {
        run(job, nowMs);
      }
    }
  }

  private void run(Job job, long nowMs) {
    job.running = true;
    job.startMs = nowMs;
    running++;
    env.processes()
        .run(
            job.command,
            timings.scriptMaxRuntimeMs,
            (exitCode, signal, timedOut) -> ended(job, exitCode, signal, timedOut));
  }

  private void ended(Job job, int exitCode, int signal, boolean timedOut) {
    running--;
    job.running = false;
    String facts = job.command.getFirst() + " " + exitCode + " " + signal;
    if (timedOut) {
      events.plain(io.vigil.core.env.Log.Level.WARNING, "-script-timeout", null, facts);
    }
    boolean again = (signal != 0 || exitCode == 1) && job.retries < MAX_RETRIES;
    if (again) {
      job.retries++;
      long delayMs = timings.scriptRetryDelayMs << (job.retries - 1);
      job.startMs = env.clock().monotonicMs() + delayMs;
      env.timers().schedule(delayMs, this::runDue);
    } else {
      jobs.remove(job);
      if (signal != 0 || exitCode != 0) {
        events.plain(io.vigil.core.env.Log.Level.WARNING, "-script-error", null, facts);
      }
    }
    runDue();
  }
}
