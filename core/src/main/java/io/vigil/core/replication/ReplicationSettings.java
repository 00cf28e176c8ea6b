package io.vigil.core.replication;

import io.vigil.core.base.PlantedBug;

/** What the configuration says of replication: plain values that the node keeps up to date. */
public final class ReplicationSettings {
  /** A mistake made on purpose: for tests of the simulator. */
  public PlantedBug plantedBug = PlantedBug.NONE;

  /** {@code repl-timeout}. */
  public int timeoutSeconds = 60;

  /** {@code repl-ping-replica-period}. */
  public int pingPeriodSeconds = 10;

  /** {@code repl-diskless-sync}. */
  public boolean disklessSync = true;

  /** {@code repl-diskless-sync-delay}. */
  public int disklessSyncDelaySeconds = 5;

  /** {@code repl-diskless-sync-max-replicas}; 0 for no such limit. */
  public int disklessSyncMaxReplicas;

  /** {@code repl-diskless-load}. */
  public DisklessLoad disklessLoad = DisklessLoad.DISABLED;

  /**
   * {@code repl-backlog-ttl}: seconds without a replica after which the backlog is given up; 0 for
   * never.
   */
  public long backlogTtlSeconds = 3600;

  /** {@code min-replicas-to-write}; 0 turns the guard off. */
  public int minReplicasToWrite;

  /** {@code min-replicas-max-lag}; 0 turns the guard off. */
  public int minReplicasMaxLagSeconds = 10;

  /** {@code masterauth}, or null. */
  public byte[] primaryPassword;

  /** {@code masteruser}, or null for the default user. */
  public byte[] primaryUser;

  /** {@code port}, or {@code replica-announce-port} where that is set. */
  public int announcedPort = 6379;

  /** {@code replica-announce-ip}, or null. */
  public String announcedAddress;

  /** {@code bind-source-addr}, or null. */
  public String bindSourceAddress;

  /** {@code replica-priority}. */
  public int replicaPriority = 100;

  /** {@code replica-read-only}. */
  public boolean replicaReadOnly = true;

  /** {@code replica-announced}. */
  public boolean replicaAnnounced = true;

  /** {@code port}. */
  public int listeningPort = 6379;

  /** {@code vigil-backlog-memory}: what of a grown backlog stays in memory. */
  public long backlogMemoryBytes = 64L << 20;

  /** {@code vigil-backlog-limit}: how far the backlog grows while a replica synchronises. */
  public long backlogLimitBytes = 4L << 30;

  /** {@code vigil-tail-files}: how many files of lost commands are kept; 0 for none. */
  public int tailFiles = 8;

  /** {@code vigil-tail-size}: most bytes of lost commands that one file holds. */
  public long tailBytes = 64L << 20;

  /** {@code dbfilename}. */
  public String dataFileName = "dump.rdb";

  /** {@code rdb-del-sync-files}, and nothing else keeps data on disk. */
  public boolean deletesSyncFiles;

  /** When a replica reads a full synchronisation straight from the link. */
  public enum DisklessLoad {
    DISABLED,
    WHEN_EMPTY,
    SWAPDB
  }
}
