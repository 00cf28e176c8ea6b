package io.vigil.core.observe;

import io.vigil.core.base.Numbers;
import io.vigil.core.observe.LatencyMonitor.Sample;
import io.vigil.core.observe.LatencyMonitor.Series;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Latency events for people: the graph of LATENCY GRAPH and the words of LATENCY DOCTOR. */
public final class LatencyReport {
  private static final int COLUMNS = 80;
  private static final int ROWS = 4;
  private static final String FILL = "_o#";

  private LatencyReport() {}

  // ---- graph

  /** Bars for the spikes of one event, with the age of each below its bar. */
  public static String graph(String event, Series series, long nowSeconds) {
    List<Sample> samples = series.samples();
    long low = samples.stream().mapToLong(Sample::latencyMs).min().orElse(0);
    long high = samples.stream().mapToLong(Sample::latencyMs).max().orElse(0);
    StringBuilder out = new StringBuilder();
    out.append(event).append(" - high ").append(high).append(" ms, low ").append(low);
    out.append(" ms (all time high ").append(series.worstMs()).append(" ms)\n");
    out.append("-".repeat(COLUMNS)).append('\n');
    for (int from = 0; from < samples.size(); from += COLUMNS) {
      if (from > 0) {
        out.append('\n');
      }
      List<Sample> part = samples.subList(from, Math.min(from + COLUMNS, samples.size()));
      bars(out, part, low, high);
      ages(out, part, nowSeconds);
    }
    return out.toString();
  }

  private static void bars(StringBuilder out, List<Sample> samples, long low, long high) {
    int steps = FILL.length() * ROWS;
    double range = high == low ? 1 : high - low;
    for (int row = 0; row < ROWS; row++) {
      for (Sample sample : samples) {
        int step = Math.min((int) ((sample.latencyMs() - low) * steps / range), steps - 1);
        int inRow = step - (ROWS - row - 1) * FILL.length();
        out.append(inRow < 0 ? ' ' : inRow < FILL.length() ? FILL.charAt(inRow) : '|');
      }
      out.append('\n');
    }
  }

  /** Ages are written downwards, a character per row. */
  private static void ages(StringBuilder out, List<Sample> samples, long nowSeconds) {
    List<String> labels = new ArrayList<>();
    int longest = 0;
    for (Sample sample : samples) {
      String label = age(nowSeconds - sample.seconds());
      labels.add(label);
      longest = Math.max(longest, label.length());
    }
    out.append(" ".repeat(samples.size())).append('\n');
    for (int row = 0; row < longest; row++) {
      for (String label : labels) {
        out.append(row < label.length() ? label.charAt(row) : ' ');
      }
      out.append('\n');
    }
  }

  private static String age(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  // ---- doctor

  /**
   * What the events mean and what may help.
   *
   * @param thresholdMs {@code latency-monitor-threshold}
   * @param slowlogMicros {@code slowlog-log-slower-than}
   */
  public static String doctor(
      LatencyMonitor monitor, long thresholdMs, long slowlogMicros, long nowSeconds) {
    Map<String, Series> events = monitor.events();
    if (events.isEmpty()) {
      return thresholdMs == 0
          ? "I'm sorry, Dave, I can't do that. Latency monitoring is off in this instance. \"CONFIG"
              + " SET latency-monitor-threshold <milliseconds>\" turns it on.\n"
          : "Dave, no latency spike was observed so far, not in the slightest bit.\n";
    }
    StringBuilder out = new StringBuilder("Dave, I have observed latency spikes:\n\n");
    Set<String> advice = new LinkedHashSet<>();
    int number = 0;
    for (Map.Entry<String, Series> event : events.entrySet()) {
      out.append(++number).append(". ").append(event.getKey()).append(": ");
      describe(out, event.getValue(), nowSeconds);
      advise(advice, event.getKey(), thresholdMs, slowlogMicros);
    }
    if (advice.isEmpty()) {
      out.append("\nI have no easy fix to suggest.\n");
    } else {
      out.append("\nI have some advice for you:\n\n");
      advice.forEach(line -> out.append("- ").append(line).append('\n'));
    }
    return out.toString();
  }

  private static void describe(StringBuilder out, Series series, long nowSeconds) {
    List<Sample> samples = series.samples();
    int count = samples.size();
    long average = samples.stream().mapToLong(Sample::latencyMs).sum() / count;
    long deviation =
        samples.stream().mapToLong(s -> Math.abs(average - s.latencyMs())).sum() / count;
    long seconds = Math.max(1, nowSeconds - samples.getFirst().seconds());
    out.append(count).append(" latency spikes (average ").append(average);
    out.append("ms, mean deviation ").append(deviation).append("ms, period ");
    out.append(Numbers.fixed((double) seconds / count, 2));
    out.append(" sec). Worst all time event ").append(series.worstMs()).append("ms.\n");
  }

  private static void advise(
      Set<String> advice, String event, long thresholdMs, long slowlogMicros) {
    switch (event) {
      case "command" -> {
        if (slowlogMicros < 0 || slowlogMicros / 1000 > thresholdMs) {
          advice.add(
              "Let the slow log show such commands: 'CONFIG SET slowlog-log-slower-than "
                  + thresholdMs * 1000
                  + "'.");
        }
        advice.add("Look into the slow log (SLOWLOG GET) for the commands that take long.");
        advice.add("Deleting very large values takes time: UNLINK them, or cut them into parts.");
      }
      case "fast-command" ->
          advice.add(
              "Even commands without much to do were slow, so the process did not get the processor"
                  + " or was stopped by the garbage collector: lower the load of the machine, look"
                  + " for noisy neighbours, and measure with 'redis-cli --intrinsic-latency 100'.");
      case "expire-cycle" ->
          advice.add("Many keys expire at once: spread their deadlines, or raise 'hz'.");
      case "rdb-unlink-temp-file" ->
          advice.add("The disk is slow to answer: use a local one, and keep others off it.");
      default -> {}
    }
  }
}
