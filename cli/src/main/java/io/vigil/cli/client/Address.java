package io.vigil.cli.client;

/** Where a server listens. */
public sealed interface Address {

  /**
   * A host name or literal, and a TCP port. Prints as a prompt shows it, with brackets around an
   * IPv6 literal.
   */
  record Tcp(String host, int port) implements Address {
    @Override
    public String toString() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /** The path of a unix socket. */
  record Unix(String path) implements Address {
    @Override
    public String toString() {
      return path;
    }
  }
}
