package io.vigil.core.keyspace;

/** Strings: an int of 8 bytes, bytes inline, or the root of a long string. */
final class StringHandler implements TypeHandler {
  @Override
  public int valueBytes(Records records, long record) {
    if (records.hasLongValue(record) || records.encoding(record) == Encoding.INT.code()) {
      return 8;
    }
    return 2 + records.pages.getShort(records.value(record));
  }

  @Override
  public void free(Records records, long record) {
    if (records.hasLongValue(record)) {
      records.big.free(root(records, record));
    }
  }

  @Override
  public void duplicate(Records records, long record) {
    if (records.hasLongValue(record)) {
      records.pages.putLong(records.value(record), records.big.duplicate(root(records, record)));
    }
  }

  @Override
  public void copyFrom(Records records, long record, Records source, long sourceRecord) {
    if (records.hasLongValue(record)) {
      long root = records.big.copyFrom(source.big, root(source, sourceRecord));
      records.pages.putLong(records.value(record), root);
    }
  }

  @Override
  public long blockBytes(Records records, long record) {
    return records.hasLongValue(record) ? records.big.blockBytes(root(records, record)) : 0;
  }

  @Override
  public void move(Records records, long record) {
    if (records.hasLongValue(record)) {
      records.pages.putLong(records.value(record), records.big.move(root(records, record)));
    }
  }

  static long root(Records records, long record) {
    return records.pages.getLong(records.value(record));
  }
}
