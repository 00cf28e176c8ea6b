package io.vigil.cli.up;

import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import io.vigil.core.base.Ascii;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Listens to the events that a Sentinel publishes, as long as its process lives. A connection that
 * breaks before is made anew after a moment.
 */
final class SentinelWatch implements Runnable {
  private static final Duration RETRY = Duration.ofMillis(500);

  private final MemberProcess process;
  private final Member sentinel;
  private final Admin admin;
  private final Consumer<Event> events;
  private volatile RedisConnection connection;
  private volatile boolean stopped;

  SentinelWatch(MemberProcess process, Admin admin, Consumer<Event> events) {
    this.process = process;
    this.sentinel = process.member();
    this.admin = admin;
    this.events = events;
  }

  @Override
  public void run() {
    try {
      do {
        listen();
      } while (!stopped && !process.endsWithin(RETRY));
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
      current.send(List.of(Ascii.bytes("PSUBSCRIBE"), new byte[] {'*'}));
      while (!stopped) {
        List<Reply> message = current.read().elements();
        if (message.size() == 4 && "pmessage".equals(message.getFirst().text())) {
          events.accept(
              new Event.Published(sentinel, message.get(2).text(), message.get(3).text()));
        }
      }
    } catch (IOException e) {
      connection = null; // it is down, or about to be
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
