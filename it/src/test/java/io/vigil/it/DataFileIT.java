package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data files between our server and stock Redis, files that are broken, and a disk that is full.
 */
class DataFileIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static void fill(DataNode node) throws IOException {
    try (Client client = new Client(node.port())) {
      for (int i = 0; i < 500; i++) {
        client.call(
            "SET", "key:" + i, i % 3 == 0 ? Integer.toString(i * 7919) : "value ".repeat(i));
      }
      client.call("SELECT", "5");
      client.call("SET", "five", "x".repeat(200_000), "PX", "1000000");
    }
  }

  @Test
  void eachLoadsTheFileOfTheOther() throws IOException {
    try (DataNode ours = DataNode.ours(folder);
        DataNode stock = DataNode.stock(folder)) {
      fill(ours);
      fill(stock);
      ours.call("SELECT", "5");
      String digest = ours.digest();
      assertThat(ours.call("SAVE")).isEqualTo("OK");
      assertThat(stock.call("SAVE")).isEqualTo("OK");
      Path oursFile = ours.folder().resolve("dump.rdb");
      Path stockFile = stock.folder().resolve("dump.rdb");
      assertThat(check(oursFile)).contains("RDB looks OK!");
      String stockDigest = stock.digest();
      Path other = Files.createDirectories(folder.resolve("other"));
      Files.copy(oursFile, other.resolve("ours.rdb"));
      Files.copy(stockFile, other.resolve("stock.rdb"));
      try (DataNode reader =
              DataNode.stock(folder, "--dir", other.toString(), "--dbfilename", "ours.rdb");
          DataNode oursReader =
              DataNode.ours(folder, "--dir", other.toString(), "--dbfilename", "stock.rdb")) {
        assertThat(reader.digest()).isEqualTo(digest);
        Await.until("loaded", PATIENCE, () -> oursReader.digest().equals(stockDigest));
      }
    }
  }

  private static String check(Path file) throws IOException {
    Process process =
        new ProcessBuilder("redis-check-rdb", file.toString()).redirectErrorStream(true).start();
    return new String(
        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void aBrokenFileStopsTheStartAndIsNotTouched() throws Exception {
    Path file;
    try (DataNode ours = DataNode.ours(folder)) {
      fill(ours);
      ours.call("SAVE");
      file = ours.folder().resolve("dump.rdb");
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    assertRefused(flipped, "offset");
    assertRefused(java.util.Arrays.copyOf(whole, whole.length - 20), "offset");
    byte[] tooNew = whole.clone();
    tooNew[7] = '9';
    assertRefused(tooNew, "Can't handle RDB format version 90");
  }

  private void assertRefused(byte[] file, String reason) throws Exception {
    Path place = Files.createTempDirectory(folder, "broken");
    Files.write(place.resolve("dump.rdb"), file);
    try (DataNode refused = DataNode.oursThatFails(folder, "--dir", place.toString())) {
      assertThat(refused.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(refused.process().exitValue()).isEqualTo(1);
      assertThat(refused.output()).contains(reason);
    }
    assertThat(Files.readAllBytes(place.resolve("dump.rdb"))).isEqualTo(file);
  }

  @Test
  void aFullDiskRefusesWritesAndKeepsTheOldFile() throws IOException {
    try (DataNode ours = DataNode.ours(folder, "--save", "3600 1")) {
      fill(ours);
      assertThat(ours.call("SAVE")).isEqualTo("OK");
      Path file = ours.folder().resolve("dump.rdb");
      byte[] before = Files.readAllBytes(file);
      // What the next saves are prepared in lies on a device that is always full.
      for (int i = 1; i < 10; i++) {
        Files.createSymbolicLink(
            ours.folder().resolve("temp-" + ours.pid() + "." + i + ".rdb"), Path.of("/dev/full"));
      }
      ours.call("SET", "more", "data");
      assertThat(ours.call("BGSAVE")).isEqualTo("Background saving started");
      Await.until(
          "the save fails", PATIENCE, () -> ours.info("rdb_last_bgsave_status").equals("err"));
      assertThat(ours.call("SET", "a", "b"))
          .startsWith("-MISCONF Redis is configured to save RDB snapshots");
      assertThat(ours.call("GET", "more")).isEqualTo("data");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      for (int i = 1; i < 10; i++) {
        Files.deleteIfExists(ours.folder().resolve("temp-" + ours.pid() + "." + i + ".rdb"));
      }
      assertThat(ours.call("SAVE")).isEqualTo("OK");
      assertThat(ours.call("SET", "a", "b")).isEqualTo("OK");
    }
  }
}
