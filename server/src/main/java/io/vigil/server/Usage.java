package io.vigil.server;

import io.vigil.core.base.Version;

/** What the options that only print something say. */
final class Usage {
  private static final String TEXT =
      """
      Usage: ./redis-server [/path/to/redis.conf] [options] [-]
             ./redis-server - (read config from stdin)
             ./redis-server -v or --version
             ./redis-server -h or --help

      Examples:
             ./redis-server (run the server with default conf)
             echo 'maxmemory 128mb' | ./redis-server -
             ./redis-server /etc/redis/6379.conf
             ./redis-server --port 7777
             ./redis-server --port 7777 --replicaof 127.0.0.1 8888
             ./redis-server /etc/myredis.conf --loglevel verbose -
             ./redis-server /etc/myredis.conf --loglevel verbose

      Sentinel mode:
             ./redis-server /etc/sentinel.conf --sentinel
      """;

  private Usage() {}

  /** The status to exit with when {@code arguments} only ask for a text, else -1. */
  static int answer(String[] arguments) {
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "-v", "--version" -> {
        System.out.println(
            "Redis server v="
                + Version.REDIS
                + " sha=00000000:0 malloc=vigil-"
                + Version.VIGIL
                + " bits=64 build=0");
        System.out.println(Version.line());
        return 0;
      }
      case "-h", "--help" -> {
        System.err.print(TEXT);
        return 1;
      }
      case "--test-memory", "--check-system" -> {
        System.err.println(
            "The option "
                + arguments[0]
                + " is not supported: Vigil runs in a JVM and cannot test the machine's memory or"
                + " kernel. Start redis-server with it instead.");
        return 1;
      }
      default -> {
        return -1;
      }
    }
  }
}
