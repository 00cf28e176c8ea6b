package io.vigil.core.persist.rdb;

/**
 * One key with its value as read from an RDB. One instance serves a whole file: what a visitor
 * wants to keep it copies.
 */
public final class RdbEntry {
  /** Stands for "no deadline", "no idle time", "no frequency". */
  public static final long NONE = -1;

  int database;
  byte[] key;
  RdbValue value;
  long deadlineMs = NONE;
  long idleSeconds = NONE;
  int frequency = (int) NONE;

  /** Number of the database. */
  public int database() {
    return database;
  }

  /** The key, in an array of its own. */
  public byte[] key() {
    return key;
  }

  public RdbValue value() {
    return value;
  }

  /** Wall clock deadline in milliseconds, or {@link #NONE}. */
  public long deadlineMs() {
    return deadlineMs;
  }

  /** Seconds since the last access under an LRU policy, or {@link #NONE}. */
  public long idleSeconds() {
    return idleSeconds;
  }

  /** Logarithmic access counter (0 to 255) under an LFU policy, or {@link #NONE}. */
  public int frequency() {
    return frequency;
  }

  void forgetMetadata() {
    deadlineMs = NONE;
    idleSeconds = NONE;
    frequency = (int) NONE;
  }
}
