package io.vigil.core.structure;

import io.vigil.core.base.Invariant;
import io.vigil.core.base.Rng;
import io.vigil.core.memory.Allocator;
import io.vigil.core.memory.Pages;
import java.util.Arrays;

/**
 * A hash table over paged memory, ordered by hash.
 *
 * <pre>
 *   hash --top bits--> directory --> segment (one block, up to 68 cache lines, at most 544 entries)
 *
 *   segment   [bucket 0][bucket 1] ... [bucket n-1][stash]     bucket = one cache line of 8 entries
 *   entry     63 ...... 44   43      42        41     40.39 38 ....... 0
 *             [   tag    ][mark][deadline][compound][ - ][address >>> 3]
 * </pre>
 *
 * <p>A key lives in its home bucket, in the next one, or in the segment's stash; the mark in a
 * bucket's first slot says that the stash holds a key of that bucket, so that few lookups go there.
 * The tag is the 20 bits of the hash below those that chose the segment, and the home bucket is
 * that tag as a fraction of the number of buckets: so an entry alone tells where it belongs, and a
 * segment grows, in steps of at most a fourth, without a look at a key. Past 68 lines it splits in
 * two; siblings that would fill less than half of one merge. Nothing ever stops to rehash: the most
 * work of one insertion is one split.
 *
 * <p>Buckets stand in the order of hashes, so a cursor is a hash: {@link #step} visits at least
 * every key whose hash lies between the cursor and the one it returns, however the table grew or
 * shrank since the cursor was given.
 *
 * <p>Deadlines: an entry has a bit, a segment the earliest deadline of its entries or an earlier
 * moment, and segments stand in a heap by it.
 *
 * <p>The table knows keys only through {@link Elements}. It does not own what its entries point to.
 * Limits: 2^28 segments, about a hundred billion keys.
 */
public final class Table {
  /** What the table must know of the elements its entries point to. */
  public interface Elements {
    /** True when the element's key is this one. */
    boolean keyEquals(long element, byte[] key, int offset, int length);

    /** The hash of the element's key. */
    long hash(long element);

    /**
     * The element's traits: {@link #DEADLINE}, {@link #COMPOUND}. They change only with {@link
     * #replaceFound}.
     */
    int traits(long element);
  }

  /** Is shown elements, one by one; must not change the table. */
  public interface Visitor {
    void visit(long element);
  }

  /** Is shown elements and may put another address in the place of each. */
  public interface Mover {
    /** The element's new address, or the same. */
    long move(long element);
  }

  /** Trait of an element: it has a deadline. */
  public static final int DEADLINE = 1;

  /** Trait of an element: it owns further blocks than the one its address tells. */
  public static final int COMPOUND = 2;

  private static final int TAG_SHIFT = 64 - Segment.TAG_BITS;
  private static final long MARK = 1L << 43;
  private static final long COMPOUND_BIT = 1L << 41;
  private static final long DEADLINE_BIT = 1L << 42;
  private static final long TRAITS_MASK = COMPOUND_BIT | DEADLINE_BIT;
  private static final long ADDRESS_MASK = (1L << 39) - 1;
  private static final int MAX_DEPTH = 28;

  private final Allocator allocator;
  private final Pages pages;
  private final Elements elements;
  private final DeadlineHeap deadlines = new DeadlineHeap();
  private long[] words = new long[1];
  private Segment[] segments = new Segment[1];
  private int depth;
  private int segmentsAtDepth = 1;
  private long count;
  private long slots;

  // Where the last successful find() stood.
  private long foundSlot;
  private long foundHash;

  // Where the last entry was put.
  private long putSlot;

  // Elements of one segment, for work that may change the table as it goes.
  private long[] scratch;

  public Table(Allocator allocator, Elements elements) {
    this.allocator = allocator;
    this.pages = allocator.pages();
    this.elements = elements;
  }

  /** Number of elements. */
  public long count() {
    return count;
  }

  /** Number of slots for elements, used or not. */
  public long slots() {
    return slots;
  }

  /**
   * Bytes outside the pages: directory and segment objects, as the usual layout of objects has
   * them.
   */
  public long directoryBytes() {
    return 12L * words.length + 80L * (words.length >> 1 | 1);
  }

  private int directoryIndex(long hash) {
    return (int) (hash >>> 1 >>> (63 - depth));
  }

  // ---- Lookup ----

  /**
   * The element with this key, or 0. A later {@link #replaceFound} or {@link #removeFound} refers
   * to it.
   */
  public long find(long hash, byte[] key, int offset, int length) {
    long word = words[directoryIndex(hash)];
    if (word == 0) {
      return 0;
    }
    long tag = Segment.tagOf(word, hash);
    int home = Segment.homeOf(word, tag);
    long block = Segment.blockOf(word);
    long bucket = block + home * 64L;
    foundHash = hash;
    long element = findInLine(bucket, tag, key, offset, length);
    if (element != 0) {
      return element;
    }
    int buckets = Segment.bucketsOf(word);
    long next = home + 1 < buckets ? bucket + 64 : block;
    element = findInLine(next, tag, key, offset, length);
    if (element == 0 && (pages.getLong(bucket) & MARK) != 0) {
      element = findInStash(word, block + buckets * 64L, tag, key, offset, length);
    }
    return element;
  }

  private long findInStash(long word, long stash, long tag, byte[] key, int offset, int length) {
    for (int line = 0; line < Segment.stashLinesOf(word); line++) {
      long element = findInLine(stash + line * 64L, tag, key, offset, length);
      if (element != 0) {
        return element;
      }
    }
    return 0;
  }

  private long findInLine(long line, long tag, byte[] key, int offset, int length) {
    int matches = pages.matchLine(line, TAG_SHIFT, tag);
    while (matches != 0) {
      long slot = line + Integer.numberOfTrailingZeros(matches) * 8L;
      long element = (pages.getLong(slot) & ADDRESS_MASK) << 3;
      if (element != 0 && elements.keyEquals(element, key, offset, length)) {
        foundSlot = slot;
        return element;
      }
      matches &= matches - 1;
    }
    return 0;
  }

  /**
   * Finds the slot of an element known by address, as {@link #find} does by key. Fails if it is not
   * in the table.
   */
  public void findElement(long hash, long element) {
    Segment segment = segments[directoryIndex(hash)];
    long end = segment.block + segment.lines * 64L;
    long wanted = element >>> 3;
    long word = segment.word();
    long home = segment.block + Segment.homeOf(word, Segment.tagOf(word, hash)) * 64L;
    foundHash = hash;
    for (long slot = home; slot < end; slot += 8) {
      if ((pages.getLong(slot) & ADDRESS_MASK) == wanted) {
        foundSlot = slot;
        return;
      }
    }
    for (long slot = segment.block; slot < home; slot += 8) {
      if ((pages.getLong(slot) & ADDRESS_MASK) == wanted) {
        foundSlot = slot;
        return;
      }
    }
    throw Invariant.broken("element not in the table: " + Long.toHexString(element));
  }

  /**
   * Touches the line where a key of this hash would live: called for several keys ahead, their
   * cache misses overlap.
   */
  public long prefetch(long hash) {
    long word = words[directoryIndex(hash)];
    if (word == 0) {
      return 0;
    }
    return pages.getLong(
        Segment.blockOf(word) + Segment.homeOf(word, Segment.tagOf(word, hash)) * 64L);
  }

  /**
   * The first element whose tag matches, at home or next door, without a look at its key, or 0:
   * what to touch next of a key looked up soon.
   */
  public long prefetchElement(long hash) {
    long word = words[directoryIndex(hash)];
    if (word == 0) {
      return 0;
    }
    long tag = Segment.tagOf(word, hash);
    int home = Segment.homeOf(word, tag);
    long block = Segment.blockOf(word);
    long element = firstMatch(block + home * 64L, tag);
    if (element != 0) {
      return element;
    }
    return firstMatch(home + 1 < Segment.bucketsOf(word) ? block + (home + 1) * 64L : block, tag);
  }

  private long firstMatch(long line, long tag) {
    int matches = pages.matchLine(line, TAG_SHIFT, tag);
    return matches == 0
        ? 0
        : (pages.getLong(line + Integer.numberOfTrailingZeros(matches) * 8L) & ADDRESS_MASK) << 3;
  }

  // ---- Change ----

  private long payload(long element) {
    int traits = elements.traits(element);
    long deadline = (traits & DEADLINE) != 0 ? DEADLINE_BIT : 0;
    long compound = (traits & COMPOUND) != 0 ? COMPOUND_BIT : 0;
    return element >>> 3 | deadline | compound;
  }

  /**
   * Puts another element of the same key, or the same one with other traits, in the place of the
   * one found last.
   */
  public void replaceFound(long element) {
    long entry = pages.getLong(foundSlot) & ~(ADDRESS_MASK | TRAITS_MASK);
    pages.putLong(foundSlot, entry | payload(element));
  }

  /** Takes the element found last out of the table. */
  public void removeFound() {
    Segment segment = segments[directoryIndex(foundHash)];
    pages.putLong(foundSlot, pages.getLong(foundSlot) & MARK);
    if (foundSlot >= segment.block + segment.buckets * 64L) {
      segment.stashCount--;
    }
    segment.count--;
    count--;
    foundSlot = 0;
    if (segment.count * 5 < segment.slots() * 3) {
      shrink(segment);
    }
  }

  /** Adds an element whose key is not in the table; it then counts as found last. */
  public void insert(long hash, long element) {
    Segment segment = segments[directoryIndex(hash)];
    if (segment == null) {
      segment = firstSegment();
    }
    long payload = payload(element);
    boolean sameSizeTried = false;
    while (!put(segment, Segment.tagOf(segment.word(), hash), payload)) {
      // Few entries and yet no room: holes left by deletions, or bad luck. The first is cured
      // without growing.
      boolean sparse = segment.count * 4 < segment.slots() * 3;
      if (sparse && !sameSizeTried) {
        sameSizeTried = true;
        resize(segment, segment.lines);
      } else {
        grow(segment);
        segment = segments[directoryIndex(hash)];
      }
    }
    foundSlot = putSlot;
    foundHash = hash;
    count++;
  }

  private Segment firstSegment() {
    Segment segment = new Segment(0, 0, 0);
    int lines = Segment.nextSize(0);
    segment.place(newBlock(lines), lines);
    segments[0] = segment;
    words[0] = segment.word();
    return segment;
  }

  private long newBlock(int lines) {
    int bytes = lines * Segment.LINE_BYTES;
    long block = allocator.allocate(bytes);
    pages.fill(block, bytes, 0);
    slots += (long) lines * Segment.SLOTS_PER_LINE;
    return block;
  }

  private void freeBlock(long block, int lines) {
    allocator.free(block);
    slots -= (long) lines * Segment.SLOTS_PER_LINE;
  }

  /**
   * Puts an entry at home, next door, next door by pushing an entry one on, or in the stash; false
   * when nothing has room.
   */
  private boolean put(Segment segment, long tag, long payload) {
    long word = segment.word();
    int buckets = segment.buckets;
    int home = Segment.homeOf(word, tag);
    long entry = tag << TAG_SHIFT | payload;
    long bucket = segment.block + home * 64L;
    int free = pages.firstZero(bucket, ADDRESS_MASK);
    if (free < 0 && buckets > 1) {
      int nextHome = home + 1 < buckets ? home + 1 : 0;
      long next = segment.block + nextHome * 64L;
      free = pages.firstZero(next, ADDRESS_MASK);
      if (free < 0 && buckets > 2) {
        free = pushOn(segment, word, nextHome);
      }
      bucket = free < 0 ? bucket : next;
    }
    if (free < 0) {
      return putInStash(segment, bucket, entry);
    }
    long slot = bucket + free * 8L;
    pages.putLong(slot, pages.getLong(slot) & MARK | entry);
    putSlot = slot;
    segment.count++;
    return true;
  }

  /**
   * Frees a slot of a bucket by moving one of its own entries next door; returns its index, or -1.
   */
  private int pushOn(Segment segment, long word, int home) {
    long bucket = segment.block + home * 64L;
    long next = segment.block + (home + 1 < segment.buckets ? home + 1 : 0) * 64L;
    int free = pages.firstZero(next, ADDRESS_MASK);
    if (free < 0) {
      return -1;
    }
    for (int i = 0; i < Segment.SLOTS_PER_LINE; i++) {
      long entry = pages.getLong(bucket + i * 8L);
      if (Segment.homeOf(word, entry >>> TAG_SHIFT) == home) {
        long slot = next + free * 8L;
        pages.putLong(slot, pages.getLong(slot) & MARK | entry & ~MARK);
        pages.putLong(bucket + i * 8L, entry & MARK);
        return i;
      }
    }
    return -1;
  }

  private boolean putInStash(Segment segment, long homeBucket, long entry) {
    long stash = segment.block + segment.buckets * 64L;
    for (int line = 0; line < segment.lines - segment.buckets; line++) {
      int free = pages.firstZero(stash + line * 64L, ADDRESS_MASK);
      if (free >= 0) {
        putSlot = stash + line * 64L + free * 8L;
        pages.putLong(putSlot, entry);
        pages.putLong(homeBucket, pages.getLong(homeBucket) | MARK);
        segment.stashCount++;
        segment.count++;
        return true;
      }
    }
    return false;
  }

  // ---- Growing and shrinking ----

  private void grow(Segment segment) {
    int lines = Segment.nextSize(segment.lines);
    while (lines <= Segment.MAX_LINES) {
      if (resize(segment, lines)) {
        return;
      }
      lines = Segment.nextSize(lines);
    }
    split(segment);
  }

  /**
   * Moves a segment's entries into a block of another size, without a look at keys; false, and
   * nothing is changed, if they do not fit.
   */
  private boolean resize(Segment segment, int lines) {
    long oldBlock = segment.block;
    int oldLines = segment.lines;
    int oldStash = segment.stashCount;
    int oldCount = segment.count;
    segment.place(newBlock(lines), lines);
    if (!putAll(oldBlock, oldLines, segment)) {
      freeBlock(segment.block, lines);
      segment.place(oldBlock, oldLines);
      segment.count = oldCount;
      segment.stashCount = oldStash;
      return false;
    }
    freeBlock(oldBlock, oldLines);
    point(segment);
    return true;
  }

  private boolean putAll(long block, int lines, Segment into) {
    long end = block + lines * 64L;
    for (long slot = block; slot < end; slot += 8) {
      long entry = pages.getLong(slot);
      if ((entry & ADDRESS_MASK) != 0
          && !put(into, entry >>> TAG_SHIFT, entry & (ADDRESS_MASK | TRAITS_MASK))) {
        return false;
      }
    }
    return true;
  }

  private void split(Segment old) {
    if (old.depth == depth) {
      doubleDirectory();
    }
    int newDepth = old.depth + 1;
    Invariant.check(newDepth <= MAX_DEPTH, "table cannot grow any further");
    // Tags lose a bit of use with every split; in time they are made anew from the keys.
    int window = newDepth - old.window > Segment.MAX_SKEW ? newDepth : old.window;
    Segment low = new Segment(newDepth, window, old.prefix);
    Segment high = new Segment(newDepth, window, old.prefix | 1L << (64 - newDepth));
    int inHigh = countHigh(old);
    int lowLines = Segment.sizeFor(old.count - inHigh);
    int highLines = Segment.sizeFor(inHigh);
    low.place(newBlock(lowLines), lowLines);
    high.place(newBlock(highLines), highLines);
    while (!distribute(old, low, high)) {
      freeBlock(low.block, lowLines);
      freeBlock(high.block, highLines);
      lowLines = Math.min(Segment.MAX_LINES, Segment.nextSize(lowLines));
      Invariant.check(highLines < Segment.MAX_LINES, "half of a segment cannot be packed");
      highLines = Segment.nextSize(highLines);
      low.place(newBlock(lowLines), lowLines);
      high.place(newBlock(highLines), highLines);
    }
    freeBlock(old.block, old.lines);
    inheritDeadline(old, low);
    inheritDeadline(old, high);
    deadlines.remove(old);
    if (newDepth == depth) {
      segmentsAtDepth += 2;
    }
    point(low);
    point(high);
  }

  /** How many entries of a segment belong to the upper half of its hashes. */
  private int countHigh(Segment segment) {
    int highBit = TAG_SHIFT + Segment.TAG_BITS - 1 - segment.skew();
    int high = 0;
    long end = segment.block + segment.lines * 64L;
    for (long slot = segment.block; slot < end; slot += 8) {
      long entry = pages.getLong(slot);
      high += (entry & ADDRESS_MASK) == 0 ? 0 : (int) (entry >>> highBit & 1);
    }
    return high;
  }

  private boolean distribute(Segment old, Segment low, Segment high) {
    long end = old.block + old.lines * 64L;
    boolean remake = low.window != old.window;
    int highBit = Segment.TAG_BITS - 1 - old.skew();
    for (long slot = old.block; slot < end; slot += 8) {
      long entry = pages.getLong(slot);
      if ((entry & ADDRESS_MASK) == 0) {
        continue;
      }
      long tag = entry >>> TAG_SHIFT;
      Segment target = (tag >>> highBit & 1) == 0 ? low : high;
      if (remake) {
        tag = Segment.tagOf(target.word(), elements.hash((entry & ADDRESS_MASK) << 3));
      }
      if (!put(target, tag, entry & (ADDRESS_MASK | TRAITS_MASK))) {
        return false;
      }
    }
    return true;
  }

  private void inheritDeadline(Segment from, Segment to) {
    if (from.earliestDeadlineMs < to.earliestDeadlineMs) {
      to.earliestDeadlineMs = from.earliestDeadlineMs;
      deadlines.update(to);
    }
  }

  private void doubleDirectory() {
    int size = words.length;
    Invariant.check(depth < MAX_DEPTH, "table cannot grow any further");
    long[] newWords = new long[size * 2];
    Segment[] newSegments = new Segment[size * 2];
    for (int i = 0; i < size; i++) {
      newWords[2 * i] = words[i];
      newWords[2 * i + 1] = words[i];
      newSegments[2 * i] = segments[i];
      newSegments[2 * i + 1] = segments[i];
    }
    words = newWords;
    segments = newSegments;
    depth++;
    segmentsAtDepth = 0;
  }

  /** Writes a segment into all places of the directory that lead to it. */
  private void point(Segment segment) {
    int from = directoryIndex(segment.prefix);
    int to = from + (1 << (depth - segment.depth));
    Arrays.fill(words, from, to, segment.word());
    Arrays.fill(segments, from, to, segment);
  }

  private void shrink(Segment segment) {
    if (segment.count == 0 && segment.depth == 0) {
      freeBlock(segment.block, segment.lines);
      deadlines.remove(segment);
      words[0] = 0;
      segments[0] = null;
      return;
    }
    if (segment.depth > 0) {
      Segment sibling = segments[directoryIndex(segment.prefix ^ 1L << (64 - segment.depth))];
      if (sibling.depth == segment.depth
          && shouldMerge(segment.count, sibling.count)
          && merge(segment, sibling)) {
        return;
      }
    }
    int lines = Segment.sizeFor(segment.count);
    if (lines < segment.lines) {
      resize(segment, lines);
    }
  }

  /**
   * Half full together, and neither half so full that its share of the buckets could not take it.
   */
  private static boolean shouldMerge(int one, int other) {
    int slots = Segment.MAX_LINES * Segment.SLOTS_PER_LINE;
    return (one + other) * 2 < slots && Math.max(one, other) * 3 < slots;
  }

  /**
   * Makes one segment of two siblings; false, and nothing is changed, where they cannot be packed
   * into one.
   */
  private boolean merge(Segment one, Segment other) {
    int newDepth = one.depth - 1;
    boolean keepTags = one.window == other.window && one.window <= newDepth;
    int window = keepTags ? one.window : Math.max(0, newDepth - 1);
    Segment merged = new Segment(newDepth, window, one.prefix & ~(1L << (63 - newDepth)));
    int lines = Segment.sizeFor(one.count + other.count);
    merged.place(newBlock(lines), lines);
    while (!collect(one, merged, keepTags) || !collect(other, merged, keepTags)) {
      freeBlock(merged.block, lines);
      lines = Segment.nextSize(lines);
      if (lines > Segment.MAX_LINES) {
        return false;
      }
      merged.place(newBlock(lines), lines);
    }
    freeBlock(one.block, one.lines);
    freeBlock(other.block, other.lines);
    inheritDeadline(one, merged);
    inheritDeadline(other, merged);
    deadlines.remove(one);
    deadlines.remove(other);
    if (one.depth == depth) {
      segmentsAtDepth -= 2;
    }
    point(merged);
    while (depth > 0 && segmentsAtDepth == 0) {
      halveDirectory();
    }
    if (merged.count == 0) {
      shrink(merged);
    }
    return true;
  }

  private boolean collect(Segment from, Segment into, boolean keepTags) {
    if (keepTags) {
      return putAll(from.block, from.lines, into);
    }
    long end = from.block + from.lines * 64L;
    for (long slot = from.block; slot < end; slot += 8) {
      long entry = pages.getLong(slot);
      if ((entry & ADDRESS_MASK) != 0) {
        long hash = elements.hash((entry & ADDRESS_MASK) << 3);
        if (!put(into, Segment.tagOf(into.word(), hash), entry & (ADDRESS_MASK | TRAITS_MASK))) {
          return false;
        }
      }
    }
    return true;
  }

  private void halveDirectory() {
    int size = words.length / 2;
    long[] newWords = new long[size];
    Segment[] newSegments = new Segment[size];
    depth--;
    for (int i = 0; i < size; i++) {
      newWords[i] = words[2 * i];
      newSegments[i] = segments[2 * i];
      if (newSegments[i] != null && newSegments[i].depth == depth) {
        segmentsAtDepth++;
      }
    }
    words = newWords;
    segments = newSegments;
  }

  // ---- Walking ----

  /**
   * Visits every element whose hash lies in [cursor, returned cursor), and perhaps some that lie
   * before. One step visits one bucket. Start with 0; 0 is returned at the end. The low 16 bits of
   * a cursor are zero.
   */
  public long step(long cursor, Visitor visitor) {
    Segment segment = segments[directoryIndex(cursor)];
    if (segment == null) {
      return 0;
    }
    long word = segment.word();
    int home = Segment.homeOf(word, Segment.tagOf(word, cursor));
    long bucket = segment.block + home * 64L;
    int buckets = segment.buckets;
    boolean stashed = (pages.getLong(bucket) & MARK) != 0;
    visitLine(word, bucket, home, visitor);
    if (buckets > 1) {
      visitLine(word, segment.block + (home + 1 < buckets ? home + 1 : 0) * 64L, home, visitor);
    }
    if (stashed) {
      for (int line = buckets; line < segment.lines; line++) {
        visitLine(word, segment.block + line * 64L, home, visitor);
      }
    }
    return segment.firstHashOf(home + 1);
  }

  private void visitLine(long word, long line, int home, Visitor visitor) {
    for (int i = 0; i < Segment.SLOTS_PER_LINE; i++) {
      long entry = pages.getLong(line + i * 8L);
      long element = (entry & ADDRESS_MASK) << 3;
      if (element != 0 && Segment.homeOf(word, entry >>> TAG_SHIFT) == home) {
        visitor.visit(element);
      }
    }
  }

  /**
   * Shows a mover those elements of the segment at {@code cursor} that should move or are compound,
   * and moves the segment's own block if the allocator asks for it. Returns the cursor of the next
   * segment, 0 after the last.
   */
  public long moveStep(long cursor, Mover mover) {
    Segment segment = segments[directoryIndex(cursor)];
    if (segment == null) {
      return 0;
    }
    if (allocator.shouldMove(segment.block)) {
      resize(segment, segment.lines);
    }
    long end = segment.block + segment.lines * 64L;
    for (long slot = segment.block; slot < end; slot += 8) {
      long entry = pages.getLong(slot);
      long element = (entry & ADDRESS_MASK) << 3;
      boolean look = (entry & COMPOUND_BIT) != 0 || element != 0 && allocator.shouldMove(element);
      if (look) {
        long moved = mover.move(element);
        if (moved != element) {
          pages.putLong(slot, entry & ~ADDRESS_MASK | moved >>> 3);
        }
      }
    }
    return segment.firstHashOf(segment.buckets);
  }

  /**
   * Takes the table apart, a segment at a time: shows the elements of the segment at {@code cursor}
   * to a visitor, which may free them, and frees the segment's block. Start with 0; 0 is returned
   * at the end. Once begun, nothing else may be asked of the table.
   */
  public long dissolveStep(long cursor, Visitor visitor) {
    Segment segment = segments[directoryIndex(cursor)];
    if (segment == null) {
      return 0;
    }
    long end = segment.block + segment.lines * 64L;
    for (long slot = segment.block; slot < end; slot += 8) {
      long element = (pages.getLong(slot) & ADDRESS_MASK) << 3;
      if (element != 0) {
        visitor.visit(element);
      }
    }
    freeBlock(segment.block, segment.lines);
    return segment.firstHashOf(segment.buckets);
  }

  /** An element drawn with equal chances, or 0 if there is none. */
  public long random(Rng rng) {
    if (count == 0) {
      return 0;
    }
    while (true) {
      Segment segment = segments[rng.nextInt(segments.length)];
      int slot =
          rng.nextInt(depth == 0 ? segment.slots() : Segment.MAX_LINES * Segment.SLOTS_PER_LINE);
      // A segment that stands in several places of the directory counts once.
      boolean chosen = slot < segment.slots() && rng.nextInt(1 << (depth - segment.depth)) == 0;
      if (chosen) {
        long element = (pages.getLong(segment.block + slot * 8L) & ADDRESS_MASK) << 3;
        if (element != 0) {
          return element;
        }
      }
    }
  }

  // ---- Deadlines ----

  /** Says that an element of this hash has a deadline, in milliseconds. */
  public void noteDeadline(long hash, long deadlineMs) {
    Segment segment = segments[directoryIndex(hash)];
    if (deadlineMs < segment.earliestDeadlineMs) {
      segment.earliestDeadlineMs = deadlineMs;
      deadlines.update(segment);
    }
  }

  /**
   * A moment no later than the earliest deadline of all elements; {@link Long#MAX_VALUE} if there
   * is none.
   */
  public long earliestDeadlineMs() {
    return deadlines.earliestMs();
  }

  /**
   * Collects the elements with deadlines of the segment that is due first into an array that is
   * good until the next call, and leaves the segment without a deadline: the caller says {@link
   * #noteDeadline} again for what it keeps.
   */
  public int takeDueSegment() {
    if (scratch == null) {
      scratch = new long[Segment.MAX_LINES * Segment.SLOTS_PER_LINE];
    }
    Segment segment = deadlines.first();
    segment.earliestDeadlineMs = Segment.NO_DEADLINE;
    deadlines.remove(segment);
    int found = 0;
    long end = segment.block + segment.lines * 64L;
    for (long slot = segment.block; slot < end; slot += 8) {
      long entry = pages.getLong(slot);
      if ((entry & DEADLINE_BIT) != 0) {
        scratch[found++] = (entry & ADDRESS_MASK) << 3;
      }
    }
    return found;
  }

  /** One of the elements that {@link #takeDueSegment} collected. */
  public long dueElement(int index) {
    return scratch[index];
  }

  // ---- Checks ----

  /** Bytes of the blocks this table owns. */
  public long blockBytes() {
    long bytes = 0;
    for (int i = 0; i < segments.length; i++) {
      if (isFirstPlace(i)) {
        bytes += allocator.capacity(segments[i].block);
      }
    }
    return bytes;
  }

  private boolean isFirstPlace(int index) {
    return segments[index] != null && (index == 0 || segments[index] != segments[index - 1]);
  }

  /** Checks the whole shape and every entry against its key, and fails where something is wrong. */
  public void verify() {
    long total = 0;
    long totalSlots = 0;
    int atDepth = 0;
    for (int i = 0; i < segments.length; i++) {
      Invariant.check(
          segments[i] == null ? words[i] == 0 && count == 0 : words[i] == segments[i].word(),
          "directory differs from segment");
      if (isFirstPlace(i)) {
        Segment segment = segments[i];
        Invariant.check(directoryIndex(segment.prefix) == i, "segment in the wrong place");
        verifySegment(segment);
        total += segment.count;
        totalSlots += segment.slots();
        atDepth += segment.depth == depth ? 1 : 0;
      }
    }
    Invariant.check(total == count, "count differs from the sum over segments");
    Invariant.check(totalSlots == slots, "slots differ from the sum over segments");
    Invariant.check(count == 0 || atDepth == segmentsAtDepth, "segments at full depth miscounted");
    deadlines.verify();
  }

  private void verifySegment(Segment segment) {
    int found = 0;
    int stashed = 0;
    long word = segment.word();
    for (int index = 0; index < segment.slots(); index++) {
      long entry = pages.getLong(segment.block + index * 8L);
      long element = (entry & ADDRESS_MASK) << 3;
      Invariant.check(
          (entry & MARK) == 0 || index % 8 == 0 && index < segment.buckets * 8,
          "mark in a slot that has none");
      if (element == 0) {
        Invariant.check((entry & ~MARK) == 0, "empty slot with content");
        continue;
      }
      allocator.verifyLive(element);
      found++;
      long hash = elements.hash(element);
      Invariant.check(
          segment.depth == 0 || (hash ^ segment.prefix) >>> (64 - segment.depth) == 0,
          "element in the wrong segment");
      Invariant.check(
          entry >>> TAG_SHIFT == Segment.tagOf(word, hash), "tag differs from the hash");
      long payload = entry & (ADDRESS_MASK | TRAITS_MASK);
      Invariant.check(payload == payload(element), "traits differ from the element's");
      int home = Segment.homeOf(word, entry >>> TAG_SHIFT);
      int bucket = index / 8;
      if (bucket >= segment.buckets) {
        stashed++;
        Invariant.check(
            (pages.getLong(segment.block + home * 64L) & MARK) != 0,
            "stashed element without a mark");
      } else {
        Invariant.check(
            bucket == home || bucket == (home + 1) % segment.buckets, "element far from home");
      }
    }
    Invariant.check(
        found == segment.count && stashed == segment.stashCount,
        "elements of a segment miscounted");
  }
}
