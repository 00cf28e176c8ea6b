package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a server meets and must bear: a configuration that cannot be read, garbage on its port, a
 * primary that is none, and {@code kill -9} while it saves or synchronises.
 */
class BadInputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** So that a save of 2,000 keys, or their synchronisation, takes four seconds and more. */
  private static final String SLOW_MICROS = "2000";

  @TempDir Path folder;

  @Test
  void aConfigurationThatCannotBeReadIsNamed() throws Exception {
    Path place = Files.createDirectories(folder.resolve("folder.conf"));
    try (ServerProcess server = ServerProcess.start(folder, place.toString())) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output())
          .contains("Fatal error, can't open config file '" + place + "'")
          .contains("Is a directory");
    }
  }

  // ---- garbage

  @Test
  void garbageOnThePortEndsItsConnectionOnly() throws Exception {
    try (DataNode node = DataNode.ours(folder, "--save", "");
        Client witness = new Client(node.port())) {
      witness.call("SET", "kept", "yes");
      Random random = new Random(8);
      for (int round = 0; round < 200; round++) {
        byte[] garbage = new byte[1 + random.nextInt(3000)];
        random.nextBytes(garbage);
        if (round % 4 == 0) {
          garbage[0] = '*'; // a multibulk header that goes wrong
        } else if (round % 4 == 1) {
          byte[] start = "*2\r\n$3\r\nGET\r\n$99999999\r\n".getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(start, 0, garbage, 0, Math.min(start.length, garbage.length));
        }
        throwAt(node.port(), garbage);
        assertThat(witness.call("GET", "kept")).isEqualTo("yes");
      }
      throwAt(node.port(), new byte[5 << 20]);
      Await.until(
          "only the witness and the question are left",
          PATIENCE,
          () -> witness.call("INFO", "clients").contains("connected_clients:1\r\n"));
      assertThat(witness.call("INFO", "stats")).contains("unexpected_error_replies:0");
      assertThat(node.output()).doesNotContain("Exception");
    }
  }

  /** Sends it all, reads what comes, and hangs up; the server may hang up first. */
  private static void throwAt(int port, byte[] garbage) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
      socket.setSoTimeout(10_000);
      try {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        InputStream answer = socket.getInputStream();
        assertThat(answer.readAllBytes().length).isLessThan(2_000_000);
      } catch (SocketException _) {
        // The server hung up while we were still talking: as it should.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "\u0000\u0001garbage\r\n", ""})
  void aPrimaryThatIsNoRedisIsRefusedAndTheDataAreKept(String answer) throws Exception {
    try (ServerSocket impostor = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        DataNode node = DataNode.ours(folder, "--save", "", "--repl-timeout", "5")) {
      Thread.ofPlatform().daemon().start(() -> answerAll(impostor, answer));
      node.call("SET", "kept", "yes");
      String port = Integer.toString(impostor.getLocalPort());
      assertThat(node.call("REPLICAOF", "127.0.0.1", port)).isEqualTo("OK");
      node.awaitOutput(answer.isEmpty() ? "Connecting to MASTER" : "Error reply to PING");
      assertThat(node.info("master_link_status")).isEqualTo("down");
      assertThat(node.call("GET", "kept")).isEqualTo("yes");
      assertThat(node.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
      assertThat(node.call("SET", "kept", "still")).isEqualTo("OK");
    }
  }

  private static void answerAll(ServerSocket impostor, String answer) {
    try {
      while (true) {
        Socket socket = impostor.accept();
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        if (answer.isEmpty()) {
          socket.close();
        }
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  // ---- kill -9

  private static void fill(DataNode node, String value) throws IOException {
    try (Client client = new Client(node.port())) {
      for (int i = 0; i < 2_000; i++) {
        client.send("SET", "key:" + i, value + i);
      }
      for (int i = 0; i < 2_000; i++) {
        assertThat(Client.text(client.receive())).isEqualTo("OK");
      }
    }
  }

  private static void killAndWait(DataNode node) throws Exception {
    node.kill();
    assertThat(node.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aServerKilledInTheMiddleOfASaveComesBackWithTheOldFile() throws Exception {
    String digest;
    Path place;
    try (DataNode node = DataNode.ours(folder)) {
      place = node.folder();
      fill(node, "old ");
      assertThat(node.call("SAVE")).isEqualTo("OK");
      digest = node.digest();
      fill(node, "new ");
      node.call("CONFIG", "SET", "rdb-key-save-delay", SLOW_MICROS);
      assertThat(node.call("BGSAVE")).isEqualTo("Background saving started");
      Await.until(
          "the save is under way",
          PATIENCE,
          () -> Long.parseLong(node.info("current_save_keys_processed")) > 100);
      killAndWait(node);
    }
    try (DataNode again = DataNode.ours(folder, "--dir", place.toString())) {
      Await.until("loaded", PATIENCE, () -> again.info("loading").equals("0"));
      assertThat(again.digest()).isEqualTo(digest);
      // What the dead one left behind is in nobody's way.
      assertThat(again.call("SAVE")).isEqualTo("OK");
    }
    try (Stream<Path> files = Files.list(place)) {
      assertThat(files.map(file -> file.getFileName().toString())).contains("dump.rdb");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void aPrimaryKilledInTheMiddleOfASynchronisationLeavesTheReplicaItsData(String diskless)
      throws Exception {
    Path place;
    try (DataNode replica = DataNode.ours(folder, "--save", "")) {
      fill(replica, "replica's ");
      String before = replica.digest();
      int port;
      try (DataNode primary =
          DataNode.ours(folder, "--repl-diskless-sync", diskless, "--save", "")) {
        port = primary.port();
        place = primary.folder();
        fill(primary, "primary's ");
        assertThat(primary.call("SAVE")).isEqualTo("OK");
        primary.call("CONFIG", "SET", "rdb-key-save-delay", SLOW_MICROS);
        replica.call("REPLICAOF", "127.0.0.1", Integer.toString(port));
        Await.until(
            "the synchronisation is under way",
            PATIENCE,
            () -> primary.info("rdb_bgsave_in_progress").equals("1"));
        killAndWait(primary);
      }
      Await.until(
          "the replica notices",
          PATIENCE,
          () -> replica.info("master_sync_in_progress").equals("0"));
      assertThat(replica.digest()).isEqualTo(before);
      try (DataNode other = DataNode.ours(folder, "--dir", place.toString())) {
        replica.follow(other);
        replica.awaitEqualTo(other);
        assertThat(replica.call("GET", "key:7")).isEqualTo("primary's 7");
      }
    }
  }

  @Test
  void aReplicaKilledInTheMiddleOfASynchronisationStartsAnew() throws Exception {
    try (DataNode primary = DataNode.ours(folder, "--save", "")) {
      fill(primary, "primary's ");
      primary.call("CONFIG", "SET", "rdb-key-save-delay", SLOW_MICROS);
      Path place;
      try (DataNode replica = DataNode.ours(folder, "--save", "")) {
        place = replica.folder();
        replica.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
        Await.until(
            "bytes arrive", PATIENCE, () -> replica.info("master_sync_in_progress").equals("1"));
        killAndWait(replica);
      }
      primary.call("CONFIG", "SET", "rdb-key-save-delay", "0");
      try (DataNode again = DataNode.ours(folder, "--dir", place.toString(), "--save", "")) {
        again.follow(primary);
        again.awaitEqualTo(primary);
      }
      assertThat(primary.call("PING")).isEqualTo("PONG");
      Await.until("both are gone", PATIENCE, () -> primary.info("connected_slaves").equals("0"));
    }
  }

  /** Killed a dozen times while clients write and it saves, it always comes back. */
  @Test
  void aServerKilledAtAnyTimeStartsAgain() throws Exception {
    Random random = new Random(11);
    Path place = Files.createDirectories(folder.resolve("survivor"));
    long before = 0;
    for (int life = 0; life < 8; life++) {
      try (DataNode node =
          DataNode.ours(folder, "--dir", place.toString(), "--save", "1 1", "--hz", "100")) {
        Await.until("loaded", PATIENCE, () -> node.info("loading").equals("0"));
        long kept = count(node);
        assertThat(kept).as("a saved count is never lost").isGreaterThanOrEqualTo(before);
        try (Client client = new Client(node.port())) {
          long end = System.nanoTime() + random.nextInt(2_000) * 1_000_000L;
          while (System.nanoTime() < end) {
            client.call("INCR", "count");
            client.call("SET", "key:" + random.nextInt(5_000), "v".repeat(random.nextInt(500)));
          }
          client.call("SAVE");
          before = count(node);
          client.send("BGSAVE");
        } catch (EOFException gone) {
          throw new AssertionError("the server ended by itself: " + node.output(), gone);
        }
        killAndWait(node);
      }
    }
    assertThat(before).isPositive();
  }

  private static long count(DataNode node) throws IOException {
    String text = node.call("GET", "count");
    return text.equals("(nil)") ? 0 : Long.parseLong(text);
  }
}
