package io.vigil.core.persist.store;

import io.vigil.core.persist.rdb.RdbWriter;
import java.io.IOException;

/** How many keys each database has as a snapshot begins, and which one its writer has selected. */
public final class DatabaseSizes {
  private final long[] keys;
  private final long[] keysWithDeadline;
  private int selected = -1;

  public DatabaseSizes(long[] keys, long[] keysWithDeadline) {
    this.keys = keys.clone();
    this.keysWithDeadline = keysWithDeadline.clone();
  }

  /** Writes the opcodes that select {@code database}, unless it is selected. */
  void select(int database, RdbWriter writer) throws IOException {
    if (database != selected) {
      writer.database(database, keys[database], keysWithDeadline[database]);
      selected = database;
    }
  }
}
