package io.vigil.core.session;

/** Who keeps a client blocked, and answers for it. */
public interface Waiter {
  /**
   * The time is up, or CLIENT UNBLOCK says so: writes the reply. The session is no longer blocked.
   */
  void timedOut();

  /** The client is gone, or was unblocked with an error: forget it. Nothing may be written. */
  void forget();
}
