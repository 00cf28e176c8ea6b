package io.vigil.core.observe;

import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.ConfigRewriter;
import io.vigil.core.observe.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** Everything that one node observes of itself, in one place, for the commands that show it. */
public final class Observations {
  public final ConfigRegistry config;
  public final Settings settings;
  public final InfoRegistry info;
  public final Stats stats = new Stats();
  public final ErrorStats errors = new ErrorStats();
  public final CommandStats commands = new CommandStats();
  public final SlowLog slowLog = new SlowLog();
  public final LatencyMonitor latency = new LatencyMonitor();
  public final StepTimes steps = new StepTimes();

  private final List<Runnable> resets = new ArrayList<>();

  /** Path of the program, for INFO; empty when unknown. */
  public String executable = "";

  private ConfigRewriter rewriter;

  public Observations(ConfigRegistry config, InfoRegistry info) {
    this.config = config;
    this.settings = config.settings();
    this.info = info;
  }

  /** A round of deleting keys past their deadline took {@code nanos}. */
  public void expireCycle(long nanos, long wallSeconds) {
    stats.expireCycleMicros += nanos / 1000;
    long thresholdMs = settings.latencyMonitorThresholdMs.get();
    latency.add("expire-cycle", nanos / 1_000_000, thresholdMs, wallSeconds);
  }

  /** What CONFIG REWRITE writes with; null for a node without a configuration file. */
  public ConfigRewriter rewriter() {
    return rewriter;
  }

  public void rewriter(ConfigRewriter value) {
    rewriter = value;
  }

  /** Calls {@code reset} at CONFIG RESETSTAT, for counters that a subsystem keeps itself. */
  public void onReset(Runnable reset) {
    resets.add(reset);
  }

  /** Zeroes every counter. */
  public void reset() {
    stats.reset();
    errors.reset();
    commands.reset();
    steps.reset();
    resets.forEach(Runnable::run);
  }
}
