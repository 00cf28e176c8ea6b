package io.vigil.server;

/** The Sentinel: {@code bin/vigil-sentinel}. */
public final class SentinelMain {
  private SentinelMain() {}

  public static void main(String[] arguments) {
    ServerProcess.start(arguments, true);
  }
}
