package io.vigil.core.keyspace;

import io.vigil.core.base.Invariant;
import io.vigil.core.base.Rng;
import io.vigil.core.structure.Table;
import java.util.Arrays;

/**
 * A big hash or set, or the members of a big sorted set: a table like that of the database itself.
 *
 * <pre>
 *   element   a record of the data set (see {@link Records}): key = field or member, value =
 *             hash: a string, as the value of a string key    sorted set: the score, 8 bytes    set: nothing
 * </pre>
 *
 * <p>So elements have all that records have: long fields and values, an epoch each for snapshots, a
 * cursor that survives growth, fair random choice. Their access clock is not used.
 */
class ElementTable extends Structure {
  private final ValueType type;
  private final Table table;
  private final Records.Shape shape = new Records.Shape();
  private final Item item = new Item();

  /** Bytes of the elements' blocks. */
  private long elementBytes;

  private boolean added;

  // For a snapshot: how many elements there were, those handed over, and how far it has read.
  private long frozenCount;
  private long[] preserved = {};
  private int preservedCount;
  private long readCursor;
  private boolean readToEnd;

  // For the end.
  private long reclaimCursor;
  private boolean reclaimed;

  ElementTable(Contents contents, ValueType type) {
    super(contents);
    this.type = type;
    this.table = new Table(contents.records.allocator, contents.records);
  }

  // ---- Reading ----

  @Override
  long count() {
    return table.count();
  }

  /** The element with this key, or 0. */
  long find(byte[] key, int offset, int length) {
    return table.find(records().hash(key, offset, length), key, offset, length);
  }

  /** An element drawn with equal chances. */
  long random(Rng rng) {
    return table.random(rng);
  }

  /** As {@link Table#step}. */
  long step(long cursor, Table.Visitor visitor) {
    return table.step(cursor, visitor);
  }

  /**
   * One step of HSCAN and its like: shows elements until {@code count} or more are seen or the end
   * is reached.
   *
   * @param cursor 0 at first, then what the last step returned
   * @return the next cursor, below 2^48; 0 at the end
   */
  long scan(long cursor, int count, Table.Visitor visitor) {
    long buckets = Math.max(1, count) * 10L;
    long[] seen = {0};
    long hashCursor = cursor << 16;
    do {
      hashCursor =
          table.step(
              hashCursor,
              element -> {
                seen[0]++;
                visitor.visit(element);
              });
      buckets--;
    } while (hashCursor != 0 && buckets > 0 && seen[0] < count);
    return hashCursor >>> 16;
  }

  Item key(long element, Item target) {
    return target.key(records(), element);
  }

  /** The value of a hash's element. */
  Item value(long element, Item target) {
    return target.stringValue(records(), element);
  }

  /** The score of a sorted set's element. */
  double score(long element) {
    return Double.longBitsToDouble(records().pages.getLong(records().value(element)));
  }

  @Override
  void walk(ItemParts parts, ItemVisitor visitor) {
    Item second = new Item();
    Item first = new Item();
    long cursor = 0;
    do {
      cursor =
          table.step(
              cursor,
              element -> {
                if (parts.hasFirst()) {
                  visitor.item(key(element, first));
                }
                if (parts.hasSecond() && type != ValueType.SET) {
                  visitor.item(secondItem(element, second));
                }
              });
    } while (cursor != 0);
  }

  private Item secondItem(long element, Item target) {
    return type == ValueType.HASH ? value(element, target) : ZsetText.score(score(element), target);
  }

  // ---- Change ----

  /**
   * True when the last {@link #putMember}, {@link #putText} or {@link #putScore} added an element.
   */
  boolean added() {
    return added;
  }

  /** Adds a member that has no value; false if it is there. */
  boolean putMember(byte[] key, int offset, int length) {
    if (find(key, offset, length) != 0) {
      added = false;
      return false;
    }
    put(key, offset, length, Encoding.RAW, 0, 0);
    return true;
  }

  /** Sets the value of a field to a string. */
  void putText(byte[] key, int keyOffset, int keyLength, byte[] value, int offset, int length) {
    Records records = records();
    if (length > Records.MAX_INLINE_VALUE) {
      long root = records.big.create(value, offset, length);
      long element = put(key, keyOffset, keyLength, Encoding.RAW, Records.FLAG_LONG_VALUE, 8);
      records.pages.putLong(records.value(element), root);
      elementBytes += records.big.blockBytes(root);
      return;
    }
    long element = put(key, keyOffset, keyLength, Encoding.RAW, 0, 2 + length);
    long at = records.value(element);
    records.pages.putShort(at, length);
    records.pages.copyIn(value, offset, at + 2, length);
  }

  /** Sets the score of a member; returns its element. */
  long putScore(byte[] key, int offset, int length, double score) {
    long element = put(key, offset, length, Encoding.INT, 0, 8);
    records().pages.putLong(records().value(element), Double.doubleToRawLongBits(score));
    return element;
  }

  /** The element of a key, new or not, with room for a value of this kind, still to be written. */
  private long put(
      byte[] key, int offset, int length, Encoding encoding, int valueFlags, int valueBytes) {
    boolean preserve = preserves();
    Records records = records();
    shape.type = ValueType.STRING.code();
    shape.encoding = encoding.code();
    shape.valueFlags = valueFlags;
    shape.valueBytes = valueBytes;
    shape.epoch = currentEpoch();
    shape.deadlineMs = Database.NO_DEADLINE;
    long hash = records.hash(key, offset, length);
    long old = table.find(hash, key, offset, length);
    added = old == 0;
    long element;
    if (old == 0) {
      element = records.create(key, offset, length, shape);
      table.insert(hash, element);
    } else {
      elementBytes -= bytesOf(old);
      element = replace(old, preserve);
    }
    // The value of a long one is not there yet: its maker counts it.
    elementBytes += records.ownBytes(element);
    return element;
  }

  private long replace(long old, boolean preserve) {
    Records records = records();
    if (preserve && records.epoch(old) != currentEpoch()) {
      long element = records.createWithKeyOf(old, shape);
      records.duplicateLongKey(element);
      table.replaceFound(element);
      preserve(old);
      return element;
    }
    freeLongValue(old);
    if (records.fits(old, shape)) {
      int traits = records.traits(old);
      records.reshape(old, shape);
      if (traits != records.traits(old)) {
        table.replaceFound(old);
      }
      return old;
    }
    long element = records.createWithKeyOf(old, shape);
    records.allocator.free(old);
    table.replaceFound(element);
    return element;
  }

  /** Removes the element with this key; false if there is none. */
  boolean remove(byte[] key, int offset, int length) {
    long element = find(key, offset, length);
    if (element == 0) {
      return false;
    }
    removeFound(element);
    return true;
  }

  /** Removes an element known by its address. */
  void remove(long element) {
    table.findElement(records().hash(element), element);
    removeFound(element);
  }

  private void removeFound(long element) {
    boolean preserve = preserves() && records().epoch(element) != currentEpoch();
    table.removeFound();
    elementBytes -= bytesOf(element);
    if (preserve) {
      preserve(element);
    } else {
      free(element);
    }
  }

  private long bytesOf(long element) {
    Records records = records();
    long bytes = records.ownBytes(element);
    return records.hasLongValue(element)
        ? bytes + records.big.blockBytes(StringHandler.root(records, element))
        : bytes;
  }

  private void freeLongValue(long element) {
    Records records = records();
    if (records.hasLongValue(element)) {
      records.big.free(StringHandler.root(records, element));
    }
  }

  private void free(long element) {
    freeLongValue(element);
    records().freeLongKey(element);
    records().allocator.free(element);
  }

  // ---- Snapshots ----

  private void preserve(long element) {
    if (preservedCount == preserved.length) {
      preserved = Arrays.copyOf(preserved, Math.max(16, 2 * preservedCount));
    }
    preserved[preservedCount++] = element;
  }

  @Override
  void freeze() {
    frozenCount = table.count();
    readCursor = 0;
    readToEnd = false;
  }

  @Override
  long frozenCount() {
    return frozenCount;
  }

  @Override
  boolean read(ItemStream out) {
    if (preservedCount > 0) {
      long element = preserved[--preservedCount];
      emit(element, out);
      free(element);
      return true;
    }
    if (readToEnd) {
      return false;
    }
    int epoch = currentEpoch();
    readCursor =
        table.step(
            readCursor,
            element -> {
              if (records().epoch(element) != epoch) {
                emit(element, out);
                records().setEpoch(element, epoch);
              }
            });
    readToEnd = readCursor == 0;
    return true;
  }

  private void emit(long element, ItemStream out) {
    out.item(key(element, item), 0);
    switch (type) {
      case HASH -> out.item(value(element, item), 0);
      case ZSET -> out.number(records().pages.getLong(records().value(element)));
      default -> {}
    }
  }

  @Override
  void thaw() {
    for (int i = 0; i < preservedCount; i++) {
      free(preserved[i]);
    }
    preservedCount = 0;
    preserved = new long[0];
  }

  @Override
  void forgetPartEpochs() {
    long cursor = 0;
    do {
      cursor = table.step(cursor, element -> records().setEpoch(element, 0));
    } while (cursor != 0);
  }

  // ---- Whole ----

  @Override
  long blockBytes() {
    return elementBytes + table.blockBytes();
  }

  @Override
  long objectBytes() {
    return 160 + table.directoryBytes();
  }

  @Override
  ElementTable copyTo(Contents other) {
    ElementTable copy = new ElementTable(other, type);
    copyElementsTo(copy);
    return copy;
  }

  /** Adds copies of all elements to another table. */
  final void copyElementsTo(ElementTable copy) {
    Item first = new Item();
    Item second = new Item();
    long cursor = 0;
    do {
      cursor =
          table.step(
              cursor,
              element -> {
                byte[] key = key(element, first).bytes();
                switch (type) {
                  case HASH -> {
                    byte[] value = value(element, second).bytes();
                    copy.putText(key, 0, key.length, value, 0, value.length);
                  }
                  case ZSET -> copy.putScore(key, 0, key.length, score(element));
                  default -> copy.putMember(key, 0, key.length);
                }
              });
    } while (cursor != 0);
  }

  @Override
  long moveStep(long cursor) {
    return table.moveStep(cursor, this::moved);
  }

  /** Moves an element where the allocator asks for it; returns where it is now. */
  long moved(long element) {
    Records records = records();
    long moved = records.moveOwn(element);
    if (records.hasLongValue(moved)) {
      long at = records.value(moved);
      records.pages.putLong(at, records.big.move(records.pages.getLong(at)));
    }
    return moved;
  }

  @Override
  long reclaim(long workUnits) {
    if (reclaimed) {
      return 0;
    }
    long[] used = {1};
    thaw();
    do {
      reclaimCursor =
          table.dissolveStep(
              reclaimCursor,
              element -> {
                free(element);
                used[0]++;
              });
    } while (reclaimCursor != 0 && used[0] < workUnits);
    reclaimed = reclaimCursor == 0;
    return used[0];
  }

  @Override
  void verify() {
    table.verify();
    long[] sum = {0};
    long cursor = 0;
    do {
      cursor = table.step(cursor, element -> sum[0] += bytesOf(element));
    } while (cursor != 0);
    Invariant.check(sum[0] == elementBytes, "bytes of elements miscounted");
  }
}
