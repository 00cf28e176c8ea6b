package io.vigil.core.node;

import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.env.Network.ListenAddress;
import io.vigil.core.env.Network.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets that a node accepts clients on: one per {@code bind} address on one port, and perhaps
 * a unix socket. Addresses, port and texts are as in Redis: a leading dash marks an address that
 * may be missing on this machine, and an address family that the machine lacks is passed over.
 */
public final class Listeners {
  private final Network network;
  private final Log log;
  private final Acceptor acceptor;
  private List<Listener> tcp = new ArrayList<>();
  private List<String> addresses = List.of();
  private int port;
  private Listener unix;

  public Listeners(Network network, Log log, Acceptor acceptor) {
    this.network = network;
    this.log = log;
    this.acceptor = acceptor;
  }

  /**
   * Listens on {@code port} of every address, all or none; false when one cannot be bound, which
   * has been logged. Port 0 means none, and so do no addresses.
   */
  public boolean listenTcp(List<String> newAddresses, int newPort, int backlog) {
    List<Listener> opened = new ArrayList<>();
    if (newPort != 0) {
      for (String address : newAddresses) {
        if (!listenOn(address, newPort, backlog, opened)) {
          opened.forEach(Listener::close);
          return false;
        }
      }
    }
    tcp = opened;
    addresses = List.copyOf(newAddresses);
    port = newPort;
    return true;
  }

  private boolean listenOn(String address, int port, int backlog, List<Listener> opened) {
    boolean optional = address.startsWith("-");
    String host = optional ? address.substring(1) : address;
    try {
      opened.add(network.listen(new ListenAddress(host, port, backlog, null, 0), acceptor));
      return true;
    } catch (IOException e) {
      log.warning("Warning: " + e.getMessage());
      return mayBeMissing(e.getMessage(), optional);
    }
  }

  private static boolean mayBeMissing(String reason, boolean optional) {
    return reason.contains("not supported")
        || (optional && reason.endsWith("Cannot assign requested address"));
  }

  /**
   * Listens elsewhere from now on: CONFIG SET of {@code port} or {@code bind}. On failure, which
   * has been logged, everything stays as it was. Connections live on.
   */
  public boolean moveTcp(List<String> newAddresses, int newPort, int backlog) {
    List<Listener> before = tcp;
    if (newPort != port) {
      if (!listenTcp(newAddresses, newPort, backlog)) {
        return false;
      }
      before.forEach(Listener::close);
      return true;
    }
    // On the same port the old sockets stand in the way of the new ones.
    before.forEach(Listener::close);
    if (listenTcp(newAddresses, newPort, backlog)) {
      return true;
    }
    listenTcp(addresses, port, backlog);
    return false;
  }

  /**
   * Listens on a unix socket; {@code mode} 0 leaves its permissions to the system. False when it
   * cannot be made, which has been logged.
   */
  public boolean listenUnix(String path, int mode, int backlog) {
    try {
      unix = network.listen(new ListenAddress(null, 0, backlog, path, mode), acceptor);
      return true;
    } catch (IOException e) {
      log.warning(e.getMessage());
      return false;
    }
  }

  /** Sockets on TCP. */
  public int tcpCount() {
    return tcp.size();
  }

  public boolean hasUnix() {
    return unix != null;
  }

  /** Stops accepting; the file of the unix socket goes. */
  public void close() {
    tcp.forEach(Listener::close);
    tcp = new ArrayList<>();
    if (unix != null) {
      unix.close();
      unix = null;
    }
  }
}
