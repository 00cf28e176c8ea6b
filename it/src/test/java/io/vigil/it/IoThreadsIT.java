package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.resp.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of four event loops. Connections are dealt to the loops in turn, so clients that follow
 * each other live on different ones, and whatever one of them causes for another crosses the
 * boundary between two threads: published messages, what MONITOR shows, a kill, the end of a pause.
 *
 * <p>A wake-up that is lost shows as a client that waits for ever, which its socket's timeout of
 * ten seconds turns into a failure.
 */
class IoThreadsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path folder;

  private ExecutorService threads;
  private DataNode server;

  @BeforeEach
  void start() throws IOException {
    threads = Executors.newCachedThreadPool();
    server = DataNode.ours(folder, "--io-threads", "4", "--save", "");
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
  }

  private static void await(List<Future<Void>> running) throws Exception {
    for (Future<Void> each : running) {
      try {
        each.get(120, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause().toString(), e.getCause());
      }
    }
  }

  private static Client subscriber(int port, String... channels) throws IOException {
    Client client = new Client(port);
    for (String channel : channels) {
      assertThat(client.call("SUBSCRIBE", channel)).startsWith("[subscribe, " + channel);
    }
    return client;
  }

  // ---- everything at once

  @Test
  void everyReplyIsRightAndInOrderWhileEverybodyIsBusy() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    String big = "big value ".repeat(300_000);
    assertThat(server.call("SET", "big", big)).isEqualTo("OK"); // before MONITOR could show it
    List<Future<Void>> readers = new ArrayList<>();
    List<Future<Void>> workers = new ArrayList<>();
    int messages = 4_000;
    for (int i = 0; i < 4; i++) {
      Client client = subscriber(server.port(), "news:0", "news:1");
      readers.add(threads.submit(() -> readNews(client, messages)));
    }
    Client monitor = new Client(server.port());
    assertThat(monitor.call("MONITOR")).isEqualTo("OK");
    readers.add(threads.submit(() -> watch(monitor, messages)));
    for (int i = 0; i < 2; i++) {
      String channel = "news:" + i;
      workers.add(threads.submit(() -> publish(channel, messages)));
    }
    List<Future<Void>> background = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      background.add(threads.submit(() -> pipeline(number, ended)));
    }
    for (int i = 0; i < 3; i++) {
      background.add(threads.submit(() -> transactions(ended)));
    }
    background.add(threads.submit(() -> killOthers(ended)));
    background.add(threads.submit(() -> readSlowly(big)));
    await(workers);
    await(readers);
    ended.set(true);
    await(background);
    assertThat(server.call("GET", "left")).isEqualTo(server.call("GET", "right"));
    assertThat(server.call("PING")).isEqualTo("PONG");
    assertThat(server.output()).doesNotContain("Exception");
  }

  private Void publish(String channel, int messages) throws IOException {
    try (Client client = new Client(server.port())) {
      for (int i = 0; i < messages; i++) {
        client.send("PUBLISH", channel, Integer.toString(i));
        if (i % 50 == 49) {
          for (int j = 0; j < 50; j++) {
            assertThat(Client.text(client.receive())).isEqualTo("4");
          }
        }
      }
    }
    return null;
  }

  /** Every message of either channel, none twice, each channel in order. */
  private static Void readNews(Client client, int messages) throws IOException {
    try (client) {
      int[] next = new int[2];
      for (int i = 0; i < 2 * messages; i++) {
        String message = Client.text(client.receive());
        int channel = message.startsWith("[message, news:0") ? 0 : 1;
        assertThat(message).isEqualTo("[message, news:" + channel + ", " + next[channel]++ + "]");
      }
    }
    return null;
  }

  /** MONITOR shows every PUBLISH of either channel, each channel in order. */
  private static Void watch(Client client, int messages) throws IOException {
    try (client) {
      int[] next = new int[2];
      while (next[0] < messages || next[1] < messages) {
        String line = Client.text(client.receive());
        int at = line.indexOf("\"PUBLISH\" \"news:");
        if (at >= 0) {
          int channel = line.charAt(at + 16) - '0';
          assertThat(line).endsWith("\"" + next[channel]++ + "\"");
        }
      }
    }
    return null;
  }

  /** Bursts of commands on keys of its own, each reply compared with what it must be. */
  private Void pipeline(int number, AtomicBoolean ended) throws IOException {
    Random random = new Random(number);
    String key = "own:" + number;
    long count = 0;
    String value = "(nil)";
    Queue<String> expected = new ArrayDeque<>();
    try (Client client = new Client(server.port())) {
      while (!ended.get()) {
        for (int i = 1 + random.nextInt(100); i > 0; i--) {
          switch (random.nextInt(4)) {
            case 0 -> {
              client.send("INCR", key + ":count");
              expected.add(Long.toString(++count));
            }
            case 1 -> {
              value = "v".repeat(random.nextInt(random.nextInt(20) == 0 ? 40_000 : 300)) + count;
              client.send("SET", key, value);
              expected.add("OK");
            }
            case 2 -> {
              client.send("GET", key);
              expected.add(value);
            }
            default -> {
              client.send("ECHO", number + "-" + i + "-" + count);
              expected.add(number + "-" + i + "-" + count);
            }
          }
        }
        while (!expected.isEmpty()) {
          assertThat(Client.text(client.receive())).isEqualTo(expected.remove());
        }
      }
    }
    return null;
  }

  /** Two counters that everybody raises together are equal whenever they are seen. */
  private Void transactions(AtomicBoolean ended) throws IOException {
    try (Client client = new Client(server.port())) {
      while (!ended.get()) {
        client.send("MULTI");
        client.send("INCR", "left");
        client.send("INCR", "right");
        client.send("EXEC");
        assertThat(Client.text(client.receive())).isEqualTo("OK");
        assertThat(Client.text(client.receive())).isEqualTo("QUEUED");
        assertThat(Client.text(client.receive())).isEqualTo("QUEUED");
        Reply.Array both = (Reply.Array) client.receive();
        assertThat(both.elements()).hasSize(2);
        assertThat(both.elements().get(0)).isEqualTo(both.elements().get(1));
      }
    }
    return null;
  }

  /** Kills clients of other loops that wait, or that write as fast as they can. */
  private Void killOthers(AtomicBoolean ended) throws IOException {
    try (Client client = new Client(server.port())) {
      for (int i = 0; !ended.get(); i++) {
        try (Client victim = new Client(server.port())) {
          String id = victim.call("CLIENT", "ID");
          for (int j = 0; j < i % 50; j++) {
            victim.send("ECHO", "x".repeat(1000));
          }
          assertThat(client.call("CLIENT", "KILL", "ID", id)).isEqualTo("1");
          assertThatThrownBy(() -> readToTheEnd(victim)).isInstanceOf(IOException.class);
          assertThat(client.call("CLIENT", "KILL", "ID", id)).isEqualTo("0");
        }
      }
    }
    return null;
  }

  private static void readToTheEnd(Client victim) throws IOException {
    while (true) {
      victim.receive();
    }
  }

  /** Sixty megabytes of replies wait for a client that takes its time. */
  private Void readSlowly(String big) throws IOException {
    try (Client client = new Client(server.port())) {
      for (int i = 0; i < 20; i++) {
        client.send("GET", "big");
        client.send("ECHO", Integer.toString(i));
      }
      for (int i = 0; i < 20; i++) {
        Await.pause();
        assertThat(Client.text(client.receive())).isEqualTo(big);
        assertThat(Client.text(client.receive())).isEqualTo(Integer.toString(i));
      }
    }
    return null;
  }

  // ---- wake-ups, one at a time: no other traffic that would wake a loop by chance

  @Test
  void aMessageReachesALoopThatSleeps() throws Exception {
    List<Client> subscribers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      subscribers.add(subscriber(server.port(), "c"));
    }
    try (Client publisher = new Client(server.port())) {
      for (int round = 0; round < 3_000; round++) {
        String word = Integer.toString(round);
        publisher.send("PUBLISH", "c", word);
        for (Client subscriber : subscribers) {
          assertThat(Client.text(subscriber.receive())).isEqualTo("[message, c, " + word + "]");
        }
        assertThat(Client.text(publisher.receive())).isEqualTo("4");
      }
    }
    for (Client subscriber : subscribers) {
      subscriber.close();
    }
  }

  @Test
  void twoLoopsThatWakeEachOtherNeverStop() throws Exception {
    List<Future<Void>> players = new ArrayList<>();
    for (int pair = 0; pair < 3; pair++) {
      String there = "there:" + pair;
      String back = "back:" + pair;
      Client serveIn = subscriber(server.port(), back);
      Client serveOut = new Client(server.port());
      Client returnIn = subscriber(server.port(), there);
      Client returnOut = new Client(server.port());
      players.add(threads.submit(play(serveIn, serveOut, there, true)));
      players.add(threads.submit(play(returnIn, returnOut, back, false)));
    }
    await(players);
  }

  private static Callable<Void> play(Client in, Client out, String channel, boolean serves) {
    return () -> {
      try (in;
          out) {
        for (int round = 0; round < 2_000; round++) {
          if (serves) {
            assertThat(out.call("PUBLISH", channel, "" + round)).isEqualTo("1");
          }
          assertThat(Client.text(in.receive())).endsWith(", " + round + "]");
          if (!serves) {
            assertThat(out.call("PUBLISH", channel, "" + round)).isEqualTo("1");
          }
        }
      }
      return null;
    };
  }

  @Test
  void theEndOfAPauseReachesEveryLoop() throws Exception {
    List<Client> paused = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      paused.add(new Client(server.port()));
    }
    try (Client admin = new Client(server.port())) {
      for (int round = 1; round <= 100; round++) {
        assertThat(admin.call("CLIENT", "PAUSE", "60000", "WRITE")).isEqualTo("OK");
        for (Client client : paused) {
          client.send("INCR", "counter");
          client.send("PING");
        }
        Await.until("all eight wait", PATIENCE, () -> waitingClients(admin) == 8);
        assertThat(admin.call("CLIENT", "UNPAUSE")).isEqualTo("OK");
        for (Client client : paused) {
          assertThat(client.receive()).isInstanceOf(Reply.Int.class);
          assertThat(Client.text(client.receive())).isEqualTo("PONG");
        }
        assertThat(admin.call("GET", "counter")).isEqualTo(Integer.toString(8 * round));
      }
    }
    for (Client client : paused) {
      client.close();
    }
  }

  private static long waitingClients(Client admin) throws IOException {
    return admin.call("CLIENT", "LIST").lines().filter(line -> line.contains("flags=b")).count();
  }

  @Test
  void aKillReachesALoopThatSleeps() throws Exception {
    try (Client admin = new Client(server.port())) {
      for (int round = 0; round < 300; round++) {
        try (Client victim = new Client(server.port())) {
          String id = victim.call("CLIENT", "ID");
          assertThat(admin.call("CLIENT", "KILL", "ID", id)).isEqualTo("1");
          assertThatThrownBy(victim::receive).isInstanceOf(IOException.class);
        }
      }
    }
  }

  // ---- guards and the end

  @Test
  void guardsHoldOnEveryLoop() throws Exception {
    try (DataNode replica =
        DataNode.ours(
            folder, "--io-threads", "4", "--save", "", "--repl-ping-replica-period", "1")) {
      replica.follow(server);
      for (int i = 0; i < 8; i++) {
        assertThat(replica.call("SET", "a", "b"))
            .isEqualTo("-READONLY You can't write against a read only replica.");
        assertThat(server.call("SET", "a", "b")).isEqualTo("OK");
      }
      server.call("CONFIG", "SET", "min-replicas-to-write", "2");
      for (int i = 0; i < 8; i++) {
        assertThat(server.call("SET", "a", "c"))
            .isEqualTo("-NOREPLICAS Not enough good replicas to write.");
        assertThat(server.call("GET", "a")).isEqualTo("b");
      }
      server.call("CONFIG", "SET", "min-replicas-to-write", "1");
      assertThat(server.call("SET", "a", "d")).isEqualTo("OK");
      replica.awaitEqualTo(server);
      server.call("CONFIG", "SET", "maxmemory", "1");
      for (int i = 0; i < 8; i++) {
        assertThat(server.call("SET", "a", "e"))
            .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.");
        assertThat(server.call("GET", "a")).isEqualTo("d");
      }
      server.call("CONFIG", "SET", "maxmemory", "0");
      assertThat(server.call("SET", "a", "f")).isEqualTo("OK");
      replica.awaitEqualTo(server);
    }
  }

  @Test
  void aReplicaOfManyLoopsFollowsUnderLoad() throws Exception {
    try (DataNode replica = DataNode.ours(folder, "--io-threads", "4", "--save", "")) {
      try (Load one = new Load(server, 1);
          Load two = new Load(server, 2);
          Load three = new Load(server, 3)) {
        Await.until("writes", PATIENCE, () -> one.writes() > 2_000);
        replica.follow(server);
        server.call("CLIENT", "KILL", "TYPE", "replica");
        replica.awaitLink();
        long from = two.writes() + three.writes();
        Await.until("more writes", PATIENCE, () -> two.writes() + three.writes() > from + 4_000);
      }
      replica.awaitEqualTo(server);
    }
  }

  @Test
  void endsInOrderUnderLoad() throws Exception {
    List<Future<Void>> clients = new ArrayList<>();
    AtomicBoolean never = new AtomicBoolean();
    for (int i = 0; i < 6; i++) {
      int number = i;
      clients.add(threads.submit(() -> pipeline(number, never)));
    }
    Await.until(
        "the clients are at work", PATIENCE, () -> server.call("GET", "own:5:count").length() > 2);
    ServerProcess.signal(server.pid(), "TERM");
    assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(server.process().exitValue()).isZero();
    for (Future<Void> client : clients) {
      assertThatThrownBy(() -> client.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IOException.class);
    }
    assertThat(server.output()).contains("bye bye").doesNotContain("Exception");
  }
}
