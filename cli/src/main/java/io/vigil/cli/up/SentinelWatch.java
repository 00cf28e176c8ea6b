package io.vigil.cli.up;

import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Listens to the events a Sentinel publishes, across its restarts. Ends with its thread's
 * interruption.
 */
final class SentinelWatch implements Runnable {
  private static final int RETRY_MS = 200;

  private final Member sentinel;
  private final Admin admin;
  private final Consumer<Event> events;
  private volatile RedisConnection connection;
  private volatile boolean stopped;

  SentinelWatch(Member sentinel, Admin admin, Consumer<Event> events) {
    this.sentinel = sentinel;
    this.admin = admin;
    this.events = events;
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        listen();
        Thread.sleep(RETRY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    try (RedisConnection current = admin.connect(sentinel, 0)) {
      connection = current;
      String runId = current.call("SENTINEL", "MYID").text();
      if (runId != null) {
        events.accept(new Event.Identified(sentinel, runId));
      }
      current.send(List.of("PSUBSCRIBE".getBytes(StandardCharsets.US_ASCII), new byte[] {'*'}));
      while (!stopped) {
        List<Reply> message = current.read().elements();
        if (message.size() == 4 && "pmessage".equals(message.getFirst().text())) {
          events.accept(
              new Event.Published(sentinel, message.get(2).text(), message.get(3).text()));
        }
      }
    } catch (IOException e) {
      connection = null; // it is down; it is asked again after a moment
    }
  }

  void stop() {
    stopped = true;
    RedisConnection current = connection;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        connection = null; // closing is all that was wanted
      }
    }
  }
}
