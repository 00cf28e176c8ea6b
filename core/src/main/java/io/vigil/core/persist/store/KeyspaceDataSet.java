package io.vigil.core.persist.store;

import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbValue;

/** The keyspace as loading needs it. */
public final class KeyspaceDataSet implements DataSet {
  /** What a record takes beside key and value, for the question whether there is room. */
  private static final int RECORD_BYTES = 128;

  private final Keyspace keyspace;

  public KeyspaceDataSet(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  @Override
  public boolean isEmpty() {
    return keyspace.size() == 0;
  }

  @Override
  public long size() {
    return keyspace.size();
  }

  @Override
  public long committedBytes() {
    return keyspace.memory().committedBytes();
  }

  @Override
  public long limitBytes() {
    return keyspace.memory().limitBytes();
  }

  @Override
  public void drop() {
    keyspace.flushAll();
  }

  @Override
  public Loading loadBeside() {
    Keyspace beside = keyspace.beside();
    return new Loading() {
      @Override
      public void entry(RdbEntry entry) throws RdbException {
        put(beside.database(entry.database()), entry, false);
      }

      @Override
      public void commit() {
        keyspace.takeOver(beside);
      }

      @Override
      public void discard() {
        beside.flushAll();
      }
    };
  }

  /**
   * Stores one entry.
   *
   * @param replaces whether a key that exists is replaced; else it is an error
   */
  static void put(Database database, RdbEntry entry, boolean replaces) throws RdbException {
    byte[] key = entry.key();
    RdbValue.Text text = (RdbValue.Text) entry.value();
    if (!replaces && database.peek(key, 0, key.length) != 0) {
      throw new RdbException(
          RdbException.Kind.CORRUPT,
          0,
          "RDB has duplicated key '"
              + new String(key, java.nio.charset.StandardCharsets.ISO_8859_1)
              + "' in DB "
              + entry.database());
    }
    if (!database.keyspace().canTake(database, (long) key.length + text.length() + RECORD_BYTES)) {
      throw new RdbException(
          RdbException.Kind.NO_ROOM,
          0,
          "not enough memory for the data: the limit is "
              + database.keyspace().memory().limitBytes()
              + " bytes");
    }
    long deadlineMs =
        entry.deadlineMs() == RdbEntry.NONE ? Database.NO_DEADLINE : entry.deadlineMs();
    database
        .strings()
        .set(key, 0, key.length, text.array(), text.offset(), text.length(), deadlineMs);
    if (entry.idleSeconds() != RdbEntry.NONE) {
      database.setIdleSeconds(database.peek(key, 0, key.length), entry.idleSeconds());
    } else if (entry.frequency() != RdbEntry.NONE) {
      database.setFrequency(database.peek(key, 0, key.length), entry.frequency());
    }
  }
}
