package io.vigil.core.persist.store;

import io.vigil.core.keyspace.ImageBuffer;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.keyspace.SnapshotCursor;

/** A snapshot of the keyspace. */
public final class KeyspaceSnapshot implements SnapshotSource {
  /** The cursor counts work in units of about so many bytes. */
  private static final int UNIT_BYTES = 64;

  private final SnapshotCursor cursor;
  private final DatabaseSizes sizes;

  public KeyspaceSnapshot(Keyspace keyspace) {
    int databases = keyspace.databaseCount();
    long[] keys = new long[databases];
    long[] keysWithDeadline = new long[databases];
    for (int i = 0; i < databases; i++) {
      keys[i] = keyspace.database(i).size();
      keysWithDeadline[i] = keyspace.database(i).deadlineCount();
    }
    this.sizes = new DatabaseSizes(keys, keysWithDeadline);
    this.cursor = keyspace.openSnapshot();
  }

  @Override
  public DatabaseSizes sizes() {
    return sizes;
  }

  @Override
  public boolean step(ImageBuffer image, int workBytes) {
    cursor.step(workBytes / UNIT_BYTES, image);
    return !cursor.isDone();
  }

  @Override
  public long records() {
    return cursor.doneRecords();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
