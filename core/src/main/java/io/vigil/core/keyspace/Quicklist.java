package io.vigil.core.keyspace;

import io.vigil.core.base.Invariant;
import io.vigil.core.memory.Pages;
import io.vigil.core.structure.Listpack;

/**
 * A big list: a row of nodes, each a block with a listpack, or with one element too long for that.
 *
 * <pre>
 *   ring of nodes   [ .. | address, count | address, count | .. ]     first node at `head`, it wraps round
 *   node            [epoch 2][flags 2: 1 plain, 2 orphan][listpack]
 *                   [epoch 2][flags 2][ - 4][root of a BigBytes 8]    plain
 * </pre>
 *
 * <p>An index is found by adding up counts from the nearer end, some thousand nodes in a
 * microsecond. A node is at most {@link CollectionValues#SMALL_BYTES} of listpack; what does not
 * fit splits it.
 *
 * <p>For a snapshot the row of nodes is remembered as it is, and nodes of an older epoch are copied
 * before a change; the old one then is an orphan that belongs to the snapshot alone.
 */
final class Quicklist extends Structure {
  private static final int HEADER_BYTES = 4;
  private static final int PLAIN_BYTES = 16;
  private static final int PLAIN = 1;
  private static final int ORPHAN = 2;
  private static final int MIN_RING = 8;

  private long[] nodes = new long[MIN_RING];
  private int[] counts = new int[MIN_RING];
  private int head;
  private int size;
  private long count;
  private long nodeBytes;
  private final Item item = new Item();

  // Where locate() has ended.
  private int foundNode;
  private int foundInner;

  // For a snapshot: the nodes there were, and how far it has read.
  private long[] frozen = {};
  private int readNext;

  Quicklist(Contents contents) {
    super(contents);
  }

  // ---- The ring ----

  private int slot(int index) {
    int slot = head + index;
    return slot < nodes.length ? slot : slot - nodes.length;
  }

  private long node(int index) {
    return nodes[slot(index)];
  }

  private void setNode(int index, long node) {
    nodes[slot(index)] = node;
  }

  /** Puts a node before the one at {@code index}; {@code size} for the end. */
  private void addNode(int index, long node, int elements) {
    if (size == nodes.length) {
      growRing();
    }
    if (index < size / 2) {
      head = head == 0 ? nodes.length - 1 : head - 1;
      size++;
      for (int i = 0; i < index; i++) {
        copySlot(i + 1, i);
      }
    } else {
      size++;
      for (int i = size - 1; i > index; i--) {
        copySlot(i - 1, i);
      }
    }
    setNode(index, node);
    counts[slot(index)] = elements;
  }

  private void copySlot(int from, int to) {
    nodes[slot(to)] = nodes[slot(from)];
    counts[slot(to)] = counts[slot(from)];
  }

  private void growRing() {
    long[] newNodes = new long[2 * size];
    int[] newCounts = new int[2 * size];
    for (int i = 0; i < size; i++) {
      newNodes[i] = node(i);
      newCounts[i] = counts[slot(i)];
    }
    nodes = newNodes;
    counts = newCounts;
    head = 0;
  }

  /** Takes nodes out of the ring; their elements must be counted off already. */
  private void dropNodes(int from, int to) {
    int gone = to - from;
    if (from < size - to) {
      for (int i = from - 1; i >= 0; i--) {
        copySlot(i, i + gone);
      }
      head = slot(gone);
    } else {
      for (int i = to; i < size; i++) {
        copySlot(i, i - gone);
      }
    }
    size -= gone;
  }

  // ---- Nodes ----

  private Pages pages() {
    return records().pages;
  }

  private boolean isPlain(long node) {
    return (pages().getShort(node + 2) & PLAIN) != 0;
  }

  private byte[] array(long node) {
    return pages().array(node);
  }

  private static int start(long node) {
    return Pages.index(node) + HEADER_BYTES;
  }

  private int listpackBytes(long node) {
    return Listpack.bytes(array(node), start(node));
  }

  private long newNode(int listpackBytes) {
    long node = records().allocator.allocate(HEADER_BYTES + listpackBytes);
    pages().putShort(node, currentEpoch());
    pages().putShort(node + 2, 0);
    nodeBytes += records().allocator.capacity(node);
    return node;
  }

  private long newPlainNode(byte[] value, int offset, int length) {
    long root = records().big.create(value, offset, length);
    long node = records().allocator.allocate(PLAIN_BYTES);
    pages().putShort(node, currentEpoch());
    pages().putShort(node + 2, PLAIN);
    pages().putLong(node + 8, root);
    nodeBytes += bytesOf(node);
    return node;
  }

  /** A node with one element. */
  private long newNodeOf(byte[] value, int offset, int length) {
    if (!fitsNode(value, offset, length)) {
      return newPlainNode(value, offset, length);
    }
    int entry = Listpack.entryBytes(value, offset, length);
    long node = newNode(Listpack.EMPTY_BYTES + entry);
    int start = start(node);
    Listpack.writeEmpty(array(node), start);
    Listpack.splice(array(node), start, start + Listpack.HEADER_BYTES, 0, entry, 1);
    Listpack.writeEntry(array(node), start + Listpack.HEADER_BYTES, value, offset, length);
    return node;
  }

  private static boolean fitsNode(byte[] value, int offset, int length) {
    return length < CollectionValues.SMALL_BYTES
        && Listpack.EMPTY_BYTES + Listpack.entryBytes(value, offset, length)
            <= CollectionValues.SMALL_BYTES;
  }

  private long bytesOf(long node) {
    long bytes = records().allocator.capacity(node);
    return isPlain(node) ? bytes + records().big.blockBytes(pages().getLong(node + 8)) : bytes;
  }

  private void freeNode(long node) {
    if (isPlain(node)) {
      records().big.free(pages().getLong(node + 8));
    }
    records().allocator.free(node);
  }

  /** A node is out of the row: the snapshot gets it if it has yet to read it. */
  private void retire(long node) {
    nodeBytes -= bytesOf(node);
    if (isFrozen(node)) {
      pages().putShort(node + 2, pages().getShort(node + 2) | ORPHAN);
    } else {
      freeNode(node);
    }
  }

  private boolean isFrozen(long node) {
    return preserves() && pages().getShort(node) != currentEpoch();
  }

  /** The node at {@code index}, a listpack, with room for so many bytes of it, free to change. */
  private long own(int index, int listpackBytes) {
    long node = node(index);
    boolean kept = isFrozen(node);
    if (!kept && records().allocator.capacity(node) >= HEADER_BYTES + listpackBytes) {
      return node;
    }
    int now = listpackBytes(node);
    // A node that grows will grow on.
    int room = Math.max(listpackBytes, now);
    if (listpackBytes > now) {
      room = Math.min(CollectionValues.SMALL_BYTES, Math.max(room, room + room / 2));
    }
    long larger = newNode(room);
    pages().copy(node + HEADER_BYTES, larger + HEADER_BYTES, now);
    retire(node);
    setNode(index, larger);
    return larger;
  }

  private void splice(int index, int from, int oldBytes, int newBytes, int entries) {
    int bytes = listpackBytes(node(index)) - oldBytes + newBytes;
    long node = own(index, bytes);
    int start = start(node);
    Listpack.splice(array(node), start, start + from, oldBytes, newBytes, entries);
    counts[slot(index)] += entries;
    count += entries;
  }

  // ---- Reading ----

  @Override
  long count() {
    return count;
  }

  /** Finds the node that holds an index from 0 to count - 1, and the index in it. */
  private void locate(long index) {
    if (index < count / 2) {
      long left = index;
      int node = 0;
      while (left >= counts[slot(node)]) {
        left -= counts[slot(node)];
        node++;
      }
      foundNode = node;
      foundInner = (int) left;
      return;
    }
    long left = count - index;
    int node = size - 1;
    while (left > counts[slot(node)]) {
      left -= counts[slot(node)];
      node--;
    }
    foundNode = node;
    foundInner = counts[slot(node)] - (int) left;
  }

  /** The element at an index from 0 to count - 1. */
  Item get(long index, Item target) {
    locate(index);
    long node = node(foundNode);
    if (isPlain(node)) {
      return target.big(records(), pages().getLong(node + 8));
    }
    return target.entry(array(node), Listpack.seek(array(node), start(node), foundInner));
  }

  /** Shows elements from an index on, forwards or backwards, until the visitor has enough. */
  void visit(long index, boolean backwards, ListValues.Visitor visitor) {
    if (index < 0 || index >= count) {
      return;
    }
    locate(index);
    int node = foundNode;
    int inner = foundInner;
    long at = index;
    while (node >= 0 && node < size) {
      long passed = visitNode(node(node), inner, backwards, at, visitor);
      if (passed < 0) {
        return;
      }
      node += backwards ? -1 : 1;
      if (node >= 0 && node < size) {
        inner = backwards ? counts[slot(node)] - 1 : 0;
      }
      at += backwards ? -passed : passed;
    }
  }

  /** Returns how many elements were shown, or -1 when the visitor has enough. */
  private long visitNode(
      long node, int inner, boolean backwards, long index, ListValues.Visitor visitor) {
    if (isPlain(node)) {
      item.big(records(), pages().getLong(node + 8));
      return visitor.element(index, item) ? 1 : -1;
    }
    return ListValues.visitListpack(
        array(node), start(node), inner, backwards, index, item, visitor);
  }

  @Override
  void walk(ItemParts parts, ItemVisitor visitor) {
    visit(
        0,
        false,
        (index, element) -> {
          visitor.item(element);
          return true;
        });
  }

  /** Number of nodes. */
  int nodeCount() {
    return size;
  }

  /** Shows the nodes. */
  void nodes(CollectionValues.NodeVisitor visitor) {
    for (int i = 0; i < size; i++) {
      long node = node(i);
      if (isPlain(node)) {
        visitor.node(false, item.big(records(), pages().getLong(node + 8)).bytes());
      } else {
        byte[] copy = new byte[listpackBytes(node)];
        pages().copyOut(node + HEADER_BYTES, copy, 0, copy.length);
        visitor.node(true, copy);
      }
    }
  }

  // ---- Change ----

  /** Adds a listpack, which is not empty, as the last node. */
  void addListpack(byte[] array, int start, int length) {
    preserves();
    int elements = Listpack.count(array, start);
    long node = newNode(length);
    pages().copyIn(array, start, node + HEADER_BYTES, length);
    addNode(size, node, elements);
    count += elements;
  }

  /** Adds an element at an end. */
  void push(boolean atHead, byte[] value, int offset, int length) {
    insert(atHead ? 0 : count, value, offset, length);
  }

  /** Puts an element before the one at {@code index}; {@code count} for the end. */
  void insert(long index, byte[] value, int offset, int length) {
    preserves();
    if (size == 0) {
      addElementNode(0, value, offset, length);
      return;
    }
    if (index == count) {
      foundNode = size - 1;
      foundInner = counts[slot(size - 1)];
    } else {
      locate(index);
    }
    int node = foundNode;
    if (!fitsNode(value, offset, length)) {
      addElementNode(splitForInsert(node, foundInner), value, offset, length);
    } else if (hasRoom(node, value, offset, length)) {
      insertInto(node, foundInner, value, offset, length);
    } else if (foundInner == 0 && node > 0 && hasRoom(node - 1, value, offset, length)) {
      insertInto(node - 1, counts[slot(node - 1)], value, offset, length);
    } else {
      addElementNode(splitForInsert(node, foundInner), value, offset, length);
    }
  }

  private void addElementNode(int index, byte[] value, int offset, int length) {
    addNode(index, newNodeOf(value, offset, length), 1);
    count++;
  }

  private boolean hasRoom(int index, byte[] value, int offset, int length) {
    long node = node(index);
    return !isPlain(node)
        && listpackBytes(node) + Listpack.entryBytes(value, offset, length)
            <= CollectionValues.SMALL_BYTES;
  }

  private void insertInto(int index, int inner, byte[] value, int offset, int length) {
    int from = entryOffset(index, inner);
    splice(index, from, 0, Listpack.entryBytes(value, offset, length), 1);
    long node = node(index);
    Listpack.writeEntry(array(node), start(node) + from, value, offset, length);
  }

  /** Where an entry of a node begins, behind the listpack's start; its end for one after all. */
  private int entryOffset(int index, int inner) {
    long node = node(index);
    if (inner == counts[slot(index)]) {
      return listpackBytes(node) - 1;
    }
    return Listpack.seek(array(node), start(node), inner) - start(node);
  }

  /** Makes a border between nodes before an inner index; returns the index of the node after it. */
  private int splitForInsert(int index, int inner) {
    if (inner == 0) {
      return index;
    }
    int elements = counts[slot(index)];
    if (inner == elements) {
      return index + 1;
    }
    long node = node(index);
    int from = entryOffset(index, inner);
    int tail = listpackBytes(node) - 1 - from;
    long second = newNode(Listpack.EMPTY_BYTES + tail);
    int start = start(second);
    Listpack.writeEmpty(array(second), start);
    Listpack.splice(array(second), start, start + Listpack.HEADER_BYTES, 0, tail, elements - inner);
    pages().copy(node + HEADER_BYTES + from, second + HEADER_BYTES + Listpack.HEADER_BYTES, tail);
    splice(index, from, tail, 0, inner - elements);
    addNode(index + 1, second, elements - inner);
    count += elements - inner;
    return index + 1;
  }

  /** Overwrites the element at an index from 0 to count - 1. */
  void set(long index, byte[] value, int offset, int length) {
    preserves();
    locate(index);
    int node = foundNode;
    if (!isPlain(node(node)) && fitsNode(value, offset, length)) {
      int from = entryOffset(node, foundInner);
      int start = start(node(node));
      int oldBytes = Listpack.end(array(node(node)), start + from) - start - from;
      int newBytes = Listpack.entryBytes(value, offset, length);
      if (listpackBytes(node(node)) - oldBytes + newBytes <= CollectionValues.SMALL_BYTES) {
        splice(node, from, oldBytes, newBytes, 0);
        Listpack.writeEntry(array(node(node)), start(node(node)) + from, value, offset, length);
        return;
      }
    }
    remove(index, 1);
    insert(index, value, offset, length);
  }

  /** Removes so many elements from an index on; the range lies within the list. */
  void remove(long index, long elements) {
    preserves();
    long left = elements;
    while (left > 0) {
      locate(index);
      int node = foundNode;
      int whole = wholeNodes(node, left);
      if (foundInner == 0 && whole > 0) {
        left -= removeNodes(node, node + whole);
        continue;
      }
      int part = (int) Math.min(left, counts[slot(node)] - foundInner);
      int from = entryOffset(node, foundInner);
      int to = entryOffset(node, foundInner + part);
      splice(node, from, to - from, 0, -part);
      left -= part;
    }
  }

  /** How many nodes from one on have no more than so many elements together. */
  private int wholeNodes(int from, long elements) {
    long left = elements;
    int node = from;
    while (node < size && counts[slot(node)] <= left) {
      left -= counts[slot(node)];
      node++;
    }
    return node - from;
  }

  private long removeNodes(int from, int to) {
    long removed = 0;
    for (int i = from; i < to; i++) {
      removed += counts[slot(i)];
      retire(node(i));
    }
    dropNodes(from, to);
    count -= removed;
    return removed;
  }

  // ---- Snapshots ----

  @Override
  void freeze() {
    frozen = new long[size];
    for (int i = 0; i < size; i++) {
      frozen[i] = node(i);
    }
    readNext = 0;
  }

  @Override
  long frozenCount() {
    return frozen.length;
  }

  @Override
  boolean read(ItemStream out) {
    if (readNext == frozen.length) {
      return false;
    }
    long node = frozen[readNext++];
    if (isPlain(node)) {
      out.item(item.big(records(), pages().getLong(node + 8)), 1);
    } else {
      out.item(item.text(array(node), start(node), listpackBytes(node)), 2);
    }
    if ((pages().getShort(node + 2) & ORPHAN) != 0) {
      freeNode(node);
    } else {
      pages().putShort(node, currentEpoch());
    }
    return true;
  }

  @Override
  void thaw() {
    for (int i = readNext; i < frozen.length; i++) {
      if ((pages().getShort(frozen[i] + 2) & ORPHAN) != 0) {
        freeNode(frozen[i]);
      }
    }
    frozen = new long[0];
    readNext = 0;
  }

  @Override
  void forgetPartEpochs() {
    for (int i = 0; i < size; i++) {
      pages().putShort(node(i), 0);
    }
  }

  // ---- Whole ----

  @Override
  long blockBytes() {
    return nodeBytes;
  }

  @Override
  long objectBytes() {
    return 120 + 12L * nodes.length;
  }

  @Override
  Quicklist copyTo(Contents other) {
    Quicklist copy = new Quicklist(other);
    for (int i = 0; i < size; i++) {
      long node = node(i);
      if (isPlain(node)) {
        byte[] value = item.big(records(), pages().getLong(node + 8)).bytes();
        copy.addElementNode(copy.size, value, 0, value.length);
      } else {
        copy.addListpack(array(node), start(node), listpackBytes(node));
      }
    }
    return copy;
  }

  @Override
  long moveStep(long cursor) {
    if (frozen.length > 0) {
      // The snapshot knows its nodes by their addresses.
      return 0;
    }
    int end = (int) Math.min(size, cursor + 64);
    for (int i = (int) cursor; i < end; i++) {
      long node = node(i);
      if (isPlain(node)) {
        pages().putLong(node + 8, records().big.move(pages().getLong(node + 8)));
      }
      if (records().allocator.shouldMove(node)) {
        int bytes = records().allocator.capacity(node);
        long moved = records().allocator.allocate(bytes);
        pages().copy(node, moved, bytes);
        records().allocator.free(node);
        setNode(i, moved);
      }
    }
    return end >= size ? 0 : end;
  }

  @Override
  long reclaim(long workUnits) {
    thaw();
    long used = 0;
    while (size > 0 && used < workUnits) {
      freeNode(node(size - 1));
      size--;
      used += 8;
    }
    if (size == 0) {
      nodes = new long[MIN_RING];
      counts = new int[MIN_RING];
    }
    return used;
  }

  @Override
  void verify() {
    long elements = 0;
    long bytes = 0;
    for (int i = 0; i < size; i++) {
      long node = node(i);
      records().allocator.verifyLive(node);
      bytes += bytesOf(node);
      elements += counts[slot(i)];
      if (isPlain(node)) {
        Invariant.check(counts[slot(i)] == 1, "plain node of several elements");
      } else {
        boolean intact = Listpack.isIntact(array(node), start(node), listpackBytes(node));
        Invariant.check(intact, "node of a list is damaged");
        int found = Listpack.count(array(node), start(node));
        Invariant.check(found == counts[slot(i)] && found > 0, "elements of a node miscounted");
      }
    }
    Invariant.check(elements == count, "elements of a list miscounted");
    Invariant.check(bytes == nodeBytes, "bytes of nodes miscounted");
  }
}
