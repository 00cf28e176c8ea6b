package io.vigil.cli.up;

import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Short questions to members, each on a connection of its own that waits no longer than a moment.
 */
final class Admin {
  static final String MASTER_NAME = "mymaster";
  private static final int TIMEOUT_MS = 1000;

  private final String password;

  /**
   * Remembers how to authenticate.
   *
   * @param password of every member, or null
   */
  Admin(String password) {
    this.password = password;
  }

  /** An authenticated connection whose reads wait at most the given time (0: for ever). */
  RedisConnection connect(Member member, int timeoutMs) throws IOException {
    RedisConnection connection = RedisConnection.open(member.address(), timeoutMs);
    if (password != null && connection.call("AUTH", password) instanceof Reply.Failure failure) {
      connection.close();
      throw new IOException("AUTH failed: " + failure.text());
    }
    return connection;
  }

  /** True if the member answers PING, be it with an error such as LOADING. */
  boolean answers(Member member) {
    try (RedisConnection connection = connect(member, TIMEOUT_MS)) {
      connection.call("PING");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The fields of all sections of a node's INFO; empty if it does not answer. */
  Map<String, String> info(Member node) {
    Map<String, String> fields = new HashMap<>();
    try (RedisConnection connection = connect(node, TIMEOUT_MS)) {
      String text = connection.call("INFO").text();
      for (String line : text == null ? new String[0] : text.split("\r\n")) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1));
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    return fields;
  }

  /** The port of the primary that the first answering Sentinel names, 0 if none answers. */
  int primaryPort(List<Member> sentinels) {
    for (Member sentinel : sentinels) {
      try (RedisConnection connection = connect(sentinel, TIMEOUT_MS)) {
        Reply reply = connection.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        if (reply.elements().size() == 2) {
          return Integer.parseInt(reply.elements().get(1).text());
        }
      } catch (IOException e) {
        continue; // it is down: the next one may know
      }
    }
    return 0;
  }
}
