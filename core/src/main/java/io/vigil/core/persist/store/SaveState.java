package io.vigil.core.persist.store;

/** What INFO says of saving and loading, and what the save points and the MISCONF guard look at. */
public final class SaveState {
  /** Changes since the last save that succeeded: {@code rdb_changes_since_last_save}. */
  public long changes;

  /** Wall clock seconds of the last save that succeeded, or of the start. */
  public long lastSaveSeconds;

  /** {@code rdb_last_bgsave_status} is ok. */
  public boolean lastBackgroundSaveOk = true;

  /** {@code rdb_last_bgsave_time_sec}; -1 before the first. */
  public long lastBackgroundSaveDurationSeconds = -1;

  /** {@code rdb_saves}. */
  public long saves;

  /** {@code rdb_last_load_keys_loaded}. */
  public long keysLoaded;

  /** {@code rdb_last_load_keys_expired}. */
  public long keysExpiredWhileLoading;

  long lastTrySeconds;
}
