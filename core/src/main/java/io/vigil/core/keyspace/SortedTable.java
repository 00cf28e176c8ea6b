package io.vigil.core.keyspace;

import io.vigil.core.base.Invariant;
import io.vigil.core.memory.Pages;
import io.vigil.core.structure.SortedIndex;
import java.util.Arrays;

/**
 * A big sorted set: its members with their scores in a table, and the order of them in an index
 * that refers to the table's elements.
 *
 * <pre>
 *   table   member -> element [record: member, score]
 *   order   (score, member) -> address of the element
 * </pre>
 *
 * <p>A snapshot reads the table alone; the order can be made from it.
 */
final class SortedTable extends ElementTable {
  /** Elements for each node of the index that is freed, about. */
  private static final int UNITS_PER_NODE = 16;

  private final SortedIndex order;
  private final Item own = new Item();
  private final byte[] piece = new byte[256];
  private boolean movingOrder;

  SortedTable(Contents contents) {
    super(contents, ValueType.ZSET);
    this.order = new SortedIndex(contents.records.allocator, this::compare);
  }

  /** Compares the member of an element with bytes. */
  private int compare(long element, byte[] member, int offset, int length) {
    Records records = records();
    if (records.keyRoot(element) == 0) {
      long address = records.keyAddress(element);
      int from = Pages.index(address);
      return Arrays.compareUnsigned(
          records.pages.array(address),
          from,
          from + records.keyLength(element),
          member,
          offset,
          offset + length);
    }
    return compareLong(key(element, own), member, offset, length);
  }

  private int compareLong(Item item, byte[] member, int offset, int length) {
    long size = item.length();
    for (int at = 0; at < Math.min(size, length); at += piece.length) {
      int part = (int) Math.min(piece.length, Math.min(size, length) - at);
      item.copy(at, piece, 0, part);
      int from = offset + at;
      int difference = Arrays.compareUnsigned(piece, 0, part, member, from, from + part);
      if (difference != 0) {
        return difference;
      }
    }
    return Long.compare(size, length);
  }

  // ---- Reading ----

  SortedIndex order() {
    return order;
  }

  /** The rank of an element. */
  long rank(long element, byte[] member, int offset, int length) {
    return order.rank(score(element), member, offset, length);
  }

  /** From the highest to the lowest, as Redis writes sorted sets down. */
  @Override
  void walk(ItemParts parts, ItemVisitor visitor) {
    if (order.count() == 0) {
      return;
    }
    Item first = new Item();
    Item second = new Item();
    SortedIndex.Cursor cursor = order.cursor(order.count() - 1);
    do {
      if (parts.hasFirst()) {
        visitor.item(key(cursor.element(), first));
      }
      if (parts.hasSecond()) {
        visitor.item(ZsetText.score(cursor.score(), second));
      }
    } while (cursor.previous());
  }

  // ---- Change ----

  /** Adds a member that is not there. */
  void add(byte[] member, int offset, int length, double score) {
    long element = putScore(member, offset, length, score);
    order.insert(score, member, offset, length, element);
  }

  /** Gives a member that is there another score. */
  void change(byte[] member, int offset, int length, double old, double score) {
    long element = putScore(member, offset, length, score);
    order.change(old, member, offset, length, score, element);
  }

  @Override
  boolean remove(byte[] member, int offset, int length) {
    long element = find(member, offset, length);
    if (element == 0) {
      return false;
    }
    order.remove(score(element), member, offset, length);
    return super.remove(member, offset, length);
  }

  /** Removes the elements from one rank to before another. */
  void removeRange(long from, long to) {
    for (long rank = from; rank < to; rank++) {
      super.remove(order.removeAt(from));
    }
  }

  // ---- Whole ----

  @Override
  long blockBytes() {
    return super.blockBytes() + order.blockBytes();
  }

  @Override
  long objectBytes() {
    return super.objectBytes() + 1200;
  }

  @Override
  ElementTable copyTo(Contents other) {
    SortedTable copy = new SortedTable(other);
    if (order.count() > 0) {
      SortedIndex.Cursor cursor = order.cursor(0);
      do {
        byte[] member = key(cursor.element(), own).bytes();
        long element = copy.putScore(member, 0, member.length, cursor.score());
        copy.order.append(cursor.score(), element);
      } while (cursor.next());
    }
    return copy;
  }

  @Override
  long moveStep(long cursor) {
    if (cursor == 0) {
      movingOrder = false;
    }
    long next = movingOrder ? order.moveStep(cursor) : super.moveStep(cursor);
    if (!movingOrder && next == 0) {
      next = order.moveStep(0);
      movingOrder = next != 0;
    }
    return next;
  }

  @Override
  long moved(long element) {
    if (!records().allocator.shouldMove(element)) {
      return super.moved(element);
    }
    byte[] member = key(element, own).bytes();
    order.find(score(element), member, 0, member.length);
    long moved = super.moved(element);
    order.replaceFound(moved);
    return moved;
  }

  @Override
  long reclaim(long workUnits) {
    int nodes = (int) Math.min(1024, 1 + workUnits / UNITS_PER_NODE);
    if (order.blockBytes() > 0) {
      order.dissolveStep(nodes);
      return Math.max(1, workUnits);
    }
    return super.reclaim(workUnits);
  }

  @Override
  void verify() {
    super.verify();
    order.verify();
    Invariant.check(order.count() == count(), "order and members differ in number");
    if (order.count() == 0) {
      return;
    }
    SortedIndex.Cursor cursor = order.cursor(0);
    long rank = 0;
    do {
      byte[] member = key(cursor.element(), own).bytes();
      long element = find(member, 0, member.length);
      Invariant.check(element == cursor.element(), "order has an element that is not the member's");
      Invariant.check(score(element) == cursor.score(), "score differs from the order's");
      Invariant.check(rank(element, member, 0, member.length) == rank, "wrong rank");
      rank++;
    } while (cursor.next());
  }
}
