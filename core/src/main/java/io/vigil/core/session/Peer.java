package io.vigil.core.session;

/** What a connection has become that is more than a client's: a replica of ours. */
public interface Peer {
  ClientType type();

  /**
   * Bytes of shared blocks that this peer keeps from being freed, and their number: for output
   * limits and CLIENT LIST.
   */
  long heldBytes();

  int heldBlocks();

  /** False while something else than the output limits bounds what waits for this peer. */
  default boolean isLimited() {
    return true;
  }

  /** Everything appended to the connection has been written: more may follow. */
  void drained();

  /** The connection is gone. */
  void closed(String reason);
}
