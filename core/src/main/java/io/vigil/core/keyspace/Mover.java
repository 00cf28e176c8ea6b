package io.vigil.core.keyspace;

import io.vigil.core.memory.Allocator;

/**
 * Empties sparse slabs by walking the tables: a pass goes over one database, moves the records and
 * structures that stand in slabs chosen at its start, and ends when the walk is through.
 */
final class Mover {
  /** A pass begins when it can win back this share of what is used, in percent, and a floor. */
  private static final int PERCENT = 5;

  private static final long FLOOR_BYTES = 2L << 20;

  /** With less room than this left below the limit, a pass begins for the tenth of that share. */
  private static final long CRAMPED_BYTES = 1L << 20;

  private static final long UNITS_PER_SEGMENT = 64;
  private static final long UNITS_PER_RECORD = 4;

  private final Keyspace keyspace;

  /**
   * The data set of the pass under way, or null. Held by itself: its database may get another
   * number.
   */
  private Contents contents;

  private long cursor;
  private long used;

  Mover(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  boolean isDue() {
    return contents != null || choose() != null;
  }

  private Contents choose() {
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Contents candidate = keyspace.database(i).contents();
      Allocator allocator = candidate.records.allocator;
      long worthwhile = worthwhileBytes(allocator);
      // The first look is cheap and nearly always enough.
      if (allocator.holeBytes() > worthwhile && allocator.reclaimableBytes() > worthwhile) {
        return candidate;
      }
    }
    return null;
  }

  private static long worthwhileBytes(Allocator allocator) {
    if (!allocator.canAllocate(CRAMPED_BYTES)) {
      return Math.max(CRAMPED_BYTES, allocator.usedBytes() / 1000 * PERCENT);
    }
    return Math.max(FLOOR_BYTES, allocator.usedBytes() / 100 * PERCENT);
  }

  /** Ends the pass under way: databases got other contents. */
  void restart() {
    if (contents != null) {
      contents.records.allocator.endMoving();
      contents = null;
    }
  }

  long step(long workUnits) {
    used = 0;
    if (contents == null && !begin()) {
      return 0;
    }
    Records records = contents.records;
    do {
      used += UNITS_PER_SEGMENT;
      cursor = contents.table.moveStep(cursor, record -> move(records, record));
    } while (cursor != 0 && used < workUnits);
    if (cursor == 0) {
      restart();
    }
    return used;
  }

  private boolean begin() {
    Contents chosen = choose();
    if (chosen == null || chosen.records.allocator.beginMoving() == 0) {
      return false;
    }
    contents = chosen;
    cursor = 0;
    return true;
  }

  private long move(Records records, long record) {
    long moved = records.moveOwn(record);
    TypeHandler.of(records.type(moved)).move(records, moved);
    if (moved != record) {
      used += UNITS_PER_RECORD;
    }
    return moved;
  }
}
