package io.vigil.core.node;

import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.replication.PrimarySide;
import io.vigil.core.replication.ReplicaSide;

/** What the guards ask, answered by the parts of a server. */
final class NodeConditions implements Conditions {
  private static final String DISK_ERROR =
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to"
          + " disk. Commands that may modify the data set are disabled, because this instance is"
          + " configured to report errors during writes if RDB snapshotting fails"
          + " (stop-writes-on-bgsave-error option). Please check the Redis logs for details about"
          + " the RDB error.";

  /** Room that a command may need beside the words it brings. */
  private static final long RESERVE_BYTES = 64 * 1024;

  /** What a snapshot of the smallest data set may hold. */
  private static final long LEAST_SNAPSHOT_BYTES = 1024 * 1024;

  private final Settings settings;
  private final Keyspace keyspace;
  private final LoadState loading;
  private Persistence persistence;
  private PrimarySide primary;
  private ReplicaSide replica;

  NodeConditions(Settings settings, Keyspace keyspace, LoadState loading) {
    this.settings = settings;
    this.keyspace = keyspace;
    this.loading = loading;
  }

  /** Binds the parts that are made later, since they need the command table. */
  void bind(Persistence saving, PrimarySide primarySide, ReplicaSide replicaSide) {
    persistence = saving;
    primary = primarySide;
    replica = replicaSide;
  }

  @Override
  public boolean isLoading() {
    return loading.isLoading();
  }

  @Override
  public boolean isLoadingBeside() {
    return loading.isAsync();
  }

  @Override
  public boolean isOutOfMemory(long bytes) {
    long limitBytes = settings.maxMemoryBytes.get();
    boolean overLimit = limitBytes != 0 && keyspace.memory().usedBytes() > limitBytes;
    return overLimit || isFull(bytes);
  }

  @Override
  public boolean isFull(long bytes) {
    return !keyspace.canTake(keyspace.database(0), RESERVE_BYTES + bytes);
  }

  @Override
  public boolean isSnapshotFull() {
    return keyspace.hasSnapshot() && keyspace.snapshotHeldBytes() > snapshotLimitBytes();
  }

  /** Most bytes that an open snapshot may hold back from being freed. */
  long snapshotLimitBytes() {
    int percent = settings.vigilSnapshotMemoryPercent.getInt();
    return percent == 0
        ? Long.MAX_VALUE
        : Math.max(LEAST_SNAPSHOT_BYTES, keyspace.memory().usedBytes() / 100 * percent);
  }

  @Override
  public String diskError() {
    return persistence.refusesWrites() ? DISK_ERROR : null;
  }

  @Override
  public boolean lacksReplicas() {
    return !primary.hasEnoughReplicas();
  }

  @Override
  public boolean isReadOnlyReplica() {
    return replica.isReplica() && settings.replicaReadOnly.get();
  }

  @Override
  public boolean isStale() {
    return replica.isStale() && !settings.replicaServeStaleData.get();
  }
}
