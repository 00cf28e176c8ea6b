package io.vigil.core.keyspace;

import io.vigil.core.memory.Pages;
import io.vigil.core.structure.Intset;
import io.vigil.core.structure.Listpack;

/**
 * All collections: a small one is a listpack or an intset in the record's value area, a big one a
 * {@link Structure}, of which the area holds the handle.
 */
final class CollectionHandler implements TypeHandler {
  @Override
  public int valueBytes(Records records, long record) {
    if (records.hasLongValue(record)) {
      return 8;
    }
    long value = records.value(record);
    byte[] array = records.pages.array(value);
    int at = Pages.index(value);
    return isIntset(records, record) ? Intset.bytes(array, at) : Listpack.bytes(array, at);
  }

  /** True when a small collection is an intset, not a listpack. */
  static boolean isIntset(Records records, long record) {
    return records.encoding(record) == Encoding.INTSET.code() && !records.hasLongValue(record);
  }

  static Structure structure(Records records, long record) {
    return records.contents.structures.get(records.pages.getLong(records.value(record)));
  }

  @Override
  public void free(Records records, long record) {
    if (records.hasLongValue(record)) {
      structure(records, record).release();
    }
  }

  @Override
  public void duplicate(Records records, long record) {
    if (records.hasLongValue(record)) {
      structure(records, record).share();
    }
  }

  @Override
  public void copyFrom(Records records, long record, Records source, long sourceRecord) {
    if (records.hasLongValue(record)) {
      Structure copy = structure(source, sourceRecord).copyTo(records.contents);
      records.pages.putLong(records.value(record), records.contents.structures.add(copy));
    }
  }

  @Override
  public long blockBytes(Records records, long record) {
    if (!records.hasLongValue(record)) {
      return 0;
    }
    return structure(records, record).blockBytes();
  }

  @Override
  public void move(Records records, long record) {
    if (records.hasLongValue(record)) {
      records.contents.keyspace.mover().meet(structure(records, record));
    }
  }
}
