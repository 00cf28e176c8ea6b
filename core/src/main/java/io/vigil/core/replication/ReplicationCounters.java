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

  /** Replicas dropped because the backlog could grow no further: {@code vigil_dropped_replicas}. */
  public long droppedReplicas;

  /** The last one of them and why, as INFO shows it; empty when there was none. */
  public String lastDroppedReplica = "";

  /**
   * How long writers were held back for synchronising replicas: {@code vigil_writers_slowed_ms}.
   */
  public long writersSlowedMs;

  /** Zeroes every counter, as CONFIG RESETSTAT does. */
  public void reset() {
    fullSyncs = 0;
    partialSyncs = 0;
    partialSyncsRefused = 0;
    receivedBytes = 0;
    streamFailures = 0;
    droppedReplicas = 0;
    writersSlowedMs = 0;
  }
}
