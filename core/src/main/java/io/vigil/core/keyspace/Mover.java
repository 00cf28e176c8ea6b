package io.vigil.core.keyspace;

import io.vigil.core.memory.Allocator;
import java.util.ArrayDeque;

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
  private boolean walked;
  private long used;

  /** Structures that the walk has met and whose blocks are yet to be moved. */
  private final ArrayDeque<Structure> structures = new ArrayDeque<>();

  private long structureCursor;

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
      structures.clear();
      structureCursor = 0;
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
      if (!structures.isEmpty()) {
        moveStructure();
      } else {
        cursor = contents.table.moveStep(cursor, record -> move(records, record));
        walked = cursor == 0;
      }
    } while (!(walked && structures.isEmpty()) && used < workUnits);
    if (walked && structures.isEmpty()) {
      restart();
    }
    return used;
  }

  /** A record met on the walk has a structure: its blocks are moved in steps of their own. */
  void meet(Structure structure) {
    structures.add(structure);
  }

  private void moveStructure() {
    Structure structure = structures.peek();
    if (structure.isOwned()) {
      structureCursor = structure.moveStep(structureCursor);
    } else {
      structureCursor = 0;
    }
    if (structureCursor == 0) {
      structures.remove();
    }
  }

  private boolean begin() {
    Contents chosen = choose();
    if (chosen == null || chosen.records.allocator.beginMoving() == 0) {
      return false;
    }
    contents = chosen;
    cursor = 0;
    walked = false;
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
