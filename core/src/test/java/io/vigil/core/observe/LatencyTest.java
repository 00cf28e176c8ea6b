package io.vigil.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LatencyTest {
  /** Values that redis-server 7.0.15 shows for durations of whole microseconds. */
  @Test
  void limitsOfBucketsAreThoseOfRedis() {
    long[][] cases = {
      {1000, 1003},
      {2000, 2007},
      {3000, 3007},
      {5000, 5023},
      {7000, 7007},
      {10_000, 10_047},
      {42_000, 42_239},
      {1_430_000, 1_433_599},
      {1, 1},
      {255, 255},
      {256, 257},
    };
    for (long[] c : cases) {
      LatencyHistogram histogram = new LatencyHistogram();
      histogram.record(c[0]);
      assertThat(histogram.percentile(99)).as("%s", c[0]).isEqualTo(c[1]);
    }
  }

  @Test
  void percentilesAreNearTheTrueOnes() {
    Rng rng = new Rng(3);
    LatencyHistogram histogram = new LatencyHistogram();
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long nanos = 1 + rng.nextLong(1L << 1 + rng.nextInt(29));
      all.add(nanos);
      histogram.record(nanos);
    }
    Collections.sort(all);
    for (double percentile : new double[] {1, 25, 50, 90, 99, 99.9, 100}) {
      int rank = (int) Math.max(1, percentile / 100 * all.size() + 0.5);
      long exact = all.get(rank - 1);
      assertThat(histogram.percentile(percentile)).isBetween(exact, exact + exact / 128 + 1);
    }
    assertThat(histogram.percentile(0)).isLessThanOrEqualTo(all.getFirst());
  }

  @Test
  void cumulativeStepsDouble() {
    LatencyHistogram histogram = new LatencyHistogram();
    for (long micros : new long[] {0, 1, 2, 3, 30, 33, 500, 2_000_000}) {
      histogram.record(micros * 1000);
    }
    TreeMap<Long, Long> steps = new TreeMap<>();
    histogram.cumulative(steps::put);
    assertThat(steps)
        .isEqualTo(
            new TreeMap<>(
                java.util.Map.of(1L, 2L, 2L, 3L, 4L, 4L, 33L, 6L, 528L, 7L, 1_073_741L, 8L)));
  }

  @Test
  void monitorKeepsTheWorstOfEachSecond() {
    LatencyMonitor monitor = new LatencyMonitor();
    monitor.add("command", 5, 10, 1);
    monitor.add("command", 50, 0, 1);
    assertThat(monitor.events()).isEmpty();
    monitor.add("command", 10, 10, 1);
    monitor.add("command", 30, 10, 1);
    monitor.add("command", 20, 10, 1);
    monitor.add("command", 12, 10, 2);
    assertThat(monitor.event("command").samples())
        .containsExactly(new LatencyMonitor.Sample(1, 30), new LatencyMonitor.Sample(2, 12));
    for (int second = 3; second < 500; second++) {
      monitor.add("command", 10, 10, second);
    }
    assertThat(monitor.event("command").samples()).hasSize(160);
    assertThat(monitor.event("command").worstMs()).isEqualTo(30);
    assertThat(monitor.reset("nosuch")).isFalse();
    assertThat(monitor.reset("COMMAND")).isTrue();
    monitor.add("a", 10, 10, 1);
    assertThat(monitor.reset()).isEqualTo(1);
  }

  @Test
  void graphAndWords() {
    LatencyMonitor monitor = new LatencyMonitor();
    assertThat(LatencyReport.doctor(monitor, 0, 0, 0)).contains("monitoring is off");
    assertThat(LatencyReport.doctor(monitor, 10, 0, 0)).contains("no latency spike");
    monitor.add("command", 10, 10, 100);
    monitor.add("command", 60, 10, 130);
    monitor.add("command", 100, 10, 4000);
    assertThat(LatencyReport.graph("command", monitor.event("command"), 4005))
        .isEqualTo(
            "command - high 100 ms, low 10 ms (all time high 100 ms)\n"
                + "-".repeat(80)
                + "\n  #\n _|\n ||\n_||\n   \n115\nhhs\n");
    assertThat(LatencyReport.doctor(monitor, 10, -1, 4005))
        .contains("1. command: 3 latency spikes (average 56ms")
        .contains("slowlog-log-slower-than 10000");
  }

  @Test
  void rateIsTheGrowthPerSecond() {
    Rate rate = new Rate();
    for (int i = 0; i <= 40; i++) {
      rate.sample(i * 50L, i * 100L);
    }
    assertThat(rate.perSecond()).isEqualTo(500);
    rate.reset();
    assertThat(rate.perSecond()).isZero();
  }
}
