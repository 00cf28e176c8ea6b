package io.vigil.core.env;

import java.util.List;

/** Child processes, for the scripts of a Sentinel. A child inherits no descriptor but 0 to 2. */
public interface Processes {
  /** True when {@code path} is a file that may be executed. */
  boolean isExecutable(String path);

  /**
   * Starts {@code command}; {@code ended} is called in the core. Killed with SIGKILL after {@code
   * timeoutMs}.
   */
  void run(List<String> command, long timeoutMs, Ended ended);

  /** How a child ended. */
  @FunctionalInterface
  interface Ended {
    /**
     * {@code exitCode} is -1 when it could not be started; {@code signal} is 0 unless a signal
     * ended it.
     */
    void ended(int exitCode, int signal, boolean timedOut);
  }
}
