package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers with a heap of 256 MB and no {@code maxmemory}, whose data reach what the heap allows: on
 * a primary by its clients, on a replica by the stream and by a full synchronisation.
 */
class SmallHeapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OUT_OF_MEMORY =
      "-OOM command not allowed when used memory > 'maxmemory'.";
  private static final List<String> SMALL = List.of("VIGIL_HEAP=256");
  private static final int VALUE_BYTES = 4_000;

  @TempDir Path folder;

  private DataNode small() throws IOException {
    return DataNode.oursWith(SMALL, folder, "--save", "");
  }

  private DataNode large() throws IOException {
    return DataNode.ours(folder, "--save", "");
  }

  /** Sets keys from {@code from} on, to {@code to} or the first refusal; returns the next. */
  private static int fill(DataNode node, int from, int to) throws IOException {
    String value = "v".repeat(VALUE_BYTES);
    int burst = 100;
    try (Client client = new Client(node.port())) {
      for (int next = from; next < to; next += burst) {
        for (int i = 0; i < burst; i++) {
          client.send("SET", "key:" + (next + i), (next + i) + value);
        }
        int stored = 0;
        for (int i = 0; i < burst; i++) {
          String reply = Client.text(client.receive());
          stored += reply.equals("OK") ? 1 : 0;
          assertThat(reply).isIn("OK", OUT_OF_MEMORY);
        }
        if (stored < burst) {
          return next + stored;
        }
      }
    }
    return to;
  }

  private static void delete(DataNode node, int from, int to) throws IOException {
    try (Client client = new Client(node.port())) {
      for (int i = from; i < to; i++) {
        client.send("DEL", "key:" + i);
      }
      for (int i = from; i < to; i++) {
        assertThat(client.receive()).isInstanceOf(Reply.Int.class);
      }
    }
  }

  private static void assertServes(DataNode node, int key) throws IOException {
    assertThat(node.call("GET", "key:" + key)).startsWith(key + "vvv");
    assertThat(node.call("INFO")).contains("used_memory:", "maxmemory:0\r\n");
    assertThat(node.process().isAlive()).isTrue();
    assertThat(node.output()).doesNotContain("OutOfMemoryError").doesNotContain("Exception");
  }

  @Test
  void aFullPrimaryRefusesWritesAndDoesAllElse() throws Exception {
    try (DataNode primary = small();
        DataNode replica = large()) {
      int count = fill(primary, 0, 1_000_000);
      assertThat(count * (long) VALUE_BYTES).isBetween(120L << 20, 256L << 20);
      assertThat(primary.call("SET", "one", "more".repeat(50_000))).isEqualTo(OUT_OF_MEMORY);
      assertThat(primary.call("APPEND", "key:0", "x".repeat(100_000))).isEqualTo(OUT_OF_MEMORY);
      assertServes(primary, count / 2);
      // A full synchronisation and a save need no more than what is left.
      replica.follow(primary);
      replica.awaitEqualTo(primary);
      assertThat(primary.call("BGSAVE")).isEqualTo("Background saving started");
      Await.until(
          "the save ends", PATIENCE, () -> primary.info("rdb_bgsave_in_progress").equals("0"));
      assertThat(primary.info("rdb_last_bgsave_status")).isEqualTo("ok");
      // Deletions make room, and go to the replica.
      delete(primary, 0, count / 4);
      int again = fill(primary, count, count + count / 5);
      assertThat(again).isEqualTo(count + count / 5);
      replica.awaitEqualTo(primary);
      assertServes(primary, count + 1);
      assertServes(replica, count + 1);
    }
  }

  @Test
  void aFullReplicaLivesOnAndComesBackWhenThereIsRoom() throws Exception {
    try (DataNode primary = large();
        DataNode replica = small()) {
      int most = 90_000; // 360 MB: more than the replica can hold
      fill(primary, 0, 30_000);
      replica.follow(primary);
      replica.awaitEqualTo(primary);
      // By the stream first, then by full synchronisations that end before their end.
      fill(primary, 30_000, most);
      Await.until(
          () -> "the replica says that it is full; it said:\n" + replica.output(),
          PATIENCE,
          () -> replica.info("master_link_status").equals("down"));
      assertThat(replica.process().isAlive()).isTrue();
      assertThat(replica.call("PING")).isEqualTo("PONG");
      assertThat(replica.call("INFO")).contains("role:slave");
      delete(primary, 20_000, most);
      replica.awaitLink();
      replica.awaitEqualTo(primary);
      assertServes(replica, 10_000);
    }
  }

  @Test
  void aSynchronisationThatTakesAllTheRoomKeepsTheReplicaAlive() throws Exception {
    try (DataNode primary = large();
        DataNode replica = small()) {
      int old = fill(replica, 500_000, 530_000); // 120 MB, to be replaced by 160
      fill(primary, 0, 40_000);
      replica.follow(primary);
      replica.awaitEqualTo(primary);
      assertServes(replica, 39_999);
      assertThat(replica.call("EXISTS", "key:" + (old - 1))).isEqualTo("0");
      // As a primary of its own it refuses what it has no room for.
      assertThat(replica.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
      int full = fill(replica, 40_000, 1_000_000);
      assertThat(full).isLessThan(65_000);
      assertServes(replica, full - 1);
      // A few deletions, scattered over all pages, make room too, once records have been moved.
      delete(replica, 0, 1_000);
      Await.until(
          "there is room for half of what was deleted",
          PATIENCE,
          () -> fill(replica, full, full + 500) == full + 500);
    }
  }

  @Test
  void aMassDeleteGivesTheHeapBack() throws Exception {
    try (DataNode node = DataNode.oursWith(List.of("VIGIL_HEAP=1024"), folder, "--save", "")) {
      fill(node, 0, 150_000);
      long full = residentBytes(node);
      assertThat(full).isGreaterThan(600L << 20);
      delete(node, 0, 150_000);
      Await.until(
          () -> "of " + (full >> 20) + " MB resident two thirds are given back",
          Duration.ofSeconds(150),
          () -> residentBytes(node) < full / 3);
    }
  }

  private static long residentBytes(DataNode node) throws IOException {
    String status = Files.readString(Path.of("/proc/" + node.pid() + "/status"));
    String line =
        status.lines().filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }
}
