package io.vigil.transport;

import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.env.Network.Listener;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A listening socket of loop 0. When the process runs out of descriptors the kernel keeps saying
 * that a connection waits; accepting then pauses, so that the loop does not spin and what is
 * connected is served on.
 */
final class SocketListener implements Listener, EventLoop.Ready {
  private static final int ACCEPTS_PER_TURN = 1000;
  private static final long PAUSE_MS = 100;

  private final EventLoop loop;
  private final LoopChoice choice;
  private final TimerHeap timers;
  private final Log log;
  private final Acceptor acceptor;
  private final String unixPath;
  private final Runnable onClosed;
  private ServerSocketChannel channel;
  private SelectionKey key;
  private int port;
  private volatile boolean closed;
  private boolean refusesIpv6;

  /** Which loop the next connection belongs to. */
  interface LoopChoice {
    EventLoop next();
  }

  SocketListener(
      EventLoop loop,
      LoopChoice choice,
      TimerHeap timers,
      Log log,
      Acceptor acceptor,
      String unixPath,
      Runnable onClosed) {
    this.loop = loop;
    this.choice = choice;
    this.timers = timers;
    this.log = log;
    this.acceptor = acceptor;
    this.unixPath = unixPath;
    this.onClosed = onClosed;
  }

  void attach(ServerSocketChannel bound) throws IOException {
    channel = bound;
    port = unixPath != null ? 0 : bound.socket().getLocalPort();
    bound.configureBlocking(false);
    key = bound.register(loop.selector, SelectionKey.OP_ACCEPT, this);
    loop.wakeUp();
  }

  /** From before the start: the socket is one of both families, but only IPv4 was asked for. */
  void refuseIpv6() {
    refusesIpv6 = true;
  }

  /** IPv6 was asked for as well. */
  void admitIpv6() {
    refusesIpv6 = false;
  }

  @Override
  public void ready(SelectionKey ready) {
    for (int i = 0; i < ACCEPTS_PER_TURN && !closed; i++) {
      SocketChannel accepted;
      try {
        accepted = channel.accept();
      } catch (IOException e) {
        pause(e);
        return;
      }
      if (accepted == null) {
        return;
      }
      loop.enterCore();
      welcome(accepted);
      loop.exitCore();
    }
  }

  private void welcome(SocketChannel accepted) {
    StreamConnection connection = null;
    try {
      accepted.configureBlocking(false);
      if (refusesIpv6 && isIpv6(accepted)) {
        discard(accepted);
        return;
      }
      if (unixPath == null) {
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      connection = new StreamConnection(choice.next(), accepted, unixPath);
      ConnectionEvents handler = acceptor.accepted(connection);
      if (handler == null) {
        connection.refuse();
      } else {
        connection.start(handler);
      }
    } catch (IOException e) {
      // The peer went away between the accept and here.
      log.verbose("Error accepting a client connection: " + SystemErrors.reason(e));
      if (connection != null && connection.hasHandler()) {
        connection.close(SystemErrors.reason(e));
      } else {
        discard(accepted);
      }
    }
  }

  private static boolean isIpv6(SocketChannel accepted) throws IOException {
    return accepted.getRemoteAddress() instanceof InetSocketAddress peer
        && peer.getAddress() instanceof Inet6Address;
  }

  private void discard(SocketChannel accepted) {
    try {
      accepted.close();
    } catch (IOException e) {
      log.verbose("Error closing a refused connection: " + SystemErrors.reason(e));
    }
  }

  private void pause(IOException reason) {
    loop.enterCore();
    if (!closed) { // Another loop may close it at any time; that is no error.
      log.warning("Accepting client connection: " + SystemErrors.reason(reason));
      SelectionKey paused = key;
      paused.interestOps(0);
      timers.schedule(PAUSE_MS, () -> resume(paused));
    }
    loop.exitCore();
  }

  private void resume(SelectionKey paused) {
    if (!closed && paused.isValid()) {
      paused.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
      loop.releaseClosed();
    } catch (IOException e) {
      log.warning("Error closing a listening socket: " + SystemErrors.reason(e));
    }
    onClosed.run();
  }
}
