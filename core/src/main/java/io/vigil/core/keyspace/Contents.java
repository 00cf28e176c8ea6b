package io.vigil.core.keyspace;

import io.vigil.core.structure.Table;

/**
 * What one database holds, with memory of its own: SWAPDB exchanges two of these, FLUSHDB drops one
 * with all its pages.
 */
final class Contents {
  final Records records;
  final Table table;

  /** Keys that have a deadline. */
  long deadlines;

  /** Slabs that the allocator had taken when moving was last paid for. */
  long paidSlabs;

  /** The open snapshot that includes this data set, or null. */
  SnapshotCursor snapshot;

  /** The database this was when that snapshot began. */
  int snapshotDatabase;

  Contents(Records records) {
    this.records = records;
    this.table = new Table(records.allocator, records);
  }
}
