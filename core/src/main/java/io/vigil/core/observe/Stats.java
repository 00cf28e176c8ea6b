package io.vigil.core.observe;

/**
 * Counters of INFO stats that no subsystem keeps for itself. Plain fields of one node. What is not
 * here: clients and traffic (session), hits and expiry (keyspace), synchronisations (replication).
 */
public final class Stats {
  /** {@code total_commands_processed}. */
  public long commands;

  /** {@code expire_cycle_cpu_milliseconds}, in microseconds. */
  public long expireCycleMicros;

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
    expireCycleMicros = 0;
    commandRate.reset();
    inputRate.reset();
    outputRate.reset();
    replicationInputRate.reset();
    replicationOutputRate.reset();
  }
}
