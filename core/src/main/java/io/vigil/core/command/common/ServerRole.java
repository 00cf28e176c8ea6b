package io.vigil.core.command.common;

/** What commands without data ask of the node they run in. */
public interface ServerRole {
  /** The role as HELLO says it: {@code master} or {@code replica}. */
  String roleName();

  /** The mode as HELLO says it: {@code standalone}, {@code sentinel} or {@code cluster}. */
  String mode();

  /** Number of databases; 1 where there are no data. */
  int databases();

  /** Refuses nothing less than a shutdown: see the SHUTDOWN command. */
  void shutdown(ShutdownRequest request, Invocation invocation);
}
