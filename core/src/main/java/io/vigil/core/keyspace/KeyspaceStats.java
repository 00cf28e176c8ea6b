package io.vigil.core.keyspace;

/** Counters of INFO that the keyspace keeps. Plain fields: one thread. */
public final class KeyspaceStats {
  /** {@code keyspace_hits}. */
  public long hits;

  /** {@code keyspace_misses}. */
  public long misses;

  /** {@code expired_keys}. */
  public long expiredKeys;

  /** Zeroes every counter, as CONFIG RESETSTAT does. */
  public void reset() {
    hits = 0;
    misses = 0;
    expiredKeys = 0;
  }
}
