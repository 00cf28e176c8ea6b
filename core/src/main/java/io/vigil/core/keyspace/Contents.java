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

  /** The keyspace that these contents are part of; another one once they are taken over. */
  Keyspace keyspace;

  /** The structures of big collections, by the handles in their records. */
  final Structures structures = new Structures();

  /** True once the pages have been given back: what belonged to these contents is gone. */
  private boolean discarded;

  Contents(Keyspace keyspace, Records records) {
    this.keyspace = keyspace;
    this.records = records;
    this.table = new Table(records.allocator, records);
    records.contents = this;
  }

  /** Drops everything at once, with its pages. */
  void discard() {
    discarded = true;
    records.allocator.discard();
  }

  boolean isDiscarded() {
    return discarded;
  }
}
