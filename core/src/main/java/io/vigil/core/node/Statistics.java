package io.vigil.core.node;

import io.vigil.core.command.common.Invocation;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.session.Session;
import io.vigil.core.spec.AfterCommand;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.CommandContext;
import io.vigil.core.spec.CommandFlag;

/** Counts and times commands: INFO commandstats, the slow log and latency events. */
final class Statistics implements AfterCommand {
  private final Observations observed;
  private final Settings settings;
  private final CommandClock clock;

  Statistics(Observations observed, CommandClock clock) {
    this.observed = observed;
    this.settings = observed.settings;
    this.clock = clock;
  }

  /** A command was refused before it ran. */
  void rejected(Command command) {
    observed.commands.rejected(command.id());
  }

  /** A command that waited for keys was given what it waited for. */
  void served(Invocation invocation, long nanos) {
    long micros = nanos / 1000;
    observed.commands.served(
        invocation.command().id(),
        micros,
        invocation.takeFailure(),
        settings.latencyTracking.get());
    if (isSlow(micros)) {
      logSlow(invocation, micros);
    }
    addLatency("command-unblocking", micros);
  }

  /** CLIENT UNBLOCK ended the wait of a command, which counts as its failure. */
  void cutShort(Command command) {
    observed.commands.failed(command.id());
  }

  @Override
  public void after(CommandContext context, long durationNanos) {
    Invocation invocation = (Invocation) context;
    long micros = durationNanos / 1000;
    // One that waits has not been answered yet: its time is told when it is served.
    boolean waits = invocation.session().isBlocked();
    observed.stats.commands++;
    observed.commands.called(
        invocation.command().id(),
        micros,
        invocation.takeFailure(),
        settings.latencyTracking.get() && !waits);
    if (waits) {
      return;
    }
    if (isSlow(micros)) {
      logSlow(invocation, micros);
    }
    addLatency(invocation.spec().has(CommandFlag.FAST) ? "fast-command" : "command", micros);
  }

  private boolean isSlow(long micros) {
    long slowMicros = settings.slowlogLogSlowerThanMicros.get();
    return slowMicros >= 0 && micros >= slowMicros;
  }

  private void addLatency(String event, long micros) {
    long thresholdMs = settings.latencyMonitorThresholdMs.get();
    if (thresholdMs > 0 && micros / 1000 >= thresholdMs) {
      observed.latency.add(event, micros / 1000, thresholdMs, clock.wallMs() / 1000);
    }
  }

  private void logSlow(Invocation invocation, long micros) {
    if (invocation.spec().has(CommandFlag.SKIP_SLOWLOG)) {
      return;
    }
    Session session = invocation.session();
    observed.slowLog.add(
        invocation.arguments(),
        invocation::isRedacted,
        clock.wallMs() / 1000,
        micros,
        session.connection().remoteAddress(),
        session.name() == null ? "" : session.name().toString(),
        settings.slowlogMaxLen.get());
  }
}
