package io.vigil.core.session;

/** What the configuration says of clients: plain values that the node keeps up to date. */
public final class SessionLimits {
  /** {@code maxclients}. */
  public int maxClients = 10000;

  /** {@code timeout}: seconds after which an idle client is closed; 0 for never. */
  public long idleTimeoutSeconds;

  /** {@code tcp-keepalive}, in seconds; 0 turns it off. */
  public int keepAliveSeconds = 300;

  /** {@code client-query-buffer-limit}. */
  public long queryBufferBytes = 1024L * 1024 * 1024;

  /** {@code proto-max-bulk-len}. */
  public long maxBulkBytes = 512L * 1024 * 1024;

  /** {@code protected-mode}. */
  public boolean protectedMode = true;

  /** {@code requirepass}; empty when the default user has no password. */
  public String password = "";

  /** {@code repl-backlog-size}: a replica's hard limit is never below it. */
  public long backlogBytes = 1024 * 1024;

  private final OutputLimits[] output = {
    OutputLimits.NONE,
    new OutputLimits(256L * 1024 * 1024, 64L * 1024 * 1024, 60),
    new OutputLimits(32L * 1024 * 1024, 8L * 1024 * 1024, 60)
  };

  /** The limits of {@code type}; a primary counts as a normal client. */
  public OutputLimits output(ClientType type) {
    return output[type == ClientType.PRIMARY ? 0 : type.ordinal()];
  }

  public void output(ClientType type, OutputLimits limits) {
    output[type.ordinal()] = limits;
  }
}
