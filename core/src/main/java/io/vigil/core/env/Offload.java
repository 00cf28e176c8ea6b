package io.vigil.core.env;

import java.util.concurrent.Callable;

/**
 * Work that must not run in the core: encoding, compression, disk. A job owns the buffers it is
 * given and reaches no page, structure or database.
 */
public interface Offload {
  /**
   * Runs {@code job} outside the core, then {@code completion} in the core. Jobs of one {@code
   * lane} run one after the other, in the order they were submitted; jobs of different lanes may
   * overlap.
   */
  <T> void submit(String lane, Callable<T> job, Completion<T> completion);

  /** How a job ended. */
  @FunctionalInterface
  interface Completion<T> {
    /**
     * Exactly one of the two is meaningful: {@code failure} is null when the job returned {@code
     * result}.
     */
    void done(T result, Exception failure);
  }
}
