package io.vigil.transport;

import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Dns;
import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import io.vigil.core.env.Timers;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * TCP and unix sockets of the JDK.
 *
 * <p>An IPv6 socket of the JDK always serves IPv4 as well, so {@code *} and {@code ::*} on one port
 * cannot both be bound as Redis binds them. So {@code *} is a socket on {@code ::} that turns IPv6
 * peers away until {@code ::*} is asked for too: nobody who connects in between is cut off, as they
 * would be if one socket replaced the other. {@code ::*} alone also answers on IPv4.
 */
final class SocketNetwork implements Network {
  private final EventLoop[] loops;
  private final TimerHeap timers;
  private final Dns dns;
  private final Host host;
  private final Log log;

  /** Listeners on {@code *}, by port: those that an IPv6 wildcard must merge with. */
  private final Map<Integer, SocketListener> wildcards = new HashMap<>();

  private int nextLoop;

  SocketNetwork(EventLoop[] loops, TimerHeap timers, Dns dns, Host host, Log log) {
    this.loops = loops;
    this.timers = timers;
    this.dns = dns;
    this.host = host;
    this.log = log;
  }

  private EventLoop chooseLoop() {
    EventLoop chosen = loops[nextLoop];
    nextLoop = (nextLoop + 1) % loops.length;
    return chosen;
  }

  @Override
  public Listener listen(ListenAddress address, Acceptor acceptor) throws IOException {
    return address.unixPath() != null
        ? listenUnix(address, acceptor)
        : listenTcp(address, acceptor);
  }

  private Listener listenTcp(ListenAddress address, Acceptor acceptor) throws IOException {
    String name = address.host();
    boolean anyIpv6 = name.equals("::*") || name.equals("::");
    try {
      InetAddress bindTo = bindAddress(name, anyIpv6);
      SocketListener merged = anyIpv6 ? wildcards.get(address.port()) : null;
      if (merged != null) {
        merged.admitIpv6();
        return new SharedListener(merged.port());
      }
      SocketListener listener = listener(acceptor, null, () -> wildcards.remove(address.port()));
      if (name.equals("*") && hasIpv6()) {
        listener.refuseIpv6();
        listener.attach(bind(InetAddress.ofLiteral("::"), address));
        wildcards.put(listener.port(), listener);
      } else {
        listener.attach(bind(bindTo, address));
      }
      return listener;
    } catch (IOException e) {
      throw new IOException(
          "Could not create server TCP listening socket "
              + Addresses.join(name, address.port()).replace("[::*]", "::*")
              + ": "
              + SystemErrors.reason(e),
          e);
    }
  }

  private static InetAddress bindAddress(String name, boolean anyIpv6) throws IOException {
    if (anyIpv6) {
      return InetAddress.ofLiteral("::");
    }
    if (name.equals("*") || name.isEmpty()) {
      return InetAddress.ofLiteral("0.0.0.0");
    }
    InetAddress literal = Addresses.literal(name);
    if (literal != null) {
      return literal;
    }
    try {
      return InetAddress.getByName(name);
    } catch (IOException e) {
      throw new IOException("Name or service not known", e);
    }
  }

  private static boolean hasIpv6() throws IOException {
    try (ServerSocketChannel probe = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
      return probe.isOpen();
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  private static ServerSocketChannel bind(InetAddress bindTo, ListenAddress address)
      throws IOException {
    ServerSocketChannel channel = open(bindTo);
    try {
      channel.bind(new InetSocketAddress(bindTo, address.port()), address.acceptBacklog());
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException("bind: " + SystemErrors.reason(e), e);
    }
  }

  private static ServerSocketChannel open(InetAddress bindTo) throws IOException {
    try {
      return ServerSocketChannel.open(
          bindTo instanceof Inet4Address
              ? StandardProtocolFamily.INET
              : StandardProtocolFamily.INET6);
    } catch (UnsupportedOperationException e) {
      throw new IOException("socket: Address family not supported by protocol", e);
    }
  }

  private SocketListener listener(Acceptor acceptor, String unixPath, Runnable onClosed) {
    return new SocketListener(
        loops[0], this::chooseLoop, timers, log, acceptor, unixPath, onClosed);
  }

  /**
   * Takes the place of whatever file is there, as Redis does. The socket is bound in a folder that
   * only we may enter, given its mode, and then moved, so that nobody ever sees it with another.
   */
  private Listener listenUnix(ListenAddress address, Acceptor acceptor) throws IOException {
    Path path = SystemHost.resolve(host, address.unixPath());
    ServerSocketChannel channel = null;
    try {
      Files.deleteIfExists(path);
      channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      if (address.unixMode() == 0) {
        channel.bind(UnixDomainSocketAddress.of(path), address.acceptBacklog());
      } else {
        bindWithMode(channel, path, address);
      }
    } catch (IOException e) {
      if (channel != null) {
        channel.close();
      }
      throw new IOException(
          "Failed opening Unix socket " + address.unixPath() + ": bind: " + SystemErrors.reason(e),
          e);
    }
    SocketListener listener = listener(acceptor, address.unixPath(), () -> deleteSocketFile(path));
    listener.attach(channel);
    return listener;
  }

  private static void bindWithMode(ServerSocketChannel channel, Path path, ListenAddress address)
      throws IOException {
    Path folder =
        Files.createTempDirectory(
            path.toAbsolutePath().getParent(),
            ".v",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path temporary = folder.resolve("s");
    try {
      channel.bind(UnixDomainSocketAddress.of(temporary), address.acceptBacklog());
      Files.setPosixFilePermissions(temporary, permissions(address.unixMode()));
      Files.move(temporary, path);
    } finally {
      Files.deleteIfExists(temporary);
      Files.delete(folder);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] byBit = PosixFilePermission.values(); // owner read first, others' x last
    Set<PosixFilePermission> permissions = new HashSet<>();
    for (int i = 0; i < byBit.length; i++) {
      if ((mode & 0400 >> i) != 0) {
        permissions.add(byBit[i]);
      }
    }
    return permissions;
  }

  private void deleteSocketFile(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warning("Error removing the unix socket file: " + SystemErrors.reason(e));
    }
  }

  @Override
  public Connection connect(ConnectTarget target, ConnectionEvents events) {
    EventLoop loop = loops[0];
    StreamConnection connection =
        new StreamConnection(loop, Addresses.join(target.host(), target.port()), events);
    // Nothing may be reported from inside this call, hence the turn in between.
    loop.execute(() -> resolve(connection, target));
    return connection;
  }

  private void resolve(StreamConnection connection, ConnectTarget target) {
    if (!connection.isConnecting()) {
      return;
    }
    if (target.tls()) {
      connection.close("TLS is not supported yet");
      return;
    }
    if (target.timeoutMs() > 0) {
      Timers.Timer timer = timers.schedule(target.timeoutMs(), () -> timeOut(connection));
      connection.onClosed(timer::cancel);
    }
    dns.resolve(target.host(), (address, error) -> begin(connection, target, address, error));
  }

  private static void timeOut(StreamConnection connection) {
    if (connection.isConnecting()) {
      connection.close("Connection timed out");
    }
  }

  private static void begin(
      StreamConnection connection, ConnectTarget target, String address, String error) {
    if (!connection.isConnecting()) {
      return;
    }
    if (address == null) {
      connection.close(error);
      return;
    }
    InetAddress remote = InetAddress.ofLiteral(address);
    try {
      SocketChannel channel =
          SocketChannel.open(
              remote instanceof Inet4Address
                  ? StandardProtocolFamily.INET
                  : StandardProtocolFamily.INET6);
      connection.attach(
          channel, new InetSocketAddress(remote, target.port()), target.bindAddress());
    } catch (IOException e) {
      connection.close(SystemErrors.reason(e));
    }
  }

  /** The IPv6 half of a listener that serves both families. */
  private record SharedListener(int port) implements Listener {
    @Override
    public void close() {
      // The socket belongs to the IPv4 half.
    }
  }
}
