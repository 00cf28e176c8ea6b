package io.vigil.core.node;

/**
 * What the guards ask of the node before a command runs. The defaults are those of a healthy
 * primary; replication, persistence and memory give their own answers.
 */
public interface Conditions {
  /** A data file is being loaded and the data set is not complete. */
  default boolean isLoading() {
    return false;
  }

  /** A data set is being loaded beside the one that is served. */
  default boolean isLoadingBeside() {
    return false;
  }

  /** The error for commands while a script runs too long, or null. */
  default String busyError() {
    return null;
  }

  /**
   * Memory is used up, or has no room for {@code bytes} more, and nothing can be evicted; may evict
   * to find out.
   */
  default boolean isOutOfMemory(long bytes) {
    return false;
  }

  /** The open snapshot holds as much memory as it may. */
  default boolean isSnapshotFull() {
    return false;
  }

  /** The data set has no room for {@code bytes} more: the limit that nobody may pass. */
  default boolean isFull(long bytes) {
    return false;
  }

  /** The error for writes while the disk fails, or null. */
  default String diskError() {
    return null;
  }

  /** Fewer replicas are in step than {@code min-replicas-to-write} asks for. */
  default boolean lacksReplicas() {
    return false;
  }

  /** This node is a replica that takes no writes from clients. */
  default boolean isReadOnlyReplica() {
    return false;
  }

  /** This node is a replica without its primary and must not serve old data. */
  default boolean isStale() {
    return false;
  }
}
