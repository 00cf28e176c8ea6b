package io.vigil.server;

import io.vigil.core.base.Version;

/** The picture that {@code always-show-logo} asks for; scripts look for the pid in it. */
final class Logo {
  private Logo() {}

  static String text(String mode, int port, long pid) {
    return "\n"
        + "   __      __\n"
        + "   \\ \\    / /     Vigil "
        + Version.VIGIL
        + ", as Redis "
        + Version.REDIS
        + " (00000000/0) 64 bit\n"
        + "    \\ \\  / / _\n"
        + "     \\ \\/ / (_)   Running in "
        + mode
        + " mode\n"
        + "      \\  /  | |   Port: "
        + port
        + "\n"
        + "       \\/   |_|   PID: "
        + pid
        + "\n"
        + "\n\n";
  }
}
