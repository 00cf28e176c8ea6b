package io.vigil.core.session;

/** What INFO says of clients and their traffic since the start or the last CONFIG RESETSTAT. */
public final class SessionCounters {
  public long connectionsReceived;
  public long connectionsRejected;
  public long inputBytes;
  public long replicationInputBytes;

  /** Sent to clients that are gone by now. */
  public long departedOutputBytes;

  /** Sent to replicas and a primary that are gone by now. */
  public long departedReplicationOutputBytes;

  /** Times that bytes came in, and times that output was handed over. */
  public long reads;

  public long writes;
  public long outputLimitDisconnections;

  /** Zeroes every counter, as CONFIG RESETSTAT does. */
  public void reset() {
    connectionsReceived = 0;
    connectionsRejected = 0;
    inputBytes = 0;
    replicationInputBytes = 0;
    departedOutputBytes = 0;
    departedReplicationOutputBytes = 0;
    reads = 0;
    writes = 0;
    outputLimitDisconnections = 0;
  }

  /** Clients closed because a command failed in a way it never should: any is a bug. */
  public long unexpectedFailures;
}
