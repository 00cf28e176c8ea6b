package io.vigil.server;

/** The server: {@code bin/vigil-server}. */
public final class ServerMain {
  private ServerMain() {}

  public static void main(String[] arguments) {
    ServerProcess.start(arguments);
  }
}
