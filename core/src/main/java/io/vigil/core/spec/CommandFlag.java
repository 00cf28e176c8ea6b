package io.vigil.core.spec;

/**
 * What a command does and where it may run. Flags with a wire name are shown by COMMAND INFO, in
 * the order of this enum; the others steer the dispatcher only.
 */
public enum CommandFlag {
  WRITE("write"),
  READONLY("readonly"),
  DENYOOM("denyoom"),
  ADMIN("admin"),
  PUBSUB("pubsub"),
  NOSCRIPT("noscript"),
  BLOCKING("blocking"),
  LOADING("loading"),
  STALE("stale"),
  SKIP_MONITOR("skip_monitor"),
  SKIP_SLOWLOG("skip_slowlog"),
  ASKING("asking"),
  FAST("fast"),
  NO_AUTH("no_auth"),
  NO_MANDATORY_KEYS("no_mandatory_keys"),
  NO_ASYNC_LOADING("no_async_loading"),
  NO_MULTI("no_multi"),
  MOVABLEKEYS("movablekeys"),
  ALLOW_BUSY("allow_busy"),

  /** May reach the replication stream without being a write: PUBLISH, scripts. */
  MAY_REPLICATE(null),
  /** Exists in a Sentinel too. */
  SENTINEL(null),
  /** Exists in a Sentinel only. */
  ONLY_SENTINEL(null),
  /** Needs a setting that allows it: DEBUG, MODULE. */
  PROTECTED(null),
  /** May touch keys that it does not name: FLUSHALL, SWAPDB, RANDOMKEY. */
  TOUCHES_ARBITRARY_KEYS(null),

  /**
   * Changes how later bytes of the connection are read or run: the burst re-reads its limits after
   * it.
   */
  BARRIER(null),
  /** Runs at once inside MULTI instead of being queued. */
  NOT_QUEUED(null),
  /** Runs the commands queued by MULTI, so that it is judged by their flags as well. */
  RUNS_QUEUE(null),
  /** Allowed while a RESP2 client is subscribed. */
  WHILE_SUBSCRIBED(null),
  /** Never enters the stream as itself: EXEC, whose effects do. */
  NOT_PROPAGATED(null);

  private final String wireName;

  CommandFlag(String wireName) {
    this.wireName = wireName;
  }

  /** Name in COMMAND INFO, or null when it is not shown. */
  public String wireName() {
    return wireName;
  }

  /** This flag in a set of flags. */
  public long mask() {
    return 1L << ordinal();
  }
}
