package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What an open snapshot may hold is bounded by {@code vigil-snapshot-memory-percent}: writers that
 * would make it more wait, one by one, and nobody else does.
 */
class SnapshotMemoryTest {
  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 15_000;
  private static final long LEAST_BYTES = 1024 * 1024;

  private final CommandTester tester = new CommandTester("enable-debug-command yes\n");
  private final TestClient reader = tester.connect();

  private long field(String section, String name) {
    return reader
        .call("INFO", section)
        .asText()
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** A snapshot that copies one key a second, of which no key has been copied yet but the first. */
  private void openSlowSnapshot() {
    for (int i = 0; i < KEYS; i++) {
      tester.run("SET", "key:" + i, "a".repeat(VALUE_BYTES));
    }
    tester.configure("rdb-key-save-delay", "1000000");
    tester.run("BGSAVE");
  }

  /** Overwrites every key; returns the number of the first write that was not answered at once. */
  private int overwriteUntilHeldBack(TestClient writer) {
    for (int i = 0; i < KEYS; i++) {
      writer.send("SET", "key:" + i, "b".repeat(VALUE_BYTES));
      if (writer.takeText().isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void writersWaitAtTheLimitAndGoOnWhenTheSnapshotHasRoom() {
    openSlowSnapshot();
    TestClient writer = tester.connect();
    TestClient second = tester.connect();
    int held = overwriteUntilHeldBack(writer);
    assertThat(held).isBetween(50, 75);
    second.send("INCR", "counter");
    assertThat(second.takeText()).isEmpty();
    assertThat(field("persistence", "vigil_snapshot_held_bytes"))
        .isBetween(LEAST_BYTES, LEAST_BYTES + 40_000);
    assertThat(field("persistence", "vigil_snapshot_waiting_writers")).isEqualTo(2);
    assertThat(field("persistence", "vigil_snapshot_delayed_writes")).isEqualTo(2);
    assertThat(reader.raw("GET", "key:" + held)).contains("aaa");

    for (int i = 0; i < 5 && field("persistence", "vigil_snapshot_waiting_writers") > 0; i++) {
      tester.world().advanceMs(1000);
    }
    assertThat(writer.takeText()).isEqualTo("+OK\r\n");
    assertThat(second.takeText()).isEqualTo(":1\r\n");
    assertThat(reader.raw("GET", "key:" + held)).contains("bbb");
  }

  @Test
  void theEndOfTheSnapshotReleasesAll() {
    openSlowSnapshot();
    TestClient writer = tester.connect();
    assertThat(overwriteUntilHeldBack(writer)).isPositive();
    tester.node().persistence().cancel();
    tester.world().advanceMs(1);
    assertThat(writer.takeText()).isEqualTo("+OK\r\n");
    assertThat(field("persistence", "vigil_snapshot_held_bytes")).isZero();
  }

  @Test
  void aClientThatLeavesWaitsNoLonger() {
    openSlowSnapshot();
    TestClient writer = tester.connect();
    assertThat(overwriteUntilHeldBack(writer)).isPositive();
    writer.hangUp();
    tester.world().advanceMs(1);
    assertThat(field("persistence", "vigil_snapshot_waiting_writers")).isZero();
  }

  @Test
  void zeroMeansNoLimit() {
    tester.configure("vigil-snapshot-memory-percent", "0");
    openSlowSnapshot();
    assertThat(overwriteUntilHeldBack(tester.connect())).isEqualTo(-1);
    assertThat(field("persistence", "vigil_snapshot_held_bytes")).isGreaterThan(2 * LEAST_BYTES);
  }

  @Test
  void stepsAndPreImagesAreTimed() {
    openSlowSnapshot();
    tester.run("SET", "key:1", "b");
    tester.world().advanceMs(5000);
    assertThat(reader.call("INFO", "stats").asText())
        .containsPattern("vigil_step_snapshot:count=[1-9][0-9]*,p50=")
        .contains("vigil_step_pre_image:count=1,");
    reader.call("CONFIG", "RESETSTAT");
    assertThat(reader.call("INFO", "stats").asText()).doesNotContain("vigil_step_pre_image");
  }
}
