package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Rng;
import io.vigil.core.structure.Listpack;

/** Hashes of one database. */
public final class HashValues extends CollectionValues {
  private boolean added;

  HashValues(Database database) {
    super(database, ValueType.HASH);
  }

  private ElementTable table(long record) {
    return (ElementTable) structure(record);
  }

  // ---- Reading ----

  /** The value of a field, or null. The item is good until the next call. */
  public Item get(long record, byte[] field, int offset, int length) {
    if (isBig(record)) {
      ElementTable table = table(record);
      long element = table.find(field, offset, length);
      return element == 0 ? null : table.value(element, item);
    }
    byte[] array = array(record);
    int entry = find(record, field, offset, length);
    return entry == Listpack.NONE ? null : item.entry(array, Listpack.end(array, entry));
  }

  public Item get(long record, Arguments words, int field) {
    return get(record, words.array(field), words.offset(field), words.length(field));
  }

  /** The entry of a field of a small hash, or {@link Listpack#NONE}. */
  private int find(long record, byte[] field, int offset, int length) {
    byte[] array = array(record);
    int first = Listpack.first(array, start(record));
    return Listpack.find(array, first, field, offset, length, 1);
  }

  /** Is shown a field and its value; may keep neither. */
  @FunctionalInterface
  public interface PairVisitor {
    void pair(Item field, Item value);
  }

  /** Shows a pair drawn with equal chances; the hash must not be empty. */
  public void random(long record, Rng rng, PairVisitor visitor) {
    Item field = new Item();
    if (isBig(record)) {
      ElementTable table = table(record);
      long element = table.random(rng);
      visitor.pair(table.key(element, field), table.value(element, item));
    } else {
      showPair(record, rng.nextInt((int) count(record)), field, visitor);
    }
  }

  private void showPair(long record, int index, Item field, PairVisitor visitor) {
    byte[] array = array(record);
    int entry = Listpack.seek(array, start(record), 2L * index);
    visitor.pair(field.entry(array, entry), item.entry(array, Listpack.end(array, entry)));
  }

  /**
   * One step of HSCAN: shows the pairs of some buckets; all of a small hash.
   *
   * @param cursor 0 at first, then what the last step returned
   * @return the next cursor, 0 at the end
   */
  public long scan(long record, long cursor, int count, PairVisitor visitor) {
    Item field = new Item();
    if (!isBig(record)) {
      byte[] array = array(record);
      int entry = Listpack.first(array, start(record));
      while (entry != Listpack.NONE) {
        int value = Listpack.end(array, entry);
        visitor.pair(field.entry(array, entry), item.entry(array, value));
        entry = Listpack.next(array, value);
      }
      return 0;
    }
    ElementTable table = table(record);
    return table.scan(
        cursor,
        count,
        element -> visitor.pair(table.key(element, field), table.value(element, item)));
  }

  // ---- Writing ----

  /** A new, empty hash for a key that a lookup for writing has just not found. */
  public long create(Arguments words, int key) {
    return createSmall(words, key, Encoding.LISTPACK);
  }

  /** True when the last {@link #put} added a field. */
  public boolean added() {
    return added;
  }

  /** Sets a field. Returns where the record is now. */
  public long put(
      long record,
      byte[] field,
      int fieldOffset,
      int fieldLength,
      byte[] value,
      int offset,
      int length) {
    long current = at(record);
    boolean known = encoding(record) == Encoding.LISTPACK;
    if (known && Math.max(fieldLength, length) > settings().hashMaxListpackValue) {
      current = at(database.setEncoding(record, Encoding.HASHTABLE));
    }
    if (!isBig(current)) {
      int entry = find(current, field, fieldOffset, fieldLength);
      added = entry == Listpack.NONE;
      if (added) {
        current = addSmall(current, field, fieldOffset, fieldLength, value, offset, length);
      } else {
        current = replaceSmall(current, entry, value, offset, length);
      }
      if (current != 0) {
        return current;
      }
      current = grow(record());
    }
    ElementTable table = table(current);
    table.putText(field, fieldOffset, fieldLength, value, offset, length);
    added = table.added();
    return at(noteCount(current));
  }

  /** As {@link #put(long, byte[], int, int, byte[], int, int)}, of two words of a command. */
  public long put(long record, Arguments words, int field, int value) {
    return put(
        record,
        words.array(field),
        words.offset(field),
        words.length(field),
        words.array(value),
        words.offset(value),
        words.length(value));
  }

  /** Returns where the record is now, or 0 when it has no room. */
  private long addSmall(
      long record,
      byte[] field,
      int fieldOffset,
      int fieldLength,
      byte[] value,
      int from,
      int size) {
    byte[] array = array(record);
    int bytes = Listpack.bytes(array, start(record));
    long more =
        (long) Listpack.entryBytes(field, fieldOffset, fieldLength)
            + Listpack.entryBytes(value, from, size);
    boolean listpack = encoding(record) == Encoding.LISTPACK;
    if (bytes + more > SMALL_BYTES || !listpack && count(record) >= SMALL_COUNT) {
      return 0;
    }
    long grown = splice(record, bytes - 1, 0, (int) more, 2);
    int at = start(grown) + bytes - 1;
    at = Listpack.writeEntry(array(grown), at, field, fieldOffset, fieldLength);
    Listpack.writeEntry(array(grown), at, value, from, size);
    return at(noteCount(grown));
  }

  private long replaceSmall(long record, int entry, byte[] value, int from, int size) {
    byte[] array = array(record);
    int start = start(record);
    int old = Listpack.end(array, entry);
    int oldBytes = Listpack.end(array, old) - old;
    int newBytes = Listpack.entryBytes(value, from, size);
    if (Listpack.bytes(array, start) - oldBytes + (long) newBytes > SMALL_BYTES) {
      return 0;
    }
    long changed = splice(record, old - start, oldBytes, newBytes, 0);
    Listpack.writeEntry(array(changed), start(changed) + old - start, value, from, size);
    return changed;
  }

  /** More fields than Redis keeps in a listpack: the hash is called otherwise. */
  private long noteCount(long record) {
    boolean tooMany =
        encoding(record) == Encoding.LISTPACK && count(record) > settings().hashMaxListpackEntries;
    return tooMany ? database.setEncoding(record, Encoding.HASHTABLE) : record;
  }

  /** Moves a small hash into a table. */
  private long grow(long record) {
    ElementTable table = new ElementTable(database.contents(), ValueType.HASH);
    byte[] array = array(record);
    int entry = Listpack.first(array, start(record));
    while (entry != Listpack.NONE) {
      int value = Listpack.end(array, entry);
      putEntry(table, array, entry, value);
      entry = Listpack.next(array, value);
    }
    return at(database.moveToStructure(record, records().encoding(record), table));
  }

  private static void putEntry(ElementTable table, byte[] array, int entry, int value) {
    byte[] field = Listpack.element(array, entry);
    byte[] text = Listpack.element(array, value);
    table.putText(field, 0, field.length, text, 0, text.length);
  }

  /** Removes a field; false if it is not there. The last one takes the key with it. */
  public boolean remove(long record, byte[] field, int offset, int length) {
    at(record);
    if (isBig(record)) {
      if (!table(record).remove(field, offset, length)) {
        return false;
      }
    } else {
      int entry = find(record, field, offset, length);
      if (entry == Listpack.NONE) {
        return false;
      }
      byte[] array = array(record);
      int end = Listpack.end(array, Listpack.end(array, entry));
      splice(record, entry - start(record), end - entry, 0, -2);
    }
    if (count(record()) == 0) {
      deleteEmpty(record());
    }
    return true;
  }

  public boolean remove(long record, Arguments words, int field) {
    return remove(record, words.array(field), words.offset(field), words.length(field));
  }
}
