package io.vigil.core.observe;

import java.util.Arrays;

/**
 * Statistics per command, by the command's number in its table: INFO commandstats and latencystats,
 * LATENCY HISTOGRAM.
 */
public final class CommandStats {
  private Entry[] entries = new Entry[0];

  /** Statistics of one command. */
  public static final class Entry {
    private long calls;
    private long micros;
    private long rejected;
    private long failed;
    private LatencyHistogram histogram;

    private void record(long micros) {
      if (histogram == null) {
        histogram = new LatencyHistogram();
      }
      histogram.record(micros * 1000);
    }

    /** Times it ran. */
    public long calls() {
      return calls;
    }

    /** Microseconds it took in total. */
    public long micros() {
      return micros;
    }

    /** Times it was refused before it ran. */
    public long rejected() {
      return rejected;
    }

    /** Times it ran and answered with an error. */
    public long failed() {
      return failed;
    }

    /** Durations, or null when none was recorded. */
    public LatencyHistogram histogram() {
      return histogram;
    }

    /** True when INFO shows it. */
    public boolean wasUsed() {
      return calls != 0 || rejected != 0 || failed != 0;
    }
  }

  /** Statistics of command {@code id}; made on first use. */
  public Entry of(int id) {
    if (id >= entries.length) {
      entries = Arrays.copyOf(entries, Math.max(id + 1, 2 * entries.length));
    }
    Entry entry = entries[id];
    if (entry == null) {
      entry = new Entry();
      entries[id] = entry;
    }
    return entry;
  }

  /** Command {@code id} ran; {@code tracked} says that {@code latency-tracking} is on. */
  public void called(int id, long micros, boolean failed, boolean tracked) {
    Entry entry = of(id);
    entry.calls++;
    entry.micros += micros;
    if (failed) {
      entry.failed++;
    }
    if (tracked) {
      entry.record(micros);
    }
  }

  /** Command {@code id}, whose call has been counted, ran to its end after a wait. */
  public void served(int id, long micros, boolean failed, boolean tracked) {
    Entry entry = of(id);
    entry.micros += micros;
    if (failed) {
      entry.failed++;
    }
    if (tracked) {
      entry.record(micros);
    }
  }

  /** Command {@code id} was refused before it ran. */
  public void rejected(int id) {
    of(id).rejected++;
  }

  /** Command {@code id} waited, and the wait was cut short. */
  public void failed(int id) {
    of(id).failed++;
  }

  /** Forgets everything, as CONFIG RESETSTAT does. */
  public void reset() {
    Arrays.fill(entries, null);
  }
}
