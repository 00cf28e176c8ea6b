package io.vigil.cli.up;

import io.vigil.cli.client.Address;
import java.nio.file.Path;

/**
 * A process of the group.
 *
 * @param kind what it is
 * @param port where it listens, on loopback
 * @param directory its own folder
 */
record Member(Kind kind, int port, Path directory) {
  static final String HOST = "127.0.0.1";

  enum Kind {
    NODE,
    SENTINEL
  }

  Path configuration() {
    return directory.resolve(kind == Kind.NODE ? "vigil.conf" : "sentinel.conf");
  }

  Path log() {
    return directory.resolve(kind == Kind.NODE ? "server.log" : "sentinel.log");
  }

  Address address() {
    return new Address.Tcp(HOST, port);
  }

  boolean isNode() {
    return kind == Kind.NODE;
  }

  @Override
  public String toString() {
    return isNode() ? "node " + port : "sentinel " + port;
  }
}
