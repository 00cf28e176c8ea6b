package io.vigil.core.spec;

/**
 * One reason for which a command may be refused. Guards stand in a list; the first that refuses
 * wins.
 */
public interface Guard {
  /** True when this guard can ever refuse {@code spec}: the others never ask it. */
  boolean concerns(CommandSpec spec);

  /**
   * Null to let the command pass. {@code flags} are those of the command, or of the whole queue for
   * EXEC.
   */
  Refusal check(CommandContext context, long flags);
}
