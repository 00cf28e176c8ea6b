package io.vigil.core.keyspace;

import io.vigil.core.base.ByteString;
import io.vigil.core.structure.Listpack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts together a sorted set, in any order: as a list on the heap while it is small, then in a
 * table.
 */
final class ZsetBuilder extends CollectionBuilder {
  private record Element(byte[] member, double score) implements Comparable<Element> {
    @Override
    public int compareTo(Element other) {
      return score == other.score
          ? Arrays.compareUnsigned(member, other.member)
          : score < other.score ? -1 : 1;
    }
  }

  private final List<Element> small = new ArrayList<>();
  private final Set<ByteString> members = new HashSet<>();
  private SortedTable table;
  private byte[] member;
  private long longest;
  private long smallBytes = Listpack.EMPTY_BYTES;

  ZsetBuilder(Database database) {
    super(database);
  }

  @Override
  public long count() {
    return table == null ? small.size() : table.count();
  }

  @Override
  public boolean add(byte[] array, int offset, int length) {
    member = Arrays.copyOfRange(array, offset, offset + length);
    return table == null
        ? members.add(ByteString.wrap(member))
        : table.find(member, 0, length) == 0;
  }

  @Override
  public boolean score(double score) {
    if (Double.isNaN(score)) {
      return false;
    }
    longest = Math.max(longest, member.length);
    if (table != null) {
      table.add(member, 0, member.length, score);
      return true;
    }
    byte[] scoreText = ZsetText.write(score, true);
    smallBytes +=
        (long) Listpack.entryBytes(member, 0, member.length)
            + Listpack.entryBytes(scoreText, 0, scoreText.length);
    small.add(new Element(member, score));
    if (!staysSmall()) {
      useTable();
    }
    return true;
  }

  private boolean staysSmall() {
    return smallBytes <= CollectionValues.SMALL_BYTES
        && (encoding() == Encoding.LISTPACK || count() <= CollectionValues.SMALL_COUNT);
  }

  private void useTable() {
    SortedTable created = new SortedTable(database.contents());
    for (Element each : small) {
      created.add(each.member, 0, each.member.length, each.score);
    }
    table = created;
    small.clear();
    members.clear();
  }

  /** What Redis calls a sorted set like this. */
  private Encoding encoding() {
    KeyspaceSettings settings = database.keyspace().settings();
    boolean listpack =
        count() <= settings.zsetMaxListpackEntries && longest <= settings.zsetMaxListpackValue;
    return listpack ? Encoding.LISTPACK : Encoding.SKIPLIST;
  }

  @Override
  public void attach(byte[] key, int offset, int length, long deadlineMs) {
    Encoding encoding = encoding();
    Records records = database.records();
    int type = ValueType.ZSET.code();
    if (table != null) {
      long handle = database.contents().structures.add(table);
      long record =
          database.put(
              key, offset, length, type, encoding.code(), Records.FLAG_LONG_VALUE, 8, deadlineMs);
      records.pages.putLong(records.value(record), handle);
      return;
    }
    byte[] listpack = listpack(encoding);
    int bytes = listpack.length;
    long record = database.put(key, offset, length, type, encoding.code(), 0, bytes, deadlineMs);
    records.pages.copyIn(listpack, 0, records.value(record), bytes);
  }

  private byte[] listpack(Encoding encoding) {
    small.sort(null);
    byte[] array = new byte[(int) smallBytes];
    Listpack.writeEmpty(array, 0);
    int at = Listpack.HEADER_BYTES;
    for (Element each : small) {
      byte[] score = ZsetText.write(each.score, encoding != Encoding.LISTPACK);
      int bytes =
          Listpack.entryBytes(each.member, 0, each.member.length)
              + Listpack.entryBytes(score, 0, score.length);
      Listpack.splice(array, 0, at, 0, bytes, 2);
      at = Listpack.writeEntry(array, at, each.member, 0, each.member.length);
      at = Listpack.writeEntry(array, at, score, 0, score.length);
    }
    return Arrays.copyOf(array, Listpack.bytes(array, 0));
  }

  @Override
  public void abandon() {
    if (table != null) {
      database.contents().structures.add(table);
      table.release();
      table = null;
    }
  }
}
