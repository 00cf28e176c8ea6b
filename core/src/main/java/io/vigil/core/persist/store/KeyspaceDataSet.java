package io.vigil.core.persist.store;

import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbValue;
import java.nio.charset.StandardCharsets;

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
    return new Load(keyspace, beside);
  }

  /** One key at a time: its value is put together, then becomes that of the key. */
  private static final class Load implements Loading {
    private final Keyspace keyspace;
    private final Keyspace beside;
    private final ValueLoader value = new ValueLoader();

    /** The entry whose elements are being told, or null. */
    private RdbEntry open;

    Load(Keyspace keyspace, Keyspace beside) {
      this.keyspace = keyspace;
      this.beside = beside;
    }

    @Override
    public void entry(RdbEntry entry) throws RdbException {
      Database database = beside.database(entry.database());
      requireNew(database, entry);
      value.begin(database, entry.value());
      open = entry;
      if (!(entry.value() instanceof RdbValue.Elements)) {
        elementsEnd();
      }
    }

    @Override
    public void element(byte[] array, int offset, int length) throws RdbException {
      value.element(array, offset, length);
    }

    @Override
    public void score(double score) throws RdbException {
      value.score(score);
    }

    @Override
    public void node(int type, byte[] array, int offset, int length) throws RdbException {
      value.node(type, array, offset, length);
    }

    @Override
    public void elementsEnd() {
      // Old versions of Redis could leave keys without elements: they are dropped, as it does.
      if (value.isEmpty()) {
        value.abandon();
      } else {
        store(beside.database(open.database()), open, value);
      }
    }

    @Override
    public void commit() {
      keyspace.takeOver(beside);
    }

    @Override
    public void discard() {
      value.abandon();
      beside.flushAll();
    }
  }

  private static void requireNew(Database database, RdbEntry entry) throws RdbException {
    byte[] key = entry.key();
    if (database.peek(key, 0, key.length) != 0) {
      throw new RdbException(
          RdbException.Kind.CORRUPT,
          0,
          "RDB has duplicated key '"
              + new String(key, StandardCharsets.ISO_8859_1)
              + "' in DB "
              + entry.database());
    }
    int bytes = entry.value() instanceof RdbValue.Text text ? text.length() : 0;
    if (!database.keyspace().canTake(database, (long) key.length + bytes + RECORD_BYTES)) {
      throw new RdbException(
          RdbException.Kind.NO_ROOM,
          0,
          "not enough memory for the data: the limit is "
              + database.keyspace().memory().limitBytes()
              + " bytes");
    }
  }

  private static void store(Database database, RdbEntry entry, ValueLoader value) {
    byte[] key = entry.key();
    long deadlineMs =
        entry.deadlineMs() == RdbEntry.NONE ? Database.NO_DEADLINE : entry.deadlineMs();
    value.attach(key, 0, key.length, deadlineMs);
    if (entry.idleSeconds() != RdbEntry.NONE) {
      database.setIdleSeconds(database.peek(key, 0, key.length), entry.idleSeconds());
    } else if (entry.frequency() != RdbEntry.NONE) {
      database.setFrequency(database.peek(key, 0, key.length), entry.frequency());
    }
  }
}
