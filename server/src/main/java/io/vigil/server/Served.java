package io.vigil.server;

import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.node.ShutdownSequence;

/** What a process serves: a node with data, or a Sentinel. Called in the core. */
interface Served {
  /** {@code standalone} or {@code sentinel}. */
  String mode();

  /** Takes new connections. */
  Acceptor acceptor();

  /** The letter of log lines. */
  char role();

  /** Its part in the end of the process. */
  ShutdownSequence.Owner owner(Runnable stopListening);

  /**
   * Begins its work once the sockets are open: loads data, starts timers. {@code ready} is called
   * when it can serve in full.
   */
  void start(ShutdownSequence shutdown, Runnable ready);
}
