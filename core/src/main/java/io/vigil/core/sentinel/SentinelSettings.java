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

  /** The port this Sentinel listens on. */
  int listenPort;

  int announcedPort() {
    return announcePort != 0 ? announcePort : listenPort;
  }
}
