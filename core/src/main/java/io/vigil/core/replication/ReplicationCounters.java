package io.vigil.core.replication;

/** What INFO stats says of synchronisations since the start or the last CONFIG RESETSTAT. */
public final class ReplicationCounters {
  /** {@code sync_full}. */
  public long fullSyncs;

  /** {@code sync_partial_ok}. */
  public long partialSyncs;

  /** {@code sync_partial_err}. */
  public long partialSyncsRefused;

  /** {@code total_net_repl_input_bytes}: what came from our primary. */
  public long receivedBytes;

  /**
   * How often the primary's stream could not be applied, so that a full synchronisation was forced:
   * {@code vigil_stream_failures} of INFO replication.
   */
  public long streamFailures;

  /** Zeroes every counter, as CONFIG RESETSTAT does. */
  public void reset() {
    fullSyncs = 0;
    partialSyncs = 0;
    partialSyncsRefused = 0;
    receivedBytes = 0;
    streamFailures = 0;
  }
}
