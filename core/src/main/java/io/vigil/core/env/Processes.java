package io.vigil.core.env;

import java.util.List;

/** Child processes, for the scripts of a Sentinel. A child inherits no descriptor but 0 to 2. */
public interface Processes {
  /** True when {@code path} is a file that may be executed. */
  boolean isExecutable(String path);

  /**
   * Starts {@code command}; {@code ended} is called in the core, later than this returns. Killed
   * with SIGKILL after {@code timeoutMs}.
   *
   * @param command a path, taken against the working directory and never looked for elsewhere, and
   *     the arguments
   * @return the child's process id, 0 if it could not be started
   */
  long run(List<String> command, long timeoutMs, Ended ended);

  /** How a child ended. */
  @FunctionalInterface
  interface Ended {
    /**
     * {@code exitCode} is -1 when it could not be started, 0 when a signal ended it; {@code signal}
     * is 0 unless a signal ended it.
     */
    void ended(int exitCode, int signal, boolean timedOut);
  }
}
