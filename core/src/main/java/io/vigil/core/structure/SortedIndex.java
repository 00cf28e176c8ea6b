package io.vigil.core.structure;

import io.vigil.core.base.Invariant;
import io.vigil.core.memory.Allocator;
import io.vigil.core.memory.Pages;

/**
 * The order of a big sorted set: an order-statistic B+ tree over paged memory. It holds scores and
 * the addresses of elements that somebody else keeps, by score and then by the bytes of the member.
 *
 * <pre>
 *   node    [entries 2][level 1][unused 5][entry] ... [entry]       level 0: leaf
 *   entry   of a leaf     [score 8][element 8]
 *           of an inner   [score 8][element 8][child 8][elements below 8]     score and element: the first below
 *
 *                 [ a 5 | k 4 | t 6 ]
 *                  /       |       \
 *           [a c d f h] [k m p r] [t u v w y z]
 * </pre>
 *
 * <p>Counts turn an element into its rank and a rank into its element in O(log n); so does every
 * range, by score, by member or by rank, become a range of ranks. A cursor keeps the way down to
 * where it is, so leaves need no links to each other. What an inner node says of a child is exact
 * at all times, also when an element moves.
 *
 * <p>A node grows in steps up to {@value #MAX_LEAF} elements or {@value #MAX_INNER} children and is
 * then split: in the middle, or at its end where elements arrive in order, so that such sets have
 * full nodes. Nodes below a quarter are merged with a neighbour where that leaves room.
 *
 * <p>Not thread-safe. A cursor is good until the next change.
 */
public final class SortedIndex {
  /** Most elements of a leaf. */
  static final int MAX_LEAF = 126;

  /** Most children of an inner node. */
  static final int MAX_INNER = 63;

  private static final int HEADER_BYTES = 8;
  private static final int LEVEL_AT = 2;
  private static final int LEAF_ENTRY_BYTES = 16;
  private static final int INNER_ENTRY_BYTES = 32;
  private static final int ELEMENT_AT = 8;
  private static final int CHILD_AT = 16;
  private static final int COUNT_AT = 24;

  /** Levels of a tree of 2^48 elements whose nodes have two entries each. */
  private static final int MAX_LEVELS = 48;

  private static final int FIRST_ENTRIES = 8;

  /** Knows the members of elements. */
  @FunctionalInterface
  public interface Members {
    /** Compares the member of an element with bytes, as unsigned: below, equal to or above zero. */
    int compare(long element, byte[] member, int offset, int length);
  }

  /** A place between elements: those it is after are the first so many in order. */
  @FunctionalInterface
  public interface Bound {
    boolean isAfter(double score, long element);
  }

  private final Allocator allocator;
  private final Pages pages;
  private final Members members;
  private final Cursor path = new Cursor();
  private long root;
  private long count;
  private long blockBytes;

  public SortedIndex(Allocator allocator, Members members) {
    this.allocator = allocator;
    this.pages = allocator.pages();
    this.members = members;
  }

  /** Number of elements. */
  public long count() {
    return count;
  }

  /** Bytes of all nodes. */
  public long blockBytes() {
    return blockBytes;
  }

  // ---- Nodes ----

  private int entries(long node) {
    return pages.getShort(node);
  }

  private void setEntries(long node, int entries) {
    pages.putShort(node, entries);
  }

  private int level(long node) {
    return pages.getByte(node + LEVEL_AT);
  }

  private static int entryBytes(int level) {
    return level == 0 ? LEAF_ENTRY_BYTES : INNER_ENTRY_BYTES;
  }

  private static int maxEntries(int level) {
    return level == 0 ? MAX_LEAF : MAX_INNER;
  }

  private long entry(long node, int index) {
    return node + HEADER_BYTES + (long) index * entryBytes(level(node));
  }

  private double scoreAt(long entry) {
    return Double.longBitsToDouble(pages.getLong(entry));
  }

  private long elementAt(long entry) {
    return pages.getLong(entry + ELEMENT_AT);
  }

  private long childAt(long entry) {
    return pages.getLong(entry + CHILD_AT);
  }

  private long countAt(long entry) {
    return pages.getLong(entry + COUNT_AT);
  }

  private void putKey(long entry, double score, long element) {
    pages.putLong(entry, Double.doubleToRawLongBits(score));
    pages.putLong(entry + ELEMENT_AT, element);
  }

  /** Elements in a node and below it. */
  private long elements(long node) {
    int entries = entries(node);
    if (level(node) == 0) {
      return entries;
    }
    long sum = 0;
    for (int i = 0; i < entries; i++) {
      sum += countAt(entry(node, i));
    }
    return sum;
  }

  private int capacity(long node) {
    int level = level(node);
    int room = (allocator.capacity(node) - HEADER_BYTES) / entryBytes(level);
    return Math.min(room, maxEntries(level));
  }

  /** A node without entries, with room for those asked for, as far as one may have them. */
  private long create(int level, int wanted) {
    int entries = Math.min(maxEntries(level), Math.max(FIRST_ENTRIES, wanted));
    long node = allocator.allocate(HEADER_BYTES + entries * entryBytes(level));
    blockBytes += allocator.capacity(node);
    pages.putLong(node, 0);
    pages.putByte(node + LEVEL_AT, level);
    return node;
  }

  private void free(long node) {
    blockBytes -= allocator.capacity(node);
    allocator.free(node);
  }

  /** A copy of a node with room for so many entries; the node itself is freed. */
  private long resized(long node, int wanted) {
    int level = level(node);
    long copy = create(level, wanted);
    pages.copy(node, copy, HEADER_BYTES + entries(node) * entryBytes(level));
    free(node);
    return copy;
  }

  /** The node itself, or a larger copy when it has no room for one more entry. */
  private long roomy(long node) {
    int entries = entries(node);
    return entries < capacity(node) ? node : resized(node, entries + 1 + entries / 4);
  }

  private void openGap(long node, int index) {
    int size = entryBytes(level(node));
    int entries = entries(node);
    long at = entry(node, index);
    pages.copy(at, at + size, (entries - index) * size);
    setEntries(node, entries + 1);
  }

  private void closeGap(long node, int index) {
    int size = entryBytes(level(node));
    int entries = entries(node) - 1;
    long at = entry(node, index);
    pages.copy(at + size, at, (entries - index) * size);
    setEntries(node, entries);
  }

  /** Makes an inner node's entry say what is true of its child. */
  private void describe(long entry, long child) {
    long first = entry(child, 0);
    putKey(entry, scoreAt(first), elementAt(first));
    pages.putLong(entry + CHILD_AT, child);
    pages.putLong(entry + COUNT_AT, elements(child));
  }

  // ---- Search ----

  private int compare(long entry, double score, byte[] member, int offset, int length) {
    double other = scoreAt(entry);
    if (other != score) {
      return other < score ? -1 : 1;
    }
    return members.compare(elementAt(entry), member, offset, length);
  }

  /** How many entries of a node are below a key. */
  private int below(long node, double score, byte[] member, int offset, int length) {
    int low = 0;
    int high = entries(node);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(entry(node, middle), score, member, offset, length) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The child of an inner node in which a key belongs. */
  private int childFor(long node, double score, byte[] member, int offset, int length) {
    int low = 0;
    int high = entries(node);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (compare(entry(node, middle), score, member, offset, length) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The rank of an element that is there. */
  public long rank(double score, byte[] member, int offset, int length) {
    long rank = 0;
    long node = root;
    while (level(node) > 0) {
      int child = childFor(node, score, member, offset, length);
      rank += countBefore(node, child);
      node = childAt(entry(node, child));
    }
    return rank + below(node, score, member, offset, length);
  }

  private long countBefore(long node, int index) {
    long sum = 0;
    for (int i = 0; i < index; i++) {
      sum += countAt(entry(node, i));
    }
    return sum;
  }

  /** How many elements lie before a place. */
  public long rankOf(Bound bound) {
    if (root == 0) {
      return 0;
    }
    long rank = 0;
    long node = root;
    while (level(node) > 0) {
      int child = Math.max(0, entriesBefore(node, bound) - 1);
      rank += countBefore(node, child);
      node = childAt(entry(node, child));
    }
    return rank + entriesBefore(node, bound);
  }

  private int entriesBefore(long node, Bound bound) {
    int low = 0;
    int high = entries(node);
    while (low < high) {
      int middle = (low + high) >>> 1;
      long entry = entry(node, middle);
      if (bound.isAfter(scoreAt(entry), elementAt(entry))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A walk along the elements in both directions. Good until the next change. */
  public final class Cursor {
    private final long[] nodes = new long[MAX_LEVELS];
    private final int[] indices = new int[MAX_LEVELS];

    /** Index of the leaf. */
    private int depth;

    private Cursor() {}

    /** Goes to the element with this rank, which must be in range. */
    public void seek(long rank) {
      Invariant.check(rank >= 0 && rank < count, "rank out of range");
      long left = rank;
      long node = root;
      depth = 0;
      while (level(node) > 0) {
        int child = 0;
        while (left >= countAt(entry(node, child))) {
          left -= countAt(entry(node, child));
          child++;
        }
        push(node, child);
        node = childAt(entry(node, child));
      }
      nodes[depth] = node;
      indices[depth] = (int) left;
    }

    /** Goes to an element that must be there. */
    private void seek(double score, byte[] member, int offset, int length) {
      long node = root;
      depth = 0;
      while (level(node) > 0) {
        int child = childFor(node, score, member, offset, length);
        push(node, child);
        node = childAt(entry(node, child));
      }
      nodes[depth] = node;
      indices[depth] = below(node, score, member, offset, length);
      boolean found =
          indices[depth] < entries(node) && compare(place(), score, member, offset, length) == 0;
      Invariant.check(found, "element missing in the order of a sorted set");
    }

    private void push(long node, int index) {
      nodes[depth] = node;
      indices[depth] = index;
      depth++;
    }

    private long place() {
      return entry(nodes[depth], indices[depth]);
    }

    public double score() {
      return scoreAt(place());
    }

    public long element() {
      return elementAt(place());
    }

    /** Goes on to the next element; false at the end, where it stays. */
    public boolean next() {
      if (indices[depth] + 1 < entries(nodes[depth])) {
        indices[depth]++;
        return true;
      }
      int level = depth - 1;
      while (level >= 0 && indices[level] + 1 == entries(nodes[level])) {
        level--;
      }
      if (level < 0) {
        return false;
      }
      indices[level]++;
      for (; level < depth; level++) {
        nodes[level + 1] = childAt(entry(nodes[level], indices[level]));
        indices[level + 1] = 0;
      }
      return true;
    }

    /** Goes back to the previous element; false at the beginning, where it stays. */
    public boolean previous() {
      int level = depth;
      while (level >= 0 && indices[level] == 0) {
        level--;
      }
      if (level < 0) {
        return false;
      }
      indices[level]--;
      for (; level < depth; level++) {
        nodes[level + 1] = childAt(entry(nodes[level], indices[level]));
        indices[level + 1] = entries(nodes[level + 1]) - 1;
      }
      return true;
    }
  }

  /** A cursor at the element with this rank, which must be in range. */
  public Cursor cursor(long rank) {
    Cursor cursor = new Cursor();
    cursor.seek(rank);
    return cursor;
  }

  // ---- Adding ----

  /** Adds an element whose score and member are not there yet. */
  public void insert(double score, byte[] member, int offset, int length, long element) {
    prepareRoot();
    path.depth = 0;
    long node = root;
    boolean first = true;
    boolean last = true;
    while (level(node) > 0) {
      int child = childFor(node, score, member, offset, length);
      first &= child == 0;
      last &= child == entries(node) - 1;
      long below = childAt(entry(node, child));
      if (isFull(below)) {
        int kept = entries(below) / 2;
        if (last && compare(lastEntry(below), score, member, offset, length) < 0) {
          kept = entries(below) - 1;
        } else if (first && compare(entry(below, 0), score, member, offset, length) > 0) {
          kept = 1;
        }
        split(node, child, kept);
        if (compare(entry(node, child + 1), score, member, offset, length) < 0) {
          child++;
          first = false;
        } else {
          last = false;
        }
      }
      node = enter(node, child);
    }
    add(node, below(node, score, member, offset, length), score, element);
  }

  /** Adds an element above all others. */
  public void append(double score, long element) {
    prepareRoot();
    path.depth = 0;
    long node = root;
    while (level(node) > 0) {
      int child = entries(node) - 1;
      long below = childAt(entry(node, child));
      if (isFull(below)) {
        split(node, child, entries(below) - 1);
        child++;
      }
      node = enter(node, child);
    }
    add(node, entries(node), score, element);
  }

  private boolean isFull(long node) {
    return entries(node) == maxEntries(level(node));
  }

  private long lastEntry(long node) {
    return entry(node, entries(node) - 1);
  }

  /** Sees to a root that has room for one more entry. */
  private void prepareRoot() {
    if (root == 0) {
      root = create(0, FIRST_ENTRIES);
    } else if (isFull(root)) {
      long higher = create(level(root) + 1, FIRST_ENTRIES);
      setEntries(higher, 1);
      describe(entry(higher, 0), root);
      root = higher;
    } else {
      root = roomy(root);
    }
  }

  /** Steps into a child that is to get one more element, and sees to room for one more entry. */
  private long enter(long node, int child) {
    path.push(node, child);
    long entry = entry(node, child);
    long below = roomy(childAt(entry));
    pages.putLong(entry + CHILD_AT, below);
    pages.putLong(entry + COUNT_AT, countAt(entry) + 1);
    return below;
  }

  private void add(long leaf, int index, double score, long element) {
    path.nodes[path.depth] = leaf;
    path.indices[path.depth] = index;
    openGap(leaf, index);
    count++;
    putFound(score, element);
  }

  /** Moves what is behind the first {@code kept} entries of a child into a new one beside it. */
  private void split(long node, int child, int kept) {
    long left = childAt(entry(node, child));
    int level = level(left);
    int moved = entries(left) - kept;
    long right = create(level, moved + moved / 4);
    pages.copy(entry(left, kept), entry(right, 0), moved * entryBytes(level));
    setEntries(right, moved);
    setEntries(left, kept);
    left = shrunk(left);
    openGap(node, child + 1);
    describe(entry(node, child), left);
    describe(entry(node, child + 1), right);
  }

  // ---- Changing ----

  /** Writes what the path leads to, and all that inner nodes say of it. */
  private void putFound(double score, long element) {
    putKey(path.place(), score, element);
    for (int level = path.depth; level > 0 && path.indices[level] == 0; level--) {
      putKey(entry(path.nodes[level - 1], path.indices[level - 1]), score, element);
    }
  }

  /** Looks for an element that must be there; {@link #replaceFound} then is about it. */
  public void find(double score, byte[] member, int offset, int length) {
    path.seek(score, member, offset, length);
  }

  /** The element found last lies elsewhere from now on. */
  public void replaceFound(long element) {
    putFound(path.score(), element);
  }

  /** Gives an element another score, and the address that it has from now on. */
  public void change(
      double score, byte[] member, int offset, int length, double newScore, long element) {
    path.seek(score, member, offset, length);
    int index = path.indices[path.depth];
    long leaf = path.nodes[path.depth];
    boolean stays =
        index > 0
            && index < entries(leaf) - 1
            && compare(entry(leaf, index - 1), newScore, member, offset, length) < 0
            && compare(entry(leaf, index + 1), newScore, member, offset, length) > 0;
    if (stays) {
      putFound(newScore, element);
    } else {
      removeFound();
      insert(newScore, member, offset, length, element);
    }
  }

  // ---- Removing ----

  /** Removes an element that must be there. */
  public void remove(double score, byte[] member, int offset, int length) {
    path.seek(score, member, offset, length);
    removeFound();
  }

  /** Removes the element with this rank, which must be in range, and returns it. */
  public long removeAt(long rank) {
    path.seek(rank);
    long element = path.element();
    removeFound();
    return element;
  }

  private void removeFound() {
    closeGap(path.nodes[path.depth], path.indices[path.depth]);
    count--;
    for (int level = path.depth - 1; level >= 0; level--) {
      tidy(path.nodes[level], path.indices[level], path.nodes[level + 1]);
    }
    while (level(root) > 0 && entries(root) == 1) {
      long only = childAt(entry(root, 0));
      free(root);
      root = only;
    }
    if (entries(root) == 0) {
      free(root);
      root = 0;
    } else {
      root = shrunk(root);
    }
  }

  /** Brings a node in order after one of its children has lost an element. */
  private void tidy(long node, int index, long child) {
    if (entries(child) == 0) {
      free(child);
      closeGap(node, index);
      return;
    }
    long entry = entry(node, index);
    long first = entry(child, 0);
    putKey(entry, scoreAt(first), elementAt(first));
    pages.putLong(entry + COUNT_AT, countAt(entry) - 1);
    int max = maxEntries(level(child));
    if (entries(child) <= max / 4) {
      if (index + 1 < entries(node) && canMerge(node, index, max)) {
        merge(node, index);
        return;
      }
      if (index > 0 && canMerge(node, index - 1, max)) {
        merge(node, index - 1);
        return;
      }
    }
    pages.putLong(entry + CHILD_AT, shrunk(child));
  }

  private boolean canMerge(long node, int index, int max) {
    int both = entries(childAt(entry(node, index))) + entries(childAt(entry(node, index + 1)));
    return both <= max * 3 / 4;
  }

  /** Moves what a child's right neighbour has into it. */
  private void merge(long node, int index) {
    long left = childAt(entry(node, index));
    long right = childAt(entry(node, index + 1));
    int entries = entries(left);
    int moved = entries(right);
    if (capacity(left) < entries + moved) {
      left = resized(left, entries + moved);
    }
    pages.copy(entry(right, 0), entry(left, entries), moved * entryBytes(level(right)));
    setEntries(left, entries + moved);
    free(right);
    closeGap(node, index + 1);
    describe(entry(node, index), left);
  }

  /** The node itself, or a smaller copy when it uses less than half of its room. */
  private long shrunk(long node) {
    int entries = entries(node);
    int capacity = capacity(node);
    return capacity > 2 * FIRST_ENTRIES && 2 * entries < capacity
        ? resized(node, entries + entries / 4)
        : node;
  }

  // ---- Whole ----

  /**
   * Frees some nodes, and forgets their elements; to be repeated until there are none left.
   *
   * @return true when all are gone
   */
  public boolean dissolveStep(int nodes) {
    for (int i = 0; i < nodes && root != 0; i++) {
      path.depth = 0;
      long node = root;
      while (level(node) > 0) {
        path.push(node, entries(node) - 1);
        node = childAt(lastEntry(node));
      }
      free(node);
      int level = path.depth - 1;
      while (level >= 0 && entries(path.nodes[level]) == 1) {
        free(path.nodes[level]);
        level--;
      }
      if (level < 0) {
        root = 0;
      } else {
        setEntries(path.nodes[level], entries(path.nodes[level]) - 1);
      }
    }
    count = root == 0 ? 0 : count;
    return root == 0;
  }

  /**
   * Moves those nodes that the allocator wants moved, on the way down to one element after another.
   *
   * @param rank 0 at first, then what the last step returned
   * @return the rank to go on with, 0 at the end
   */
  public long moveStep(long rank) {
    if (rank >= count) {
      return 0;
    }
    root = moved(root);
    long node = root;
    long left = rank;
    while (level(node) > 0) {
      int child = 0;
      while (left >= countAt(entry(node, child))) {
        left -= countAt(entry(node, child));
        child++;
      }
      long entry = entry(node, child);
      long below = moved(childAt(entry));
      pages.putLong(entry + CHILD_AT, below);
      node = below;
    }
    long next = rank - left + entries(node);
    return next >= count ? 0 : next;
  }

  private long moved(long node) {
    if (!allocator.shouldMove(node)) {
      return node;
    }
    return resized(node, entries(node));
  }

  /** Checks the whole shape and fails where something is wrong. */
  public void verify() {
    if (root == 0) {
      Invariant.check(count == 0 && blockBytes == 0, "empty tree with elements or nodes");
      return;
    }
    long bytes = verify(root, level(root));
    Invariant.check(elements(root) == count, "elements miscounted");
    Invariant.check(bytes == blockBytes, "bytes of nodes miscounted");
    Invariant.check(level(root) == 0 || entries(root) > 1, "root with one child");
    Cursor cursor = cursor(0);
    double before = cursor.score();
    long steps = 1;
    while (cursor.next()) {
      Invariant.check(before <= cursor.score(), "scores out of order");
      before = cursor.score();
      steps++;
    }
    Invariant.check(steps == count, "a walk missed elements");
  }

  private long verify(long node, int level) {
    Invariant.check(level(node) == level, "leaves at different depths");
    int entries = entries(node);
    Invariant.check(entries > 0 && entries <= capacity(node), "entries out of range");
    long bytes = allocator.capacity(node);
    for (int i = 0; level > 0 && i < entries; i++) {
      long entry = entry(node, i);
      long child = childAt(entry);
      long first = entry(child, 0);
      Invariant.check(pages.getLong(entry) == pages.getLong(first), "wrong first score");
      Invariant.check(elementAt(entry) == elementAt(first), "wrong first element");
      Invariant.check(countAt(entry) == elements(child), "wrong count");
      bytes += verify(child, level - 1);
    }
    return bytes;
  }
}
