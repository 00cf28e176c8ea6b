package io.vigil.server;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Signals of the process. A shutdown hook would not do: SIGTERM may be refused (the data set cannot
 * be saved) and the process must then live on and take the next one.
 */
final class Signals {
  private Signals() {}

  /** Told of SIGTERM and SIGINT, on a thread of its own. */
  interface OnShutdown {
    void requested(boolean interrupt);
  }

  static void install(OnShutdown onShutdown) {
    Signal.handle(new Signal("TERM"), _ -> onShutdown.requested(false));
    Signal.handle(new Signal("INT"), _ -> onShutdown.requested(true));
    Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
  }
}
