package io.vigil.core.keyspace;

import io.vigil.core.base.Numbers;
import io.vigil.core.structure.Intset;
import io.vigil.core.structure.Listpack;
import java.util.Arrays;

/** Puts together a hash or a set: as a listpack on the heap at first, in a table when it grows. */
final class TableBuilder extends CollectionBuilder {
  private final ValueType type;
  private final boolean pairs;
  private byte[] small = new byte[64];
  private ElementTable table;
  private long count;
  private long longest;
  private boolean integers = true;

  /** The field whose value is due, where {@code fieldDue} is false. */
  private byte[] field;

  private boolean fieldDue = true;

  TableBuilder(Database database, ValueType type) {
    super(database);
    this.type = type;
    this.pairs = type == ValueType.HASH;
    Listpack.writeEmpty(small, 0);
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public boolean add(byte[] array, int offset, int length) {
    longest = Math.max(longest, length);
    if (pairs && !fieldDue) {
      addPair(array, offset, length);
      fieldDue = true;
      return true;
    }
    if (contains(array, offset, length)) {
      return false;
    }
    if (pairs) {
      field = Arrays.copyOfRange(array, offset, offset + length);
      fieldDue = false;
    } else {
      integers = integers && Numbers.isLong(array, offset, length);
      addMember(array, offset, length);
    }
    return true;
  }

  private boolean contains(byte[] array, int offset, int length) {
    if (table != null) {
      return table.find(array, offset, length) != 0;
    }
    int first = Listpack.first(small, 0);
    return Listpack.find(small, first, array, offset, length, pairs ? 1 : 0) != Listpack.NONE;
  }

  private void addPair(byte[] value, int offset, int length) {
    count++;
    long more =
        (long) Listpack.entryBytes(field, 0, field.length)
            + Listpack.entryBytes(value, offset, length);
    if (table == null && staysSmall(more)) {
      int at = gap((int) more, 2);
      at = Listpack.writeEntry(small, at, field, 0, field.length);
      Listpack.writeEntry(small, at, value, offset, length);
      return;
    }
    useTable();
    table.putText(field, 0, field.length, value, offset, length);
  }

  private void addMember(byte[] member, int offset, int length) {
    count++;
    int more = Listpack.entryBytes(member, offset, length);
    if (table == null && staysSmall(more)) {
      int at = gap(more, 1);
      Listpack.writeEntry(small, at, member, offset, length);
      return;
    }
    useTable();
    table.putMember(member, offset, length);
  }

  private boolean staysSmall(long moreBytes) {
    boolean packed = encoding() != Encoding.HASHTABLE;
    return Listpack.bytes(small, 0) + moreBytes <= CollectionValues.SMALL_BYTES
        && (packed || count <= CollectionValues.SMALL_COUNT);
  }

  private int gap(int bytes, int entries) {
    int end = Listpack.bytes(small, 0) - 1;
    if (small.length < end + 1 + bytes) {
      small = Arrays.copyOf(small, Math.max(end + 1 + bytes, 2 * small.length));
    }
    Listpack.splice(small, 0, end, 0, bytes, entries);
    return end;
  }

  private void useTable() {
    if (table != null) {
      return;
    }
    table = new ElementTable(database.contents(), type);
    for (int entry = Listpack.first(small, 0);
        entry != Listpack.NONE;
        entry = Listpack.next(small, entry)) {
      byte[] key = Listpack.element(small, entry);
      if (pairs) {
        entry = Listpack.end(small, entry);
        byte[] value = Listpack.element(small, entry);
        table.putText(key, 0, key.length, value, 0, value.length);
      } else {
        table.putMember(key, 0, key.length);
      }
    }
  }

  /** What Redis calls a collection like this. */
  private Encoding encoding() {
    KeyspaceSettings settings = database.keyspace().settings();
    if (pairs) {
      boolean listpack =
          count <= settings.hashMaxListpackEntries && longest <= settings.hashMaxListpackValue;
      return listpack ? Encoding.LISTPACK : Encoding.HASHTABLE;
    }
    return integers && count <= settings.setMaxIntsetEntries ? Encoding.INTSET : Encoding.HASHTABLE;
  }

  @Override
  public void attach(byte[] key, int offset, int length, long deadlineMs) {
    Encoding encoding = encoding();
    boolean fits =
        table == null && (encoding != Encoding.HASHTABLE || count <= CollectionValues.SMALL_COUNT);
    if (!fits) {
      useTable();
      attachStructure(type, table, encoding, key, offset, length, deadlineMs);
      return;
    }
    byte[] bytes = encoding == Encoding.INTSET ? asIntset() : small;
    int size = encoding == Encoding.INTSET ? bytes.length : Listpack.bytes(bytes, 0);
    attachSmall(type, encoding, bytes, size, key, offset, length, deadlineMs);
  }

  private byte[] asIntset() {
    long[] values = new long[(int) count];
    int width = 2;
    int at = 0;
    for (int entry = Listpack.first(small, 0);
        entry != Listpack.NONE;
        entry = Listpack.next(small, entry)) {
      values[at] = Listpack.integer(small, entry);
      width = Math.max(width, Intset.widthOf(values[at]));
      at++;
    }
    return Intset.of(values, width);
  }

  @Override
  public void abandon() {
    if (table != null) {
      abandonStructure(table);
      table = null;
    }
  }
}
