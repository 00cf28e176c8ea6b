package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many clients as the server takes, one more, and one that does not read what it asked for. */
class ManyConnectionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MAX_CLIENTS = 10_000;
  private static final int WORKERS = 50;

  /** Both ends of this test's own pace, beside which a doubling says nothing. */
  private static final double GRACE_MS = 50;

  @TempDir Path folder;

  private static Socket open(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String ask(Socket socket, String line, int answerBytes) throws IOException {
    socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = socket.getInputStream().readNBytes(answerBytes);
    return new String(answer, StandardCharsets.US_ASCII);
  }

  @Test
  void holdsTenThousandAndRefusesTheNext() throws Exception {
    DescriptorRoom.need(MAX_CLIENTS + 500);
    List<Socket> sockets = new ArrayList<>();
    try (DataNode server = DataNode.ours(folder, "--save", "")) {
      assertThat(server.call("CONFIG", "GET", "maxclients"))
          .isEqualTo("[maxclients, " + MAX_CLIENTS + "]");
      Await.until("nobody is there", PATIENCE, () -> connected(server) == 1);
      for (int i = 0; i < MAX_CLIENTS; i++) {
        Socket socket = open(server.port());
        sockets.add(socket);
        if (i % 100 == 99) {
          assertThat(ask(socket, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
        }
      }
      Socket last = sockets.getLast();
      assertThat(ask(last, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
      try (Socket refused = open(server.port())) {
        assertThat(new String(refused.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .isEqualTo("-ERR max number of clients reached\r\n");
      }
      for (Socket socket : sockets) {
        assertThat(ask(socket, "PING\r\n", 7)).isEqualTo("+PONG\r\n");
      }
      sockets.removeFirst().close();
      Await.until("one has room again", PATIENCE, () -> server.call("PING").equals("PONG"));
      assertThat(server.info("rejected_connections")).isNotEqualTo("0");
      assertThat(connected(server)).isEqualTo(MAX_CLIENTS);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static long connected(DataNode server) throws IOException {
    return Long.parseLong(server.info("connected_clients"));
  }

  // ---- the client that never reads

  @Test
  void aClientThatNeverReadsIsCutAndNobodyElseNotices() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (DataNode server =
        DataNode.ours(
            folder,
            "--save",
            "",
            "--client-output-buffer-limit",
            "normal 64mb 0 0 pubsub 8mb 0 0")) {
      String value = "0123456789".repeat(100_000);
      server.call("SET", "big", value);
      measure(threads, server, () -> pause(3_000)); // warms both sides up
      double before = measure(threads, server, () -> pause(4_000));
      long usedBefore = used(server);
      double during =
          measure(
              threads,
              server,
              () -> {
                long end = System.nanoTime() + 5_000_000_000L;
                while (System.nanoTime() < end) {
                  beCut(server);
                }
              });
      assertThat(during).as("p99 in ms, %s before", before).isLessThan(2 * before + GRACE_MS);
      assertThat(server.output())
          .contains("scheduled to be closed ASAP for overcoming of output buffer limits.");
      Await.until("the memory is back", PATIENCE, () -> used(server) < usedBefore + (4 << 20));
      assertThat(Long.parseLong(server.info("used_memory_peak")))
          .as("a client's memory ends at its limit")
          .isLessThan(usedBefore + (96 << 20));
    } finally {
      threads.shutdownNow();
    }
  }

  private static long used(DataNode server) throws IOException {
    return Long.parseLong(server.info("used_memory"));
  }

  /** Asks for 300 MB, reads nothing of it, and waits for the end of the connection. */
  private static void beCut(DataNode server) throws IOException {
    try (Client glutton = new Client(server.port());
        Client witness = new Client(server.port())) {
      String id = glutton.call("CLIENT", "ID");
      for (int i = 0; i < 300; i++) {
        glutton.send("GET", "big");
      }
      Await.until(
          "client " + id + " is cut",
          PATIENCE,
          () -> witness.call("CLIENT", "LIST", "ID", id).isEmpty());
    }
  }

  private interface Meanwhile {
    void run() throws IOException;
  }

  /** The 99th percentile in ms of what fifty clients wait for their replies while that runs. */
  private static double measure(ExecutorService threads, DataNode server, Meanwhile meanwhile)
      throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    List<Future<List<Long>>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      int number = i;
      workers.add(threads.submit(() -> work(server.port(), number, ended)));
    }
    try {
      meanwhile.run();
    } finally {
      ended.set(true);
    }
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> worker : workers) {
      all.addAll(worker.get());
    }
    long[] sorted = all.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length * 99 / 100] / 1e6;
  }

  /** Sets and gets in turn, one command every other millisecond; every reply is checked. */
  private static List<Long> work(int port, int number, AtomicBoolean ended) throws IOException {
    List<Long> nanos = new ArrayList<>();
    String key = "own:" + number;
    try (Client client = new Client(port)) {
      for (int i = 0; !ended.get(); i++) {
        String value = "value " + i;
        long from = System.nanoTime();
        assertThat(client.call("SET", key, value)).isEqualTo("OK");
        assertThat(client.call("GET", key)).isEqualTo(value);
        nanos.add(System.nanoTime() - from);
        pause(4);
      }
    }
    return nanos;
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
