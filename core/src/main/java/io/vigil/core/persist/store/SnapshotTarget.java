package io.vigil.core.persist.store;

import java.io.IOException;

/**
 * Where a snapshot's bytes go. {@link #write}, {@link #finish} {@link #endJob} and {@link #abandon}
 * run in jobs, one after the other; {@link #jobEnded} runs in the core, between two jobs.
 */
public interface SnapshotTarget {
  /** Takes encoded bytes; the array may change after the call. */
  void write(byte[] source, int offset, int length) throws IOException;

  /** Everything has been written: makes it last. */
  void finish() throws IOException;

  /** The snapshot will never be whole: removes what was written. */
  void abandon();

  /** Called at the end of each job: what the core is to hand on, or null. */
  default byte[] endJob() {
    return null;
  }

  /**
   * Called in the core after each job, with what {@link #endJob} gave.
   *
   * @return true when the snapshot may go on now; false when {@code resume} will be run once it may
   */
  default boolean jobEnded(byte[] piece, Runnable resume) {
    return true;
  }
}
