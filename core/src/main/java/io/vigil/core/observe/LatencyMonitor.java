package io.vigil.core.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spikes of latency by event: the worst of each second in which one passed the threshold, for the
 * last 160 such seconds. Event names are Redis's ({@code command}, {@code fast-command}, {@code
 * expire-cycle} ...).
 */
public final class LatencyMonitor {
  private static final int HISTORY = 160;

  private final Map<String, Series> events = new TreeMap<>();

  /** The worst latency of one second. */
  public record Sample(long seconds, long latencyMs) {}

  /** The spikes of one event, oldest first. */
  public static final class Series {
    private final List<Sample> samples = new ArrayList<>();
    private long worstMs;

    private void add(long seconds, long latencyMs) {
      worstMs = Math.max(worstMs, latencyMs);
      if (!samples.isEmpty() && samples.getLast().seconds() == seconds) {
        if (latencyMs > samples.getLast().latencyMs()) {
          samples.set(samples.size() - 1, new Sample(seconds, latencyMs));
        }
        return;
      }
      if (samples.size() == HISTORY) {
        samples.removeFirst();
      }
      samples.add(new Sample(seconds, latencyMs));
    }

    public List<Sample> samples() {
      return samples;
    }

    /** The worst of all time, also when it is no longer among the samples. */
    public long worstMs() {
      return worstMs;
    }
  }

  /**
   * Notes that {@code event} took {@code latencyMs} at {@code seconds} of wall time, if that
   * reaches {@code thresholdMs}; a threshold of 0 turns the monitor off.
   */
  public void add(String event, long latencyMs, long thresholdMs, long seconds) {
    if (thresholdMs > 0 && latencyMs >= thresholdMs) {
      events.computeIfAbsent(event, _ -> new Series()).add(seconds, latencyMs);
    }
  }

  /** All events that had a spike, by name. */
  public Map<String, Series> events() {
    return events;
  }

  /** The spikes of an event, or null. */
  public Series event(String name) {
    return events.get(name);
  }

  /** Forgets every event; returns how many there were. */
  public int reset() {
    int count = events.size();
    events.clear();
    return count;
  }

  /** Forgets an event; true when there was one. */
  public boolean reset(String name) {
    return events.remove(name.toLowerCase(Locale.ROOT)) != null;
  }
}
