package io.vigil.core.observe;

import io.vigil.core.base.Numbers;
import java.util.Locale;

/**
 * For how long background work kept commands waiting: a histogram per kind of work over the
 * uninterrupted time of its steps, shown as {@code vigil_step_...} in INFO stats. Counting costs
 * one increment a step.
 */
public final class StepTimes {
  private static final long MILLISECOND_NANOS = 1_000_000;

  /** What a step does. */
  public enum Kind {
    /** Copies records for a snapshot. */
    SNAPSHOT,
    /** A whole command in which a record went to the open snapshot before it was changed. */
    PRE_IMAGE,
    /** Puts records of a data file or of a full synchronisation into the data set. */
    LOAD,
    /** Deletes keys whose time is over. */
    EXPIRE,
    /** Moves records together. */
    MOVE
  }

  private final LatencyHistogram[] histograms = new LatencyHistogram[Kind.values().length];
  private final long[] longestNanos = new long[histograms.length];
  private final long[] aboveMillisecond = new long[histograms.length];

  /** A step of {@code kind} kept the core for {@code nanos}. */
  public void add(Kind kind, long nanos) {
    int index = kind.ordinal();
    if (histograms[index] == null) {
      histograms[index] = new LatencyHistogram();
    }
    histograms[index].record(nanos);
    longestNanos[index] = Math.max(longestNanos[index], nanos);
    if (nanos > MILLISECOND_NANOS) {
      aboveMillisecond[index]++;
    }
  }

  /** Steps of {@code kind} that were counted. */
  public long count(Kind kind) {
    LatencyHistogram histogram = histograms[kind.ordinal()];
    return histogram == null ? 0 : histogram.total();
  }

  /** Forgets all. */
  public void reset() {
    for (int i = 0; i < histograms.length; i++) {
      histograms[i] = null;
      longestNanos[i] = 0;
      aboveMillisecond[i] = 0;
    }
  }

  /** A field for each kind that has occurred, in microseconds. */
  public void write(InfoText out) {
    for (Kind kind : Kind.values()) {
      int index = kind.ordinal();
      LatencyHistogram histogram = histograms[index];
      if (histogram != null) {
        out.field(
            "vigil_step_" + kind.name().toLowerCase(Locale.ROOT),
            "count="
                + histogram.total()
                + ",p50="
                + micros(histogram.percentile(50))
                + ",p99="
                + micros(histogram.percentile(99))
                + ",p99.9="
                + micros(histogram.percentile(99.9))
                + ",max="
                + micros(longestNanos[index])
                + ",above_1ms="
                + aboveMillisecond[index]);
      }
    }
  }

  private static String micros(long nanos) {
    return Numbers.fixed(nanos / 1000.0, 1);
  }
}
