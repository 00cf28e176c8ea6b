package io.vigil.core.observe;

/**
 * Counters of INFO stats that no subsystem keeps for itself. Plain fields of one node. What is not
 * here: clients and traffic (session), hits and expiry (keyspace), synchronisations (replication).
 */
public final class Stats {
  /** {@code total_commands_processed}. */
  public long commands;

  /** {@code expired_time_cap_reached_count}. */
  public long expireCyclesCutShort;

  /** {@code expire_cycle_cpu_milliseconds}, in microseconds. */
  public long expireCycleMicros;

  /** {@code expired_stale_perc}: keys past their deadline among those with one, in percent. */
  public double expiredStalePercent;

  /** {@code total_eviction_exceeded_time}, in microseconds. */
  public long overLimitMicros;

  /** {@code unexpected_error_replies}: errors written to our primary or a replica. */
  public long unexpectedErrors;

  /** {@code dump_payload_sanitizations}. */
  public long payloadSanitizations;

  /** {@code used_memory_peak}, in bytes. */
  public long peakMemoryBytes;

  public final Rate commandRate = new Rate();
  public final Rate inputRate = new Rate();
  public final Rate outputRate = new Rate();
  public final Rate replicationInputRate = new Rate();
  public final Rate replicationOutputRate = new Rate();

  /** Zeroes what CONFIG RESETSTAT zeroes. */
  public void reset() {
    commands = 0;
    expireCyclesCutShort = 0;
    expireCycleMicros = 0;
    expiredStalePercent = 0;
    overLimitMicros = 0;
    unexpectedErrors = 0;
    payloadSanitizations = 0;
    peakMemoryBytes = 0;
    commandRate.reset();
    inputRate.reset();
    outputRate.reset();
    replicationInputRate.reset();
    replicationOutputRate.reset();
  }
}
