package io.vigil.core.session;

/** Why a client waits. */
public enum BlockedReason {
  /** Clients are paused; the command starts over afterwards. */
  POSTPONED,
  /** A blocking command waits for data in a key. */
  KEYS,
  /** WAIT for acknowledgements of replicas. */
  WAIT,
  /** A command waits for work outside the core, such as a disk or a connection. */
  WORK,
  /** SHUTDOWN waits for replicas. */
  SHUTDOWN
}
