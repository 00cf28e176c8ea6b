package io.vigil.core.env;

import java.io.IOException;

/** Byte streams by events: listening, and connecting out. */
public interface Network {
  /**
   * Starts to accept connections.
   *
   * @throws IOException when the address cannot be bound; the message names it
   */
  Listener listen(ListenAddress address, Acceptor acceptor) throws IOException;

  /**
   * Starts a connection to a numeric address or host name. It never blocks: {@link
   * ConnectionEvents#opened} or {@link ConnectionEvents#closed} follows, never from inside this
   * call.
   */
  Connection connect(ConnectTarget target, ConnectionEvents events);

  /** Where to connect to; {@code bindAddress} is null for any source address. */
  record ConnectTarget(String host, int port, String bindAddress, long timeoutMs, boolean tls) {}

  /** Where to listen: an address and port, or a unix socket when {@code unixPath} is not null. */
  record ListenAddress(String host, int port, int acceptBacklog, String unixPath, int unixMode) {}

  /** Makes the handler of an accepted connection. */
  @FunctionalInterface
  interface Acceptor {
    /**
     * Returns the events handler of a new connection, or null to close it at once (after flushing
     * what was sent).
     */
    ConnectionEvents accepted(Connection connection);
  }

  /** A listening socket. */
  interface Listener {
    /** The bound port; 0 for a unix socket. */
    int port();

    /** Stops accepting; connections live on. */
    void close();
  }
}
