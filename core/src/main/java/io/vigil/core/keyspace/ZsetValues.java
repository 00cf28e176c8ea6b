package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Rng;
import io.vigil.core.structure.Listpack;
import io.vigil.core.structure.SortedIndex;
import java.util.Arrays;

/**
 * Sorted sets of one database. A small one is a listpack of members and scores in order; a big one
 * a {@link SortedTable}. Every range is one of ranks: {@link #rankOf} makes one of a score or a
 * member.
 */
public final class ZsetValues extends CollectionValues {
  private static final double NONE = Double.NaN;

  ZsetValues(Database database) {
    super(database, ValueType.ZSET);
  }

  private SortedTable table(long record) {
    return (SortedTable) structure(record);
  }

  // ---- Reading ----

  /** The score of a member, or not-a-number where it is missing. */
  public double score(long record, byte[] member, int offset, int length) {
    if (isBig(record)) {
      SortedTable table = table(record);
      long element = table.find(member, offset, length);
      return element == 0 ? NONE : table.score(element);
    }
    int entry = find(record, member, offset, length);
    byte[] array = array(record);
    return entry == Listpack.NONE ? NONE : ZsetText.read(array, Listpack.end(array, entry));
  }

  public double score(long record, Arguments words, int member) {
    return score(record, words.array(member), words.offset(member), words.length(member));
  }

  /** The entry of a member of a small sorted set, or {@link Listpack#NONE}. */
  private int find(long record, byte[] member, int offset, int length) {
    byte[] array = array(record);
    int first = Listpack.first(array, start(record));
    return Listpack.find(array, first, member, offset, length, 1);
  }

  /** How many elements come before a member, or -1 where it is missing. */
  public long rank(long record, Arguments words, int member) {
    byte[] text = words.array(member);
    int offset = words.offset(member);
    int length = words.length(member);
    if (isBig(record)) {
      SortedTable table = table(record);
      long element = table.find(text, offset, length);
      return element == 0 ? -1 : table.rank(element, text, offset, length);
    }
    byte[] array = array(record);
    long rank = 0;
    for (int entry = Listpack.first(array, start(record));
        entry != Listpack.NONE;
        entry = Listpack.next(array, Listpack.end(array, entry))) {
      if (Listpack.equal(array, entry, text, offset, length)) {
        return rank;
      }
      rank++;
    }
    return -1;
  }

  /** How many elements lie before a place. */
  public long rankOf(long record, ZsetBound bound) {
    if (bound instanceof ZsetBound.End end) {
      return end.last() ? count(record) : 0;
    }
    if (isBig(record)) {
      SortedTable table = table(record);
      boolean readsMembers = bound.readsMembers();
      return table
          .order()
          .rankOf(
              (score, element) ->
                  bound.isAfter(score, readsMembers ? table.key(element, item) : null));
    }
    byte[] array = array(record);
    long rank = 0;
    for (int entry = Listpack.first(array, start(record));
        entry != Listpack.NONE;
        entry = Listpack.next(array, Listpack.end(array, entry))) {
      double score = ZsetText.read(array, Listpack.end(array, entry));
      if (!bound.isAfter(score, item.entry(array, entry))) {
        return rank;
      }
      rank++;
    }
    return rank;
  }

  /** Is shown a member and its score; may not keep the member, nor change the database. */
  @FunctionalInterface
  public interface Visitor {
    void element(Item member, double score);
  }

  /** Shows the elements from one rank to before another, which must be in range. */
  public void range(long record, long from, long to, boolean reverse, Visitor visitor) {
    if (from >= to) {
      return;
    }
    if (isBig(record)) {
      bigRange(record, from, to, reverse, visitor);
      return;
    }
    byte[] array = array(record);
    int start = start(record);
    int entry = Listpack.seek(array, start, 2 * (reverse ? to - 1 : from));
    for (long i = from; i < to; i++) {
      int score = Listpack.end(array, entry);
      visitor.element(item.entry(array, entry), ZsetText.read(array, score));
      if (i + 1 < to) {
        entry =
            reverse
                ? Listpack.previous(array, start, Listpack.previous(array, start, entry))
                : Listpack.end(array, score);
      }
    }
  }

  private void bigRange(long record, long from, long to, boolean reverse, Visitor visitor) {
    SortedTable table = table(record);
    SortedIndex.Cursor cursor = table.order().cursor(reverse ? to - 1 : from);
    for (long i = from; i < to; i++) {
      visitor.element(table.key(cursor.element(), item), cursor.score());
      if (i + 1 < to) {
        if (reverse) {
          cursor.previous();
        } else {
          cursor.next();
        }
      }
    }
  }

  /** Shows all elements, lowest first. */
  public void forEach(long record, Visitor visitor) {
    range(record, 0, count(record), false, visitor);
  }

  /** Shows an element drawn with equal chances; the sorted set must not be empty. */
  public void random(long record, Rng rng, Visitor visitor) {
    if (isBig(record)) {
      SortedTable table = table(record);
      long element = table.random(rng);
      visitor.element(table.key(element, item), table.score(element));
    } else {
      long rank = rng.nextLong(count(record));
      range(record, rank, rank + 1, false, visitor);
    }
  }

  /**
   * One step of ZSCAN: shows the elements of some buckets; all of a small sorted set.
   *
   * @param cursor 0 at first, then what the last step returned
   * @return the next cursor, 0 at the end
   */
  public long scan(long record, long cursor, int count, Visitor visitor) {
    if (!isBig(record)) {
      forEach(record, visitor);
      return 0;
    }
    SortedTable table = table(record);
    return table.scan(
        cursor, count, element -> visitor.element(table.key(element, item), table.score(element)));
  }

  // ---- Writing ----

  /** A new, empty sorted set for a key that a lookup for writing has just not found. */
  public long create(Arguments words, int key) {
    return createSmall(words, key, Encoding.LISTPACK);
  }

  /**
   * Adds a member or gives it another score. Returns where the record is now.
   *
   * @param old the member's score, as {@link #score} tells it: not-a-number if it is missing
   */
  public long put(long record, byte[] member, int offset, int length, double score, double old) {
    long current = at(record);
    boolean isNew = Double.isNaN(old);
    boolean outgrown =
        isNew
            && encoding(record) == Encoding.LISTPACK
            && (length > settings().zsetMaxListpackValue
                || count(record) >= settings().zsetMaxListpackEntries);
    if (outgrown) {
      current = at(database.setEncoding(record, Encoding.SKIPLIST));
    }
    if (!isBig(current)) {
      if (!isNew) {
        current = removeSmall(current, find(current, member, offset, length));
      }
      if (addSmall(current, member, offset, length, score)) {
        return record();
      }
      current = grow(current);
      isNew = true;
    }
    if (isNew) {
      table(current).add(member, offset, length, score);
    } else {
      table(current).change(member, offset, length, old, score);
    }
    return at(current);
  }

  /** As {@link #put(long, byte[], int, int, double, double)}, of a word of a command. */
  public long put(long record, Arguments words, int member, double score, double old) {
    return put(record, words.array(member), words.offset(member), words.length(member), score, old);
  }

  private boolean addSmall(long record, byte[] member, int offset, int length, double score) {
    boolean listpack = encoding(record) == Encoding.LISTPACK;
    byte[] scoreText = ZsetText.write(score, !listpack);
    int bytes = Listpack.bytes(array(record), start(record));
    long more =
        (long) Listpack.entryBytes(member, offset, length)
            + Listpack.entryBytes(scoreText, 0, scoreText.length);
    if (bytes + more > SMALL_BYTES || !listpack && count(record) >= SMALL_COUNT) {
      return false;
    }
    int from = placeOf(record, member, offset, length, score) - start(record);
    long grown = splice(record, from, 0, (int) more, 2);
    byte[] array = array(grown);
    int at = Listpack.writeEntry(array, start(grown) + from, member, offset, length);
    Listpack.writeEntry(array, at, scoreText, 0, scoreText.length);
    return true;
  }

  /** Where in a small sorted set an element belongs that is not there. */
  private int placeOf(long record, byte[] member, int offset, int length, double score) {
    byte[] array = array(record);
    int start = start(record);
    int entry = Listpack.first(array, start);
    while (entry != Listpack.NONE) {
      int scoreEntry = Listpack.end(array, entry);
      double other = ZsetText.read(array, scoreEntry);
      if (other > score || other == score && compare(array, entry, member, offset, length) > 0) {
        return entry;
      }
      entry = Listpack.next(array, scoreEntry);
    }
    return start + Listpack.bytes(array, start) - 1;
  }

  private int compare(byte[] array, int entry, byte[] member, int offset, int length) {
    if (Listpack.isInteger(array, entry)) {
      byte[] digits = item.entry(array, entry).bytes();
      return Arrays.compareUnsigned(digits, 0, digits.length, member, offset, offset + length);
    }
    int from = Listpack.textOffset(array, entry);
    int to = from + Listpack.textLength(array, entry);
    return Arrays.compareUnsigned(array, from, to, member, offset, offset + length);
  }

  private long removeSmall(long record, int entry) {
    byte[] array = array(record);
    int end = Listpack.end(array, Listpack.end(array, entry));
    return splice(record, entry - start(record), end - entry, 0, -2);
  }

  /** Moves a small sorted set into a table. */
  private long grow(long record) {
    SortedTable table = new SortedTable(database.contents());
    byte[] array = array(record);
    int entry = Listpack.first(array, start(record));
    while (entry != Listpack.NONE) {
      int score = Listpack.end(array, entry);
      byte[] member = Listpack.element(array, entry);
      table.add(member, 0, member.length, ZsetText.read(array, score));
      entry = Listpack.next(array, score);
    }
    return at(database.moveToStructure(record, records().encoding(record), table));
  }

  /** Removes a member; false if it is not there. The last one takes the key with it. */
  public boolean remove(long record, byte[] member, int offset, int length) {
    at(record);
    if (isBig(record)) {
      if (!table(record).remove(member, offset, length)) {
        return false;
      }
    } else {
      int entry = find(record, member, offset, length);
      if (entry == Listpack.NONE) {
        return false;
      }
      removeSmall(record, entry);
    }
    if (count(record()) == 0) {
      deleteEmpty(record());
    }
    return true;
  }

  public boolean remove(long record, Arguments words, int member) {
    return remove(record, words.array(member), words.offset(member), words.length(member));
  }

  /**
   * Removes the elements from one rank to before another, which must be in range. The last element
   * takes the key with it.
   */
  public void removeRange(long record, long from, long to) {
    at(record);
    if (from >= to) {
      return;
    }
    if (isBig(record)) {
      table(record).removeRange(from, to);
    } else {
      byte[] array = array(record);
      int start = start(record);
      int first = Listpack.seek(array, start, 2 * from);
      int last = Listpack.seek(array, start, 2 * to);
      int end = last == Listpack.NONE ? start + Listpack.bytes(array, start) - 1 : last;
      splice(record, first - start, end - first, 0, Math.toIntExact(-2 * (to - from)));
    }
    if (count(record()) == 0) {
      deleteEmpty(record());
    }
  }
}
