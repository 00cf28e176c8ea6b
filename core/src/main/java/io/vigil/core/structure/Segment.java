package io.vigil.core.structure;

/**
 * One segment of a {@link Table}: the keys whose hash begins with the {@code depth} bits of {@code
 * prefix}, in one block of memory. What a lookup needs of it is packed in a word, so that lookups
 * never touch this object.
 *
 * <pre>
 *   word   63 .. 59 58 .. 56 55 .. 50 49 .. 47 46 .. 40 39 ........ 0
 *          [ zero ][ skew  ][ window ][ stash ][buckets][block >>> 3]
 *
 *   hash   [ window bits ][skew][ ..... ]           The tag is the 20 bits after the window. The window is the depth the segment
 *          [   depth bits      ][ ..... ]           had when its tags were made; splits since then are the skew.
 *                         [  20 bits tag  ]
 * </pre>
 */
final class Segment {
  static final int TAG_BITS = 20;
  static final long TAG_MASK = (1L << TAG_BITS) - 1;
  static final int SLOTS_PER_LINE = 8;
  static final int LINE_BYTES = 64;

  /** Splits before tags are made anew from the keys. */
  static final int MAX_SKEW = 3;

  static final long NO_DEADLINE = Long.MAX_VALUE;

  /** Sizes of a segment, in cache lines: steps of at most 1.25 from 4 on. */
  private static final int[] LADDER = {
    2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 25, 31, 37, 44, 53, 60, 68
  };

  static final int MAX_LINES = 68;

  final int depth;
  final int window;
  final long prefix;
  long block;
  int lines;
  int buckets;
  int count;
  int stashCount;
  long earliestDeadlineMs = NO_DEADLINE;
  int heapIndex = -1;

  Segment(int depth, int window, long prefix) {
    this.depth = depth;
    this.window = window;
    this.prefix = prefix;
  }

  void place(long newBlock, int newLines) {
    block = newBlock;
    lines = newLines;
    buckets = newLines - stashLines(newLines);
    count = 0;
    stashCount = 0;
  }

  int skew() {
    return depth - window;
  }

  int slots() {
    return lines * SLOTS_PER_LINE;
  }

  long word() {
    return (block >>> 3)
        | (long) buckets << 40
        | (long) (lines - buckets) << 47
        | (long) window << 50
        | (long) skew() << 56;
  }

  static long blockOf(long word) {
    return (word & ((1L << 40) - 1)) << 3;
  }

  static int bucketsOf(long word) {
    return (int) (word >>> 40) & 0x7f;
  }

  static int stashLinesOf(long word) {
    return (int) (word >>> 47) & 7;
  }

  static long tagOf(long word, long hash) {
    int window = (int) (word >>> 50) & 0x3f;
    return hash << window >>> (64 - TAG_BITS);
  }

  /**
   * The bucket of a tag: the tag's bits after the skew, as a fraction of all buckets, so that
   * buckets stand in the order of hashes.
   */
  static int homeOf(long word, long tag) {
    int skew = (int) (word >>> 56);
    return (int) ((tag << skew & TAG_MASK) * bucketsOf(word) >>> TAG_BITS);
  }

  /**
   * The lowest hash whose home is {@code bucket}; for the bucket after the last one, the first hash
   * after the segment, 0 after all.
   */
  long firstHashOf(int bucket) {
    if (bucket == buckets) {
      return depth == 0 ? 0 : prefix + (1L << (64 - depth));
    }
    long position = (((long) bucket << TAG_BITS) + buckets - 1) / buckets;
    // The lowest bits of a position are zero under a skew: the next one that can be.
    long unit = 1L << skew();
    position = (position + unit - 1) & -unit;
    return prefix | position << (64 - TAG_BITS) >>> depth;
  }

  /** Lines at the end of a segment that take what fits neither at home nor next door. */
  static int stashLines(int lines) {
    return Math.min(4, 1 + lines / 16);
  }

  static int nextSize(int lines) {
    for (int size : LADDER) {
      if (size > lines) {
        return size;
      }
    }
    return MAX_LINES + 1;
  }

  /** The smallest size that {@code count} entries fill to at most 87 %. */
  static int sizeFor(int count) {
    for (int size : LADDER) {
      if (count * 8 <= size * SLOTS_PER_LINE * 7) {
        return size;
      }
    }
    return MAX_LINES;
  }
}
