package io.vigil.core.sentinel;

/**
 * Where an instance listens: a numeric address or host name, and a port. Addresses are attributes,
 * not identities.
 */
record Address(String host, int port) {
  boolean sameAs(String otherHost, int otherPort) {
    return port == otherPort && host.equalsIgnoreCase(otherHost);
  }

  @Override
  public String toString() {
    return host + " " + port;
  }
}
