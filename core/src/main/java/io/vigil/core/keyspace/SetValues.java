package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.base.Rng;
import io.vigil.core.structure.Intset;
import io.vigil.core.structure.Listpack;
import io.vigil.core.structure.Table;

/**
 * Sets of one database. Of integers alone, up to {@code set-max-intset-entries}, a set is an
 * intset; a small one of other members is a listpack, which Redis 7.0 does not have for sets and so
 * is called a hashtable.
 */
public final class SetValues extends CollectionValues {
  SetValues(Database database) {
    super(database, ValueType.SET);
  }

  private ElementTable table(long record) {
    return (ElementTable) structure(record);
  }

  private boolean isIntset(long record) {
    return CollectionHandler.isIntset(records(), record);
  }

  // ---- Reading ----

  public boolean contains(long record, byte[] member, int offset, int length) {
    if (isBig(record)) {
      return table(record).find(member, offset, length) != 0;
    }
    if (isIntset(record)) {
      return Numbers.isLong(member, offset, length)
          && Intset.search(
                  array(record), start(record), Numbers.parseLong(member, offset, length, 0))
              >= 0;
    }
    return find(record, member, offset, length) != Listpack.NONE;
  }

  public boolean contains(long record, Arguments words, int member) {
    return contains(record, words.array(member), words.offset(member), words.length(member));
  }

  /** As {@link #contains(long, byte[], int, int)}, of an item of another set. */
  public boolean contains(long record, Item member) {
    if (member.isInteger() && isIntset(record)) {
      return Intset.search(array(record), start(record), member.integer()) >= 0;
    }
    if (member.root() != 0) {
      byte[] copy = member.bytes();
      return contains(record, copy, 0, copy.length);
    }
    byte[] text = member.array();
    return contains(record, text, member.offset(), (int) member.length());
  }

  private int find(long record, byte[] member, int offset, int length) {
    byte[] array = array(record);
    int first = Listpack.first(array, start(record));
    return Listpack.find(array, first, member, offset, length, 0);
  }

  /** A member drawn with equal chances; the set must not be empty. Good until the next call. */
  public Item random(long record, Rng rng) {
    if (isBig(record)) {
      ElementTable table = table(record);
      return table.key(table.random(rng), item);
    }
    int index = rng.nextInt((int) count(record));
    byte[] array = array(record);
    if (isIntset(record)) {
      return item.integer(Intset.get(array, start(record), index));
    }
    return item.entry(array, Listpack.seek(array, start(record), index));
  }

  /** One step of SSCAN; see {@link HashValues#scan}. */
  public long scan(long record, long cursor, int count, ItemVisitor visitor) {
    if (!isBig(record)) {
      walk(record, ItemParts.BOTH, visitor);
      return 0;
    }
    ElementTable table = table(record);
    Table.Visitor show = element -> visitor.item(table.key(element, item));
    return table.scan(cursor, count, show);
  }

  // ---- Writing ----

  /**
   * A new, empty set for a key that a lookup for writing has just not found.
   *
   * @param member the first member it will get, which decides how it begins
   */
  public long create(Arguments words, int key, int member) {
    boolean integer =
        Numbers.isLong(words.array(member), words.offset(member), words.length(member));
    return createSmall(words, key, integer ? Encoding.INTSET : Encoding.HASHTABLE);
  }

  /** Adds a member; false if it is there. {@link #record()} says where the set is afterwards. */
  public boolean add(long record, byte[] member, int offset, int length) {
    at(record);
    boolean added;
    if (isBig(record)) {
      added = table(record).putMember(member, offset, length);
    } else if (isIntset(record)) {
      added = addToIntset(record, member, offset, length);
    } else {
      added = addToListpack(record, member, offset, length);
    }
    if (added && encoding(record()) == Encoding.INTSET) {
      noteCount(Numbers.isLong(member, offset, length));
    }
    return added;
  }

  public boolean add(long record, Arguments words, int member) {
    return add(record, words.array(member), words.offset(member), words.length(member));
  }

  private boolean addToIntset(long record, byte[] member, int offset, int length) {
    if (!Numbers.isLong(member, offset, length)) {
      becomeListpack(record);
      return isBig(record())
          ? table(record()).putMember(member, offset, length)
          : addToListpack(record(), member, offset, length);
    }
    long value = Numbers.parseLong(member, offset, length, 0);
    int index = Intset.search(array(record), start(record), value);
    if (index >= 0) {
      return false;
    }
    int bytes = Intset.bytesWith(array(record), start(record), value);
    if (bytes > SMALL_BYTES) {
      grow(record);
      return table(record()).putMember(member, offset, length);
    }
    long grown = at(database.resizeFound(record, bytes));
    Intset.insert(array(grown), start(grown), -1 - index, value);
    return true;
  }

  private boolean addToListpack(long record, byte[] member, int offset, int length) {
    if (find(record, member, offset, length) != Listpack.NONE) {
      return false;
    }
    int bytes = Listpack.bytes(array(record), start(record));
    int more = Listpack.entryBytes(member, offset, length);
    if ((long) bytes + more > SMALL_BYTES || count(record) >= SMALL_COUNT) {
      grow(record);
      return table(record()).putMember(member, offset, length);
    }
    long grown = splice(record, bytes - 1, 0, more, 1);
    Listpack.writeEntry(array(grown), start(grown) + bytes - 1, member, offset, length);
    return true;
  }

  /** An intset got another member: it may no longer be called one. */
  private void noteCount(boolean integer) {
    if (integer && count(record()) <= settings().setMaxIntsetEntries) {
      return;
    }
    if (isBig(record())) {
      at(database.setEncoding(record(), Encoding.HASHTABLE));
    } else {
      becomeListpack(record());
    }
  }

  /** Makes a listpack, or a table, of an intset. */
  private void becomeListpack(long record) {
    byte[] array = array(record);
    int start = start(record);
    int count = Intset.count(array, start);
    int bytes = Listpack.EMPTY_BYTES;
    for (int i = 0; i < count; i++) {
      bytes += Listpack.entryBytes(Intset.get(array, start, i));
    }
    if (count > SMALL_COUNT || bytes > SMALL_BYTES) {
      grow(record);
      at(database.setEncoding(record(), Encoding.HASHTABLE));
      return;
    }
    byte[] listpack = new byte[bytes];
    Listpack.writeEmpty(listpack, 0);
    Listpack.splice(listpack, 0, Listpack.HEADER_BYTES, 0, bytes - Listpack.EMPTY_BYTES, count);
    int entry = Listpack.HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      entry = Listpack.writeEntry(listpack, entry, Intset.get(array, start, i));
    }
    replaceSmall(record, Encoding.HASHTABLE, listpack, bytes);
  }

  /** Moves a small set into a table. */
  private void grow(long record) {
    ElementTable table = new ElementTable(database.contents(), ValueType.SET);
    walk(
        record,
        ItemParts.BOTH,
        member -> table.putMember(member.array(), member.offset(), (int) member.length()));
    at(database.moveToStructure(record, records().encoding(record), table));
  }

  /** Removes a member; false if it is not there. The last one takes the key with it. */
  public boolean remove(long record, byte[] member, int offset, int length) {
    at(record);
    boolean removed;
    if (isBig(record)) {
      removed = table(record).remove(member, offset, length);
    } else if (isIntset(record)) {
      removed = removeFromIntset(record, member, offset, length);
    } else {
      int entry = find(record, member, offset, length);
      removed = entry != Listpack.NONE;
      if (removed) {
        int end = Listpack.end(array(record), entry);
        splice(record, entry - start(record), end - entry, 0, -1);
      }
    }
    if (removed && count(record()) == 0) {
      deleteEmpty(record());
    }
    return removed;
  }

  public boolean remove(long record, Arguments words, int member) {
    return remove(record, words.array(member), words.offset(member), words.length(member));
  }

  private boolean removeFromIntset(long record, byte[] member, int offset, int length) {
    if (!Numbers.isLong(member, offset, length)) {
      return false;
    }
    long value = Numbers.parseLong(member, offset, length, 0);
    int index = Intset.search(array(record), start(record), value);
    if (index < 0) {
      return false;
    }
    long writable = database.writable(record);
    Intset.remove(array(writable), start(writable), index);
    at(database.resizeFound(writable, Intset.bytes(array(writable), start(writable))));
    return true;
  }
}
