package io.vigil.core.session;

/** What INFO says of clients and their traffic since the start or the last CONFIG RESETSTAT. */
public final class SessionCounters {
  public long connectionsReceived;
  public long connectionsRejected;
  public long inputBytes;
  public long replicationInputBytes;
  public long outputLimitDisconnections;
}
