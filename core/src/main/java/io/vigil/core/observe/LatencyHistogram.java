package io.vigil.core.observe;

/**
 * How often a duration occurred, in nanoseconds up to one second, with two significant digits: a
 * histogram after Gil Tene's HdrHistogram, with the bucket limits that Redis shows.
 *
 * <p>Durations below 256 are counted one by one. Above, each doubling of the range is cut into 128
 * equal parts, so that a part is never wider than 1/128 of what it counts.
 */
public final class LatencyHistogram {
  private static final long LONGEST_NANOS = 1_000_000_000;
  private static final int PARTS_BITS = 7;
  private static final int PARTS = 1 << PARTS_BITS;
  private static final int DOUBLINGS = 23;

  private final long[] counts = new long[(DOUBLINGS + 1) * PARTS];
  private long total;

  /** Counts one duration; one outside of the range counts as the nearest limit. */
  public void record(long nanos) {
    counts[index(Math.clamp(nanos, 1, LONGEST_NANOS))]++;
    total++;
  }

  /** Durations counted. */
  public long total() {
    return total;
  }

  private static int doubling(long nanos) {
    return Long.SIZE - PARTS_BITS - 1 - Long.numberOfLeadingZeros(nanos | (2 * PARTS - 1));
  }

  private static int index(long nanos) {
    int doubling = doubling(nanos);
    return (doubling << PARTS_BITS) + (int) (nanos >>> doubling);
  }

  /** The longest duration that is counted at {@code index}. */
  private static long longestAt(int index) {
    int doubling = Math.max(0, (index >>> PARTS_BITS) - 1);
    long part = index - ((long) doubling << PARTS_BITS);
    return ((part + 1) << doubling) - 1;
  }

  /** The duration in nanoseconds that {@code percentile} percent of all did not exceed. */
  public long percentile(double percentile) {
    long wanted = Math.max(1, (long) (percentile / 100 * total + 0.5));
    long seen = 0;
    for (int index = 0; index < counts.length; index++) {
      seen += counts[index];
      if (seen >= wanted) {
        long longest = longestAt(index);
        int doubling = Math.max(0, (index >>> PARTS_BITS) - 1);
        return percentile == 0 ? longest - (1L << doubling) + 1 : longest;
      }
    }
    return 0;
  }

  /** Takes one step of a cumulative distribution. */
  @FunctionalInterface
  public interface Steps {
    /** {@code count} durations were not above {@code micros} microseconds. */
    void step(long micros, long count);
  }

  /** Walks over 1, 2, 4 ... microseconds; steps that add nothing are left out. */
  public void cumulative(Steps steps) {
    long seen = 0;
    int index = 0;
    for (long level = 1024; level < 1L << 30 && seen < total; level *= 2) {
      long before = seen;
      int last = index(level);
      for (; index <= last; index++) {
        seen += counts[index];
      }
      if (seen > before) {
        steps.step(longestAt(last) / 1000, seen);
      }
    }
    if (seen < total) {
      steps.step(((1L << 30) - 1) / 1000, total);
    }
  }
}
