package io.vigil.it;

import io.vigil.cli.client.Address;
import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import java.io.IOException;

/** Single questions to a server on loopback, each on a connection of its own. */
final class Resp {
  private static final int TIMEOUT_MS = 5000;

  private Resp() {}

  /** Asks; an error is a reply as any other. */
  static Reply ask(int port, String... words) throws IOException {
    try (RedisConnection connection = open(port)) {
      return connection.call(words);
    }
  }

  /** Asks with a password; null for none. */
  static Reply askWith(String password, int port, String... words) throws IOException {
    try (RedisConnection connection = open(port)) {
      if (password != null) {
        connection.call("AUTH", password);
      }
      return connection.call(words);
    }
  }

  /** The text of a reply. */
  static String text(int port, String... words) throws IOException {
    return ask(port, words).text();
  }

  /** A field of a node's INFO, "" if it is not there. */
  static String info(int port, String field) throws IOException {
    return field(text(port, "INFO", "everything"), field);
  }

  static String field(String info, String field) {
    for (String line : info.split("\r\n")) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    return "";
  }

  private static RedisConnection open(int port) throws IOException {
    return RedisConnection.open(new Address.Tcp("127.0.0.1", port), TIMEOUT_MS);
  }
}
