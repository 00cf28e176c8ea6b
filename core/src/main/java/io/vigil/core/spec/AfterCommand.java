package io.vigil.core.spec;

/** What happens after each handler: statistics, slow log, monitors, propagation. */
public interface AfterCommand {
  /** {@code durationNanos} is the time the handler took. */
  void after(CommandContext context, long durationNanos);
}
