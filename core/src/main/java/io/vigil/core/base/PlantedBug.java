package io.vigil.core.base;

/**
 * A mistake made on purpose, so that the simulator can be shown to find it. Only tests ask for one;
 * every product code path runs with {@link #NONE}.
 */
public enum PlantedBug {
  /** The code as it is. */
  NONE,
  /** A Sentinel takes its own view for the quorum's. */
  QUORUM_NOT_COUNTED,
  /** A Sentinel tells its vote without having saved it. */
  VOTE_NOT_PERSISTED,
  /** A partial resynchronisation starts one byte late. */
  BACKLOG_OFF_BY_ONE
}
