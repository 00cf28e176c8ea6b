package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Invariant;
import io.vigil.core.memory.Pages;
import io.vigil.core.structure.Intset;
import io.vigil.core.structure.Listpack;

/**
 * What collections of one database have in common. Each is in one of two places:
 *
 * <pre>
 *   small   in its record, as a listpack (or intset): up to {@value #SMALL_BYTES} bytes
 *   big     in a {@link Structure} that the record points to
 * </pre>
 *
 * <p>Which one is decided by size; what OBJECT ENCODING calls the value is decided by Redis's
 * settings, and kept apart from it. So a hash with ten fields, one of them long, is called a
 * hashtable and yet lies in one piece.
 *
 * <p>Readers take the address of a record that a lookup has just given and that is of their type.
 * Writers take the record that {@link Database#lookupWrite} has just found, and no other lookup may
 * come between; they say where the record is afterwards: {@link #record()}.
 */
public abstract class CollectionValues {
  /** The longest listpack that is kept in a record, or as a node of a list. */
  static final int SMALL_BYTES = 8124;

  /** Most elements of a small collection that Redis would not keep as a listpack itself. */
  static final int SMALL_COUNT = 128;

  final Database database;
  final Item item = new Item();
  private final ValueType type;
  private final boolean pairs;

  /** Where the collection written to last is, 0 once it is deleted. */
  private long record;

  CollectionValues(Database database, ValueType type) {
    this.database = database;
    this.type = type;
    this.pairs = type == ValueType.HASH || type == ValueType.ZSET;
  }

  final Records records() {
    return database.records();
  }

  final KeyspaceSettings settings() {
    return database.keyspace().settings();
  }

  /**
   * Where the collection written to last is now; 0 when it became empty and its key was deleted.
   */
  public final long record() {
    return record;
  }

  final long at(long newRecord) {
    record = newRecord;
    return newRecord;
  }

  final boolean isBig(long address) {
    return records().hasLongValue(address);
  }

  final Structure structure(long address) {
    return CollectionHandler.structure(records(), address);
  }

  final Encoding encoding(long address) {
    return Encoding.of(records().encoding(address));
  }

  /** The array of a small collection, which begins at {@link #start}. */
  final byte[] array(long address) {
    return records().pages.array(records().value(address));
  }

  final int start(long address) {
    return Pages.index(records().value(address));
  }

  /** Number of elements. */
  public final long count(long address) {
    if (isBig(address)) {
      return structure(address).count();
    }
    if (CollectionHandler.isIntset(records(), address)) {
      return Intset.count(array(address), start(address));
    }
    int entries = Listpack.count(array(address), start(address));
    return pairs ? entries / 2 : entries;
  }

  /** Shows items to a visitor: of every element in order, what is asked for. */
  public final void walk(long address, ItemParts parts, ItemVisitor visitor) {
    if (isBig(address)) {
      structure(address).walk(parts, visitor);
      return;
    }
    byte[] array = array(address);
    int start = start(address);
    if (CollectionHandler.isIntset(records(), address)) {
      int count = Intset.count(array, start);
      for (int i = 0; i < count; i++) {
        visitor.item(item.integer(Intset.get(array, start, i)));
      }
      return;
    }
    boolean first = true;
    for (int entry = Listpack.first(array, start);
        entry != Listpack.NONE;
        entry = Listpack.next(array, entry)) {
      if (!pairs || (first ? parts.hasFirst() : parts.hasSecond())) {
        visitor.item(item.entry(array, entry));
      }
      first = !first;
    }
  }

  // ---- Whole, for those who write it down ----

  /** True when the value is one listpack or intset: {@link #smallBytes}. */
  public final boolean isSmall(long address) {
    return !isBig(address);
  }

  /** A copy of a small collection's listpack or intset. */
  public final byte[] smallBytes(long address) {
    Records records = records();
    byte[] copy = new byte[TypeHandler.of(records.type(address)).valueBytes(records, address)];
    records.pages.copyOut(records.value(address), copy, 0, copy.length);
    return copy;
  }

  /** How many parts a big collection is written down in: elements, of a list nodes. */
  public long parts(long address) {
    return count(address);
  }

  /** Is shown the nodes of a big list. */
  @FunctionalInterface
  public interface NodeVisitor {
    /**
     * @param packed true for a listpack, false for one element
     */
    void node(boolean packed, byte[] bytes);
  }

  /** Shows the nodes of a big list. */
  public void nodes(long address, NodeVisitor visitor) {
    throw Invariant.broken("not a list");
  }

  // ---- Writing ----

  /** A new key with an empty small collection, after a lookup for writing that found nothing. */
  final long createSmall(Arguments words, int key, Encoding encoding) {
    return createSmall(
        words.array(key), words.offset(key), words.length(key), encoding, Database.NO_DEADLINE);
  }

  final long createSmall(byte[] key, int offset, int length, Encoding encoding, long deadlineMs) {
    boolean intset = encoding == Encoding.INTSET;
    int bytes = intset ? Intset.HEADER_BYTES : Listpack.EMPTY_BYTES;
    long created =
        database.putFound(
            0, key, offset, length, type.code(), encoding.code(), 0, bytes, deadlineMs);
    if (intset) {
      Intset.writeEmpty(array(created), start(created));
    } else {
      Listpack.writeEmpty(array(created), start(created));
    }
    return at(created);
  }

  /**
   * Makes a gap of {@code newBytes} in a small collection, {@code from} bytes behind its start, in
   * the place of {@code oldBytes}; see {@link Listpack#splice}. Returns where the record is now.
   */
  final long splice(long address, int from, int oldBytes, int newBytes, int entries) {
    int bytes = Listpack.bytes(array(address), start(address)) - oldBytes + newBytes;
    if (newBytes >= oldBytes) {
      long grown = database.resizeFound(address, bytes);
      int start = start(grown);
      Listpack.splice(array(grown), start, start + from, oldBytes, newBytes, entries);
      return at(grown);
    }
    long writable = database.writable(address);
    int start = start(writable);
    Listpack.splice(array(writable), start, start + from, oldBytes, newBytes, entries);
    return at(database.resizeFound(writable, bytes));
  }

  /** Puts another listpack or intset in the place of a small collection. */
  final long replaceSmall(long address, Encoding encoding, byte[] bytes, int length) {
    long replaced =
        database.putFound(
            address, bytes, 0, 0, type.code(), encoding.code(), 0, length, Database.KEEP_DEADLINE);
    records().pages.copyIn(bytes, 0, records().value(replaced), length);
    return at(replaced);
  }

  /** Deletes the key of a collection that has become empty. */
  final void deleteEmpty(long address) {
    Invariant.check(count(address) == 0, "collection deleted that is not empty");
    database.removeFound(address);
    at(0);
  }
}
