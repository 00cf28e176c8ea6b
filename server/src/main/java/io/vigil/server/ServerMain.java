package io.vigil.server;

/** The server: {@code bin/vigil-server}; with {@code --sentinel}, a Sentinel. */
public final class ServerMain {
  private ServerMain() {}

  public static void main(String[] arguments) {
    ServerProcess.start(arguments, false);
  }
}
