package io.vigil.core.keyspace;

import io.vigil.core.memory.BigBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A point in time of all databases, read step by step while they go on changing.
 *
 * <pre>
 *   records   old epoch: yet to be read        epoch of this snapshot: read already, or made since it began
 *             ────────────── cursor ──────────────>
 * </pre>
 *
 * <p>Opening raises the epoch and touches nothing. The cursor goes through the tables in the order
 * of hashes and copies every record of an older epoch, stamping it. A writer that is about to
 * change or delete a record of an older epoch hands its old block over instead of freeing it;
 * chunks of a long value are shared and copied by the writer one by one as it changes them.
 * Handed-over records are read first, so that they do not pile up. A database that is flushed is
 * handed over whole. The same goes on inside big collections, element by element: see {@link
 * Structure}.
 *
 * <p>Use: {@link #step} fills a buffer, until {@link #isDone}; then, or earlier, {@link #close}.
 * Nothing else ends it.
 */
public final class SnapshotCursor {
  /** Buckets or nodes of a big collection that one piece is made of at most. */
  private static final int STEPS_PER_PIECE = 64;

  private final Keyspace keyspace;
  private final AccessClock clock;
  private final List<Contents> parts = new ArrayList<>();
  private final List<Contents> detached = new ArrayList<>();
  private final ArrayDeque<HandedOver> handedOver = new ArrayDeque<>();
  private final long totalRecords;
  private int part;
  private long hashCursor;
  private long doneRecords;
  private long heldBytes;
  private boolean closed;

  // The long value being copied, piece by piece, and its record, which belong to this snapshot.
  private HandedOver longValue;
  private long longPosition;

  /** The structure being copied, which is the value of that record, or null. */
  private Structure structure;

  private boolean structureRead;
  private final ItemStream items = new ItemStream();

  /** Structures that have preserved something for this snapshot. */
  private final List<Structure> frozen = new ArrayList<>();

  private record HandedOver(Contents contents, long record, long bytes) {}

  SnapshotCursor(Keyspace keyspace, AccessClock clock, Database[] databases) {
    this.keyspace = keyspace;
    this.clock = clock;
    long total = 0;
    for (Database database : databases) {
      Contents contents = database.contents();
      if (contents.table.count() > 0) {
        contents.snapshot = this;
        contents.snapshotDatabase = database.index();
        parts.add(contents);
        total += contents.table.count();
      }
    }
    totalRecords = total;
  }

  /** Records of the snapshot, those copied already included. */
  public long totalRecords() {
    return totalRecords;
  }

  /** Records copied so far. */
  public long doneRecords() {
    return doneRecords;
  }

  /** Bytes of records that writers have handed over and that are not yet copied. */
  public long heldBytes() {
    return heldBytes;
  }

  /**
   * Number of keys, and of keys with a deadline, of a database when the snapshot began is not kept;
   * see the images.
   */
  public boolean isDone() {
    return longValue == null && handedOver.isEmpty() && part == parts.size();
  }

  /**
   * Copies images of records into a buffer.
   *
   * @param workUnits how much to do, in units of about 64 bytes touched; a step ends at most some
   *     hundred units later
   * @param target where to append; the step ends when it is filled to its capacity
   * @return the units used
   */
  public long step(long workUnits, ImageBuffer target) {
    long used = 0;
    int capacity = target.capacity();
    while (used < workUnits && target.length() < capacity && !isDone()) {
      int before = target.length();
      if (longValue != null) {
        copyPiece(target);
      } else if (!handedOver.isEmpty()) {
        copyHandedOver(target);
      } else {
        copyBucket(target);
      }
      used += 2 + (target.length() - before) / 64;
    }
    return used;
  }

  private void copyBucket(ImageBuffer target) {
    Contents contents = parts.get(part);
    hashCursor = contents.table.step(hashCursor, record -> visit(contents, record, target));
    if (hashCursor == 0) {
      part++;
    }
  }

  private void visit(Contents contents, long record, ImageBuffer target) {
    Records records = contents.records;
    if (records.epoch(record) == keyspace.epoch()) {
      return;
    }
    if (records.hasLongValue(record)) {
      // Copied piece by piece while writers may change it: from a record of our own over shared
      // chunks.
      int bytes = records.allocator.capacity(record);
      long copy = records.allocator.allocate(bytes);
      records.pages.copy(record, copy, bytes);
      records.duplicateLongKey(copy);
      TypeHandler.of(records.type(copy)).duplicate(records, copy);
      handOver(contents, copy);
    } else {
      copyWhole(contents, record, target);
    }
    records.setEpoch(record, keyspace.epoch());
  }

  private void copyWhole(Contents contents, long record, ImageBuffer target) {
    Records records = contents.records;
    int bytes = TypeHandler.of(records.type(record)).valueBytes(records, record);
    // The length that stands before an inline string is not part of its value.
    boolean text =
        records.type(record) == ValueType.STRING.code()
            && records.encoding(record) != Encoding.INT.code();
    int skip = text ? 2 : 0;
    int length = bytes - skip;
    target.begin(
        contents.snapshotDatabase,
        records,
        record,
        clock,
        records.keyLength(record),
        length,
        length);
    records.copyKey(record, target.array(), target.keyOffset());
    records.pages.copyOut(
        records.value(record) + skip, target.array(), target.valueOffset(), length);
    doneRecords++;
  }

  private void copyHandedOver(ImageBuffer target) {
    HandedOver next = handedOver.remove();
    Records records = next.contents.records;
    if (records.hasLongValue(next.record)) {
      longValue = next;
      longPosition = 0;
      if (records.type(next.record) != ValueType.STRING.code()) {
        beginStructure(target);
      } else {
        copyPiece(target);
      }
    } else {
      copyWhole(next.contents, next.record, target);
      drop(next);
    }
  }

  private void beginStructure(ImageBuffer target) {
    Contents contents = longValue.contents;
    Records records = contents.records;
    long record = longValue.record;
    structure = CollectionHandler.structure(records, record);
    structure.beginReading();
    structureRead = false;
    int keyLength = records.keyLength(record);
    target.begin(
        contents.snapshotDatabase, records, record, clock, keyLength, structure.frozenCount(), 0);
    target.itemsFollow();
    records.copyKey(record, target.array(), target.keyOffset());
  }

  /** Copies a piece of the items of the structure under way. */
  private void copyItems(ImageBuffer target) {
    int steps = 0;
    while (items.drain()
        && items.staged() < ItemStream.STAGE_BYTES
        && steps < STEPS_PER_PIECE
        && !structureRead) {
      structureRead = !structure.read(items);
      steps++;
    }
    Records records = longValue.contents.records;
    target.beginContinuation(
        longValue.contents.snapshotDatabase,
        records.type(longValue.record),
        structure.frozenCount(),
        items.staged());
    System.arraycopy(items.stage(), 0, target.array(), target.valueOffset(), items.staged());
    items.clearStage();
    if (structureRead && items.drain() && items.staged() == 0) {
      structure.endReading();
      structure = null;
      drop(longValue);
      longValue = null;
      doneRecords++;
    }
  }

  /** A structure has begun to preserve what it changes. */
  void frozen(Structure changed) {
    frozen.add(changed);
  }

  private void copyPiece(ImageBuffer target) {
    if (structure != null) {
      copyItems(target);
      return;
    }
    Contents contents = longValue.contents;
    Records records = contents.records;
    long record = longValue.record;
    long root = StringHandler.root(records, record);
    long length = records.big.length(root);
    int piece = (int) Math.min(BigBytes.CHUNK_BYTES, length - longPosition);
    if (longPosition == 0) {
      target.begin(
          contents.snapshotDatabase,
          records,
          record,
          clock,
          records.keyLength(record),
          length,
          piece);
      records.copyKey(record, target.array(), target.keyOffset());
    } else {
      target.beginContinuation(contents.snapshotDatabase, records.type(record), length, piece);
    }
    records.big.read(root, longPosition, target.array(), target.valueOffset(), piece);
    longPosition += piece;
    if (longPosition == length) {
      drop(longValue);
      longValue = null;
      doneRecords++;
    }
  }

  private void drop(HandedOver taken) {
    heldBytes -= taken.bytes;
    keyspace.free(taken.contents.records, taken.record);
  }

  /**
   * A writer gives up a record that this snapshot has yet to copy: it is out of the table and
   * belongs to the snapshot from now on.
   */
  void takeOver(Contents contents, long record) {
    handOver(contents, record);
    keyspace.countPreImage();
  }

  private void handOver(Contents contents, long record) {
    Records records = contents.records;
    long bytes = records.ownBytes(record);
    boolean shared =
        records.type(record) != ValueType.STRING.code()
            && records.hasLongValue(record)
            && CollectionHandler.structure(records, record).isShared();
    if (!shared) {
      bytes += TypeHandler.of(records.type(record)).blockBytes(records, record);
    }
    handedOver.add(new HandedOver(contents, record, bytes));
    heldBytes += bytes;
  }

  /** A database has been flushed: its former contents belong to the snapshot from now on. */
  void detach(Contents contents) {
    detached.add(contents);
  }

  /** Ends the snapshot, done or not, and gives back all it holds. */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean whole = isDone();
    items.abandon();
    structure = null;
    if (longValue != null) {
      drop(longValue);
      longValue = null;
    }
    while (!handedOver.isEmpty()) {
      drop(handedOver.remove());
    }
    for (Contents contents : parts) {
      contents.snapshot = null;
    }
    frozen.forEach(Structure::thaw);
    frozen.clear();
    for (Contents contents : detached) {
      contents.discard();
    }
    parts.clear();
    part = 0;
    keyspace.snapshotClosed(whole);
  }
}
