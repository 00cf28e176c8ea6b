package io.vigil.core.keyspace;

/** The settings that the keyspace reads; whoever owns the configuration keeps them current. */
public final class KeyspaceSettings {
  /** False when due keys are deleted only where they are looked at: DEBUG SET-ACTIVE-EXPIRE. */
  public boolean activeExpiry = true;

  /** True when {@link Effects} wants to know of every key that comes to be. */
  public boolean tellsNewKeys;

  /**
   * True when maxmemory-policy is one of the LFU policies: access clocks count frequency, not
   * idleness.
   */
  public boolean lfu;

  /** {@code lfu-log-factor}. */
  public int lfuLogFactor = 10;

  /** {@code lfu-decay-time}, in minutes; 0 for no decay. */
  public int lfuDecayMinutes = 1;

  /** {@code hll-sparse-max-bytes}: a longer HyperLogLog becomes dense. */
  public int hllSparseMaxBytes = 3000;

  /** {@code hash-max-listpack-entries}: a hash of more fields is called a hashtable. */
  public long hashMaxListpackEntries = 512;

  /** {@code hash-max-listpack-value}: so is one with a longer field or value, in bytes. */
  public long hashMaxListpackValue = 64;

  /** {@code set-max-intset-entries}: a set of more integers is called a hashtable. */
  public long setMaxIntsetEntries = 512;

  /** {@code zset-max-listpack-entries}: a sorted set of more members is called a skiplist. */
  public long zsetMaxListpackEntries = 128;

  /** {@code zset-max-listpack-value}: so is one with a longer member, in bytes. */
  public long zsetMaxListpackValue = 64;
}
