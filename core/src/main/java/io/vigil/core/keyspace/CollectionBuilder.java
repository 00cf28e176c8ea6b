package io.vigil.core.keyspace;

/**
 * A collection put together outside the database, to become the value of a key in one step: how
 * files and RESTORE make collections. Ends by {@link #attach} or {@link #abandon}; the database's
 * contents must not be exchanged meanwhile.
 */
public abstract class CollectionBuilder {
  final Database database;

  CollectionBuilder(Database database) {
    this.database = database;
  }

  /**
   * Adds the next item, in the order of an RDB: of a hash, field and value in turn.
   *
   * @return false if it is in the collection already, where that must not be
   */
  public abstract boolean add(byte[] array, int offset, int length);

  /** The score of the member added last, of a sorted set. */
  public boolean score(double score) {
    throw new UnsupportedOperationException("not a sorted set");
  }

  /** Number of elements so far. */
  public abstract long count();

  /**
   * Makes the collection, which must not be empty, the value of a key; what was there is gone.
   *
   * @param deadlineMs milliseconds since 1970, or {@link Database#NO_DEADLINE}
   */
  public abstract void attach(byte[] key, int offset, int length, long deadlineMs);

  /** Forgets the collection. */
  public abstract void abandon();

  /** Makes a listpack or intset the value of a key. */
  final void attachSmall(
      ValueType type,
      Encoding encoding,
      byte[] bytes,
      int size,
      byte[] key,
      int offset,
      int length,
      long deadlineMs) {
    long record =
        database.put(key, offset, length, type.code(), encoding.code(), 0, size, deadlineMs);
    Records records = database.records();
    records.pages.copyIn(bytes, 0, records.value(record), size);
  }

  /** Makes a structure the value of a key. */
  final void attachStructure(
      ValueType type,
      Structure structure,
      Encoding encoding,
      byte[] key,
      int offset,
      int length,
      long deadlineMs) {
    long handle = database.contents().structures.add(structure);
    long record =
        database.put(
            key,
            offset,
            length,
            type.code(),
            encoding.code(),
            Records.FLAG_LONG_VALUE,
            8,
            deadlineMs);
    Records records = database.records();
    records.pages.putLong(records.value(record), handle);
  }

  /** Gives back a structure that has not been attached. */
  final void abandonStructure(Structure structure) {
    database.contents().structures.add(structure);
    structure.release();
  }
}
