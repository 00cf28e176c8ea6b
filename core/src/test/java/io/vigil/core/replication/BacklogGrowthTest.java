package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.node.CommandTester;
import io.vigil.core.node.TestClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The backlog while a replica takes long to synchronise. */
class BacklogGrowthTest {
  private static final String VALUE = "v".repeat(100_000);
  private static final int MB = 1 << 20;

  private CommandTester tester;
  private TestClient replica;
  private final StringBuilder expected = new StringBuilder();

  @BeforeEach
  void start() {
    tester = new CommandTester();
    tester.configure("repl-diskless-sync-delay", "0", "save", "");
    tester.configure("repl-backlog-size", "16384", "vigil-backlog-memory", "1mb");
    tester.configure("client-output-buffer-limit", "replica 1mb 1mb 1");
    tester.run("SET", "a", "1");
    replica = tester.connect();
    replica.send("REPLCONF", "listening-port", "7001");
    replica.send("REPLCONF", "capa", "eof", "capa", "psync2");
    replica.takeText();
    replica.stopReading();
    replica.send("PSYNC", "?", "-1");
    expected.append(TestClient.encode("SELECT", "0"));
  }

  private void write(int megabytes) {
    for (int i = 0; i < megabytes * 10; i++) {
      String key = "key:" + i % 7;
      String value = i + VALUE;
      tester.run("SET", key, value);
      expected.append(TestClient.encode("SET", key, value));
      if (tester.node().sessions().pause().isActive()) {
        tester.world().advanceMs(10);
      }
    }
    tester.world().runTurns();
  }

  private String info(String field) {
    for (String line : tester.text("INFO", "replication").split("\r\n")) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    return null;
  }

  private List<String> files() {
    return tester.disk().list(".").stream()
        .filter(name -> name.startsWith("vigil-backlog-6379-"))
        .toList();
  }

  /** The replica takes its snapshot and the stream up to its end. */
  private String catchUp() {
    replica.startReading();
    replica.pump();
    replica.takeText();
    replica.send("REPLCONF", "ACK", "0");
    replica.pump();
    return replica.takeText();
  }

  @Test
  void whatASynchronisingReplicaNeedsGoesToDiskAndArrivesWhole() {
    write(30);
    assertThat(replica.isClosed()).isFalse();
    assertThat(Long.parseLong(info("repl_backlog_histlen"))).isGreaterThan(30_000_000);
    assertThat(Long.parseLong(info("vigil_backlog_spilled_bytes"))).isGreaterThan(22L * MB);
    assertThat(tester.node().stream().memoryBytes()).isLessThan(7L * MB);
    assertThat(files()).hasSizeGreaterThan(4);
    String stream = catchUp();
    assertThat(stream.length()).isEqualTo(expected.length());
    assertThat(stream.equals(expected.toString())).as("the stream is whole").isTrue();
    tester.world().advanceMs(1000);
    assertThat(info("vigil_backlog_spilled_bytes")).isEqualTo("0");
    assertThat(files()).isEmpty();
    assertThat(Long.parseLong(info("repl_backlog_histlen"))).isLessThan(MB);
    assertThat(info("vigil_dropped_replicas")).isEqualTo("0");
  }

  @Test
  void anotherReplicaGoesOnFromWhatLiesOnDisk() {
    long from = tester.node().stream().offset() + 1;
    write(20);
    TestClient other = tester.connect();
    other.send("REPLCONF", "capa", "psync2");
    other.takeText();
    long middle = from + 7_000_000;
    other.send("PSYNC", tester.node().stream().id(), Long.toString(middle));
    other.pump();
    String text = other.takeText();
    assertThat(text).startsWith("+CONTINUE ");
    String stream = text.substring(text.indexOf('\n') + 1);
    assertThat(stream.length()).isEqualTo(expected.length() - 7_000_000);
    assertThat(stream.equals(expected.substring(7_000_000))).isTrue();
  }

  @Test
  void atTheBoundTheReplicaIsDroppedWithItsReason() {
    tester.configure("vigil-backlog-limit", "8mb");
    write(12);
    tester.world().runTurns();
    assertThat(replica.isClosed()).isTrue();
    assertThat(replica.closedBecause()).isEqualTo("backlog-limit");
    assertThat(info("vigil_dropped_replicas")).isEqualTo("1");
    assertThat(info("vigil_last_dropped_replica"))
        .isEqualTo("ip=127.0.0.1,port=7001,state=online,reason=backlog-limit");
    assertThat(tester.world().logged())
        .anyMatch(
            line -> line.startsWith("Replica 127.0.0.1:7001 is dropped (backlog-limit): the back"));
    tester.world().advanceMs(1000);
    assertThat(files()).isEmpty();
    assertThat(tester.node().stream().memoryBytes()).isLessThan(MB);
  }

  @Test
  void withoutADiskMemoryIsTheBound() {
    tester.disk().failWrites(new IOException("No space left on device"));
    write(40);
    assertThat(replica.closedBecause()).isEqualTo("backlog-memory");
    assertThat(tester.node().stream().memoryBytes()).isLessThan(30L * MB);
    assertThat(tester.world().logged())
        .filteredOn(line -> line.startsWith("The backlog cannot be written to"))
        .hasSize(1);
  }

  private long slowedMs() {
    return Long.parseLong(info("vigil_writers_slowed_ms"));
  }

  @Test
  void writersAreSlowedToHalfWhileTheReplicaGetsOn() {
    tester.configure("vigil-backlog-limit", "20mb");
    write(12);
    while (!tester.node().sessions().pause().isActive()) {
      tester.world().advanceMs(1);
    }
    TestClient writer = tester.connect();
    writer.send("SET", "b", "2");
    assertThat(writer.takeText()).as("held back").isEmpty();
    tester.world().advanceMs(10);
    assertThat(writer.takeText()).as("for half of the time").isEqualTo("+OK\r\n");
    long before = slowedMs();
    tester.world().advanceMs(1000);
    assertThat(slowedMs() - before).isBetween(490L, 510L);
    tester.world().advanceMs(10_000);
    assertThat(slowedMs()).as("5 s without progress").isBetween(2000L, 2600L);
    assertThat(tester.node().sessions().pause().isActive()).isFalse();
    assertThat(replica.isClosed()).isFalse();
  }

  @Test
  void writersAreSlowedNoLongerThanTheTimeoutPerSynchronisation() {
    replica.hangUp();
    tester.configure("vigil-backlog-limit", "20mb", "repl-timeout", "2");
    tester.configure("repl-diskless-sync", "no", "rdb-key-save-delay", "100000000");
    TestClient slow = tester.connect();
    slow.send("REPLCONF", "capa", "psync2");
    slow.send("PSYNC", "?", "-1");
    write(12);
    tester.world().advanceMs(20_000);
    assertThat(slowedMs()).isBetween(2000L, 2010L);
    assertThat(slow.isClosed()).isFalse();
  }

  @Test
  void aReplicaThatIsLevelIsBoundByTheOutputLimits() {
    assertThat(catchUp()).isEmpty();
    write(1);
    replica.pump();
    replica.takeText();
    replica.send("REPLCONF", "ACK", Long.toString(tester.node().stream().offset()));
    replica.stopReading();
    write(3);
    assertThat(replica.closedBecause()).isEqualTo("output buffer limit");
  }

  @Test
  void whatAnEarlierProcessLeftIsRemovedAtTheStart() {
    CommandTester other = new CommandTester();
    other.disk().put("vigil-backlog-6379-3.tmp", new byte[10]);
    other.disk().put("vigil-backlog-7000-3.tmp", new byte[10]);
    other.node().primary().start();
    other.world().runTurns();
    assertThat(other.disk().list(".")).containsExactly("vigil-backlog-7000-3.tmp");
  }
}
