package io.vigil.core.sentinel;

import io.vigil.core.env.Network;
import io.vigil.core.env.Network.ConnectTarget;
import io.vigil.core.link.RespLink;

/** A {@link Peer} over a real link. */
final class LinkPeer implements Peer {
  private static final long CONNECT_TIMEOUT_MS = 5_000;

  private final RespLink link;

  private LinkPeer(RespLink link) {
    this.link = link;
  }

  static Peer connect(Network network, String host, int port, Events events) {
    ConnectTarget target = new ConnectTarget(host, port, null, CONNECT_TIMEOUT_MS, false);
    return new LinkPeer(RespLink.connect(network, target, new Adapter(events)));
  }

  @Override
  public void send(ReplyHandler handler, String... words) {
    link.send(handler::reply, words);
  }

  @Override
  public void close() {
    link.close();
  }

  @Override
  public String localAddress() {
    return link.localAddress();
  }

  /** Passes events on. */
  private record Adapter(Events events) implements RespLink.Events {
    @Override
    public void opened() {
      events.opened();
    }

    @Override
    public void message(String channel, String payload) {
      events.message(channel, payload);
    }

    @Override
    public void closed(String reason) {
      events.closed(reason);
    }
  }
}
