package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.structure.Listpack;

/**
 * Lists of one database. A small one is a listpack in its record, a big one a {@link Quicklist}.
 */
public final class ListValues extends CollectionValues {
  ListValues(Database database) {
    super(database, ValueType.LIST);
  }

  /** Is shown elements one by one. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param index counted from 0 at the head
     * @return false when no more are wanted
     */
    boolean element(long index, Item element);
  }

  private Quicklist list(long record) {
    return (Quicklist) structure(record);
  }

  /** Bytes of an element as an entry of a listpack, or more than any has when it cannot be one. */
  static int entryBytes(byte[] value, int offset, int length) {
    return length < SMALL_BYTES ? Listpack.entryBytes(value, offset, length) : SMALL_BYTES;
  }

  // ---- Reading ----

  /** The element at an index from 0 to the count less 1. Good until the next call. */
  public Item get(long record, long index) {
    if (isBig(record)) {
      return list(record).get(index, item);
    }
    byte[] array = array(record);
    return item.entry(array, Listpack.seek(array, start(record), index));
  }

  /**
   * Shows elements from an index on, forwards or backwards, until the visitor has enough; none if
   * the index is out of range.
   */
  public void visit(long record, long index, boolean backwards, Visitor visitor) {
    if (index < 0 || index >= count(record)) {
      return;
    }
    if (isBig(record)) {
      list(record).visit(index, backwards, visitor);
    } else {
      visitListpack(array(record), start(record), (int) index, backwards, index, item, visitor);
    }
  }

  /** Returns how many elements were shown, or -1 when the visitor has enough. */
  static long visitListpack(
      byte[] array,
      int start,
      int inner,
      boolean backwards,
      long index,
      Item item,
      Visitor visitor) {
    long shown = 0;
    int entry = Listpack.seek(array, start, inner);
    while (entry != Listpack.NONE) {
      if (!visitor.element(backwards ? index - shown : index + shown, item.entry(array, entry))) {
        return -1;
      }
      shown++;
      entry = backwards ? Listpack.previous(array, start, entry) : Listpack.next(array, entry);
    }
    return shown;
  }

  @Override
  public long parts(long record) {
    return list(record).nodeCount();
  }

  @Override
  public void nodes(long record, NodeVisitor visitor) {
    list(record).nodes(visitor);
  }

  // ---- Writing ----

  /** A new, empty list for a key that a lookup for writing has just not found. */
  public long create(Arguments words, int key) {
    return createSmall(words, key, Encoding.QUICKLIST);
  }

  public long create(byte[] key) {
    return createSmall(key, 0, key.length, Encoding.QUICKLIST, Database.NO_DEADLINE);
  }

  /** Adds an element at an end. Returns where the record is now. */
  public long push(long record, boolean atHead, byte[] value, int offset, int length) {
    return insert(record, atHead ? 0 : count(record), value, offset, length);
  }

  public long push(long record, boolean atHead, Arguments words, int element) {
    return push(record, atHead, words.array(element), words.offset(element), words.length(element));
  }

  /** Puts an element before the one at {@code index}. Returns where the record is now. */
  public long insert(long record, long index, byte[] value, int offset, int length) {
    at(record);
    if (!isBig(record)) {
      byte[] array = array(record);
      int bytes = Listpack.bytes(array, start(record));
      int more = entryBytes(value, offset, length);
      if (bytes + more <= SMALL_BYTES) {
        int from = entryOffset(record, index);
        long grown = splice(record, from, 0, more, 1);
        Listpack.writeEntry(array(grown), start(grown) + from, value, offset, length);
        return grown;
      }
      grow(record);
    }
    list(record()).insert(index, value, offset, length);
    return record();
  }

  /** Where an entry of a small list begins, behind its start. */
  private int entryOffset(long record, long index) {
    byte[] array = array(record);
    int start = start(record);
    if (index == 0) {
      return Listpack.HEADER_BYTES;
    }
    return index == Listpack.count(array, start)
        ? Listpack.bytes(array, start) - 1
        : Listpack.seek(array, start, index) - start;
  }

  private void grow(long record) {
    Quicklist list = new Quicklist(database.contents());
    if (count(record) > 0) {
      byte[] small = smallBytes(record);
      list.addListpack(small, 0, small.length);
    }
    at(database.moveToStructure(record, Encoding.QUICKLIST.code(), list));
  }

  /** Overwrites the element at an index in range. Returns where the record is now. */
  public long set(long record, long index, byte[] value, int offset, int length) {
    at(record);
    if (!isBig(record)) {
      byte[] array = array(record);
      int start = start(record);
      int from = entryOffset(record, index);
      int oldBytes = Listpack.end(array, start + from) - start - from;
      int newBytes = entryBytes(value, offset, length);
      if (Listpack.bytes(array, start) - oldBytes + newBytes <= SMALL_BYTES) {
        long changed = splice(record, from, oldBytes, newBytes, 0);
        Listpack.writeEntry(array(changed), start(changed) + from, value, offset, length);
        return changed;
      }
      grow(record);
    }
    list(record()).set(index, value, offset, length);
    return record();
  }

  /**
   * Removes so many elements from an index on; the range lies within the list. The last one takes
   * the key with it. Returns where the record is now, or 0.
   */
  public long remove(long record, long index, long elements) {
    at(record);
    if (elements > 0) {
      if (isBig(record)) {
        list(record).remove(index, elements);
      } else {
        int from = entryOffset(record, index);
        int to = entryOffset(record, index + elements);
        splice(record, from, to - from, 0, (int) -elements);
      }
    }
    if (count(record()) == 0) {
      deleteEmpty(record());
    }
    return record();
  }
}
