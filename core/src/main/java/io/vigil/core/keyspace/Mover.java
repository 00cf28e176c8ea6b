package io.vigil.core.keyspace;

import io.vigil.core.memory.Allocator;

/**
 * Empties sparse slabs by walking the tables: a pass goes over one database, moves the records and
 * structures that stand in slabs chosen at its start, and ends when the walk is through.
 */
final class Mover {
  /** A pass begins when the holes exceed this share of what is used, in percent, and a floor. */
  private static final int HOLES_PERCENT = 10;

  private static final long FLOOR_BYTES = 2L << 20;

  private final Keyspace keyspace;
  private int database = -1;
  private long cursor;
  private long used;

  Mover(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  boolean isDue() {
    return database >= 0 || choose() >= 0;
  }

  private int choose() {
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Allocator allocator = keyspace.allocator(i);
      long holes = allocator.holeBytes();
      if (holes > FLOOR_BYTES && holes * 100 > allocator.usedBytes() * HOLES_PERCENT) {
        return i;
      }
    }
    return -1;
  }

  /** A database got other contents: its pass is over. */
  void restart() {
    if (database >= 0) {
      keyspace.allocator(database).endMoving();
      database = -1;
    }
  }

  long step(long workUnits) {
    used = 0;
    if (database < 0 && !begin()) {
      return 0;
    }
    Contents contents = keyspace.database(database).contents();
    Records records = contents.records;
    do {
      used += 64;
      cursor = contents.table.moveStep(cursor, record -> move(records, record));
    } while (cursor != 0 && used < workUnits);
    if (cursor == 0) {
      records.allocator.endMoving();
      database = -1;
    }
    return used;
  }

  private boolean begin() {
    int chosen = choose();
    if (chosen < 0 || keyspace.allocator(chosen).beginMoving() == 0) {
      return false;
    }
    database = chosen;
    cursor = 0;
    return true;
  }

  private long move(Records records, long record) {
    long moved = records.moveOwn(record);
    TypeHandler.of(records.type(moved)).move(records, moved);
    if (moved != record) {
      used += 4;
    }
    return moved;
  }
}
