package io.vigil.core.sentinel;

/** Configuration of a Sentinel that belongs to no group. Null stands for "not set". */
final class SentinelSettings {
  String announceIp;
  int announcePort;
  boolean denyScriptsReconfig = true;
  boolean resolveHostnames;
  boolean announceHostnames;
  String sentinelUser;
  String sentinelPassword;

  /**
   * {@code requirepass} of this Sentinel: the others are taken to have the same unless told
   * otherwise.
   */
  String requiredPassword;

  /** The port this Sentinel listens on, and the address others reach it at as far as it knows. */
  int listenPort;

  String localHost = "127.0.0.1";

  String announcedHost() {
    return announceIp != null ? announceIp : localHost;
  }

  int announcedPort() {
    return announcePort != 0 ? announcePort : listenPort;
  }
}
