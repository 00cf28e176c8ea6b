package io.vigil.core.sentinel;

import io.vigil.core.resp.Reply;

/** An open or opening RESP connection to a monitored instance, as a Sentinel needs it. */
interface Peer {
  /**
   * Sends a command; {@code handler} gets its reply, in order. Never called once the connection has
   * closed.
   */
  void send(ReplyHandler handler, String... words);

  /** Closes without a call to {@link Events#closed}. */
  void close();

  /**
   * This side of an open connection, as {@code ip:port}: where the other side sees this Sentinel.
   */
  String localAddress();

  /** Takes one reply. */
  @FunctionalInterface
  interface ReplyHandler {
    void reply(Reply reply);
  }

  /** What happens to the connection. */
  interface Events {
    void opened();

    /** A published message arrived, on a connection that has subscribed. */
    void message(String channel, String payload);

    /** The connection is gone or could not be made; replies still owed will not come. */
    void closed(String reason);
  }

  /** Makes connections. */
  @FunctionalInterface
  interface Factory {
    Peer connect(String host, int port, Events events);
  }
}
