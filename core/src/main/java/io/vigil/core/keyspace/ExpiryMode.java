package io.vigil.core.keyspace;

/** What a lookup makes of a key whose deadline has passed. */
public enum ExpiryMode {
  /** It is deleted and reported through {@link Effects}: a primary serving clients. */
  DELETE,
  /**
   * It is missing, but stays: a replica waits for its primary's DEL; a primary whose writes are
   * paused.
   */
  HIDE,
  /** As {@link #HIDE} for reading; a lookup for writing deletes it: a writable replica. */
  HIDE_UNLESS_WRITTEN,
  /** It is there as any other: commands of the primary's link, loading. */
  KEEP
}
