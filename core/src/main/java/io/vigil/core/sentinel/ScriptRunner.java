package io.vigil.core.sentinel;

import io.vigil.core.env.Env;
import io.vigil.core.env.Log.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the administrator's scripts: at most 16 at once, at most 256 known (the oldest waiting one
 * makes room). A script that ends with status 1, by a signal or over time is run again, 10 times in
 * all, after a delay that doubles each time; any other status ends the matter.
 *
 * <p>Limit: the JDK tells a death by signal 9 and an exit with status 137 as the same thing. A
 * script that exits with a status above 128 counts as killed, and is run again.
 */
final class ScriptRunner {
  private static final int MAX_QUEUE = 256;
  private static final int MAX_RUNNING = 16;
  private static final int MAX_STARTS = 10;

  /** The status of a child whose program could not be executed. */
  private static final int NOT_EXECUTED = 2;

  private final Env env;
  private final Timings timings;
  private final List<Job> jobs = new ArrayList<>();
  private SentinelEvents events;
  private int running;

  /** One call of a script. */
  static final class Job {
    final List<String> command;
    boolean running;

    /** Of the process that runs, 0 while none does. */
    long processId;

    /** When it started, or, once it is to be retried, when it may start. */
    long startMs;

    /** How often it was started. */
    int starts;

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
      if (!job.running && (job.starts == 0 || job.startMs <= nowMs)) {
        run(job, nowMs);
      }
    }
  }

  private void run(Job job, long nowMs) {
    job.running = true;
    job.startMs = nowMs;
    job.starts++;
    running++;
    job.processId =
        env.processes()
            .run(
                job.command,
                timings.scriptMaxRuntimeMs,
                (exitCode, signal, timedOut) -> ended(job, exitCode, signal, timedOut));
    events.plain(Level.DEBUG, "+script-child", null, Long.toString(job.processId));
  }

  private void ended(Job job, int exitCode, int signal, boolean timedOut) {
    String path = job.command.getFirst();
    int status = exitCode < 0 ? NOT_EXECUTED : exitCode;
    if (timedOut) {
      events.plain(Level.WARNING, "-script-timeout", null, path + " " + job.processId);
    }
    events.plain(Level.DEBUG, "-script-child", null, job.processId + " " + status + " " + signal);
    running--;
    job.running = false;
    job.processId = 0;
    if ((signal != 0 || status == 1) && job.starts < MAX_STARTS) {
      long delayMs = timings.scriptRetryDelayMs << (job.starts - 1);
      job.startMs = env.clock().monotonicMs() + delayMs;
      env.timers().schedule(delayMs, this::runDue);
    } else {
      jobs.remove(job);
      if (signal != 0 || status != 0) {
        events.plain(Level.WARNING, "-script-error", null, path + " " + signal + " " + status);
      }
    }
    runDue();
  }
}
