package io.vigil.core.keyspace;

import io.vigil.core.structure.Listpack;
import java.util.Arrays;

/** Puts together a list: as a listpack on the heap at first, in nodes when it grows. */
final class ListBuilder extends CollectionBuilder {
  private byte[] small = new byte[64];
  private Quicklist list;
  private long count;

  ListBuilder(Database database) {
    super(database);
    Listpack.writeEmpty(small, 0);
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public boolean add(byte[] array, int offset, int length) {
    count++;
    int bytes = Listpack.bytes(small, 0);
    if (list == null && bytes + ListValues.entryBytes(array, offset, length) > bound()) {
      list = new Quicklist(database.contents());
      if (count > 1) {
        list.addListpack(small, 0, bytes);
      }
    }
    if (list != null) {
      list.push(false, array, offset, length);
      return true;
    }
    int more = Listpack.entryBytes(array, offset, length);
    if (small.length < bytes + more) {
      small = Arrays.copyOf(small, Math.max(bytes + more, 2 * small.length));
    }
    Listpack.splice(small, 0, bytes - 1, 0, more, 1);
    Listpack.writeEntry(small, bytes - 1, array, offset, length);
    return true;
  }

  private static int bound() {
    return CollectionValues.SMALL_BYTES;
  }

  @Override
  public void attach(byte[] key, int offset, int length, long deadlineMs) {
    if (list != null) {
      attachStructure(ValueType.LIST, list, Encoding.QUICKLIST, key, offset, length, deadlineMs);
    } else {
      int bytes = Listpack.bytes(small, 0);
      attachSmall(
          ValueType.LIST, Encoding.QUICKLIST, small, bytes, key, offset, length, deadlineMs);
    }
  }

  @Override
  public void abandon() {
    if (list != null) {
      abandonStructure(list);
      list = null;
    }
  }
}
