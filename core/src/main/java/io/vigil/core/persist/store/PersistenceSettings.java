package io.vigil.core.persist.store;

import java.util.List;

/** What the configuration says of the data file: plain values that the node keeps up to date. */
public final class PersistenceSettings {
  /** {@code dbfilename}, relative to the node's working directory. */
  public String dataFileName = "dump.rdb";

  /** {@code rdbcompression}. */
  public boolean packsStrings = true;

  /** {@code rdbchecksum}. */
  public boolean checksums = true;

  /** What is written of the use of keys, by {@code maxmemory-policy}. */
  public SnapshotRun.Usage usage = SnapshotRun.Usage.NOTHING;

  /** {@code save}: empty when nothing is saved by itself. */
  public List<SavePoint> savePoints =
      List.of(new SavePoint(3600, 1), new SavePoint(300, 100), new SavePoint(60, 10_000));

  /** {@code stop-writes-on-bgsave-error}. */
  public boolean stopsWritesOnError = true;

  /** DEBUG SET-SKIP-CHECKSUM-VALIDATION. */
  public boolean skipsChecksums;

  /**
   * {@code rdb-key-save-delay}, in microseconds per key: a lever of tests; negative is allowed and
   * counts as none.
   */
  public int keySaveDelayMicros;

  /** {@code key-load-delay}, the same for the data file that is loaded at the start. */
  public int keyLoadDelayMicros;

  /** {@code databases}. */
  public int databases = 16;

  /**
   * Save once {@code changes} changes have been made and {@code seconds} have passed since the last
   * save.
   */
  public record SavePoint(long seconds, long changes) {}
}
