package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.node.CommandTester;
import io.vigil.core.node.TestClient;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary of ours whose replicas are played by the test. */
class PrimarySideTest {
  private static final Pattern FULL =
      Pattern.compile("\\+FULLRESYNC ([0-9a-f]{40}) (\\d+)\r\n", Pattern.DOTALL);

  private CommandTester tester;

  @BeforeEach
  void start() {
    tester = new CommandTester();
    tester.configure("repl-diskless-sync-delay", "0", "save", "");
    tester.run("SET", "a", "1");
  }

  private TestClient replica() {
    TestClient replica = tester.connect();
    replica.send("REPLCONF", "listening-port", "7001");
    replica.send("REPLCONF", "capa", "eof", "capa", "psync2");
    assertThat(replica.takeText()).isEqualTo("+OK\r\n+OK\r\n");
    return replica;
  }

  /** Asks for everything, takes the streamed snapshot and acknowledges it; returns the offset. */
  private long synchronise(TestClient replica) {
    replica.send("PSYNC", "?", "-1");
    replica.pump();
    String text = replica.takeText();
    Matcher full = FULL.matcher(text);
    assertThat(full.lookingAt()).as(text).isTrue();
    String payload = text.substring(full.end());
    assertThat(payload).startsWith("$EOF:");
    String mark = payload.substring(5, 45);
    assertThat(payload).endsWith(mark).contains("REDIS0010");
    long offset = Long.parseLong(full.group(2));
    replica.send("REPLCONF", "ACK", Long.toString(offset));
    replica.pump();
    return offset;
  }

  @Test
  void aReplicaGetsTheSnapshotAndThenExactlyTheEffects() {
    TestClient replica = replica();
    long offset = synchronise(replica);
    assertThat(replica.takeText()).isEmpty();
    tester.run("SET", "b", "2");
    tester.run("GET", "b");
    tester.run("SET", "c", "3", "EX", "100");
    replica.pump();
    String deadline = Long.toString(tester.world().wallMs() + 100_000);
    String expected =
        TestClient.encode("SELECT", "0")
            + TestClient.encode("SET", "b", "2")
            + TestClient.encode("SET", "c", "3", "PXAT", deadline);
    assertThat(replica.takeText()).isEqualTo(expected);
    assertThat(tester.node().stream().offset()).isEqualTo(offset + expected.length());
  }

  @Test
  void writesDuringTheSnapshotFollowItAfterTheAcknowledgement() {
    TestClient replica = replica();
    replica.stopReading();
    replica.send("PSYNC", "?", "-1");
    tester.run("SET", "meanwhile", "yes");
    replica.startReading();
    replica.pump();
    String text = replica.takeText();
    assertThat(text).doesNotContain("meanwhile");
    replica.send("REPLCONF", "ACK", "0");
    replica.pump();
    assertThat(replica.takeText()).contains(TestClient.encode("SET", "meanwhile", "yes"));
  }

  @Test
  void aReplicaThatComesBackGetsWhatItMissed() {
    TestClient replica = replica();
    long offset = synchronise(replica);
    String id = tester.node().stream().id();
    replica.hangUp();
    tester.run("SET", "b", "2");
    String missed = TestClient.encode("SELECT", "0") + TestClient.encode("SET", "b", "2");
    TestClient again = replica();
    again.send("PSYNC", id, Long.toString(offset + 1));
    again.pump();
    assertThat(again.takeText()).isEqualTo("+CONTINUE " + id + "\r\n" + missed);
    // From the middle on.
    TestClient third = replica();
    third.send("PSYNC", id, Long.toString(offset + 24));
    third.pump();
    assertThat(third.takeText()).isEqualTo("+CONTINUE " + id + "\r\n" + missed.substring(23));
  }

  @Test
  void whatTheBacklogCannotServeIsSentWhole() {
    TestClient replica = replica();
    long offset = synchronise(replica);
    String id = tester.node().stream().id();
    for (String[] wrong :
        new String[][] {
          {"0".repeat(40), "1"},
          {id, Long.toString(offset + 2)},
          {id, "0"},
          {id, "-5"},
          {id, Long.toString(Long.MAX_VALUE)}
        }) {
      TestClient asking = replica();
      asking.send("PSYNC", wrong[0], wrong[1]);
      asking.pump();
      assertThat(asking.takeText())
          .as("PSYNC %s %s", wrong[0], wrong[1])
          .startsWith("+FULLRESYNC ");
    }
  }

  @Test
  void theSecondIdIsGoodUpToThePromotionAndNotOneByteFurther() {
    TestClient replica = replica();
    synchronise(replica);
    tester.run("SET", "b", "2");
    String oldId = tester.node().stream().id();
    long promotedAt = tester.node().stream().offset();
    tester.run("REPLICAOF", "10.0.0.1", "7000");
    tester.run("REPLICAOF", "NO", "ONE");
    assertThat(tester.node().stream().secondId()).isEqualTo(oldId);
    TestClient behind = replica();
    behind.send("PSYNC", oldId, Long.toString(promotedAt + 1));
    behind.pump();
    assertThat(behind.takeText()).isEqualTo("+CONTINUE " + tester.node().stream().id() + "\r\n");
    tester.run("SET", "c", "3");
    TestClient ahead = replica();
    ahead.send("PSYNC", oldId, Long.toString(promotedAt + 2));
    ahead.pump();
    assertThat(ahead.takeText()).startsWith("+FULLRESYNC ");
  }

  @Test
  void nonsenseGetsAnErrorAndHarmsNobody() {
    TestClient client = tester.connect();
    assertThat(client.raw("REPLCONF", "listening-port")).startsWith("-ERR syntax error");
    assertThat(client.raw("REPLCONF", "listening-port", "x"))
        .startsWith("-ERR value is not an integer");
    assertThat(client.raw("REPLCONF", "nonsense", "x"))
        .isEqualTo("-ERR Unrecognized REPLCONF option: nonsense\r\n");
    assertThat(client.raw("REPLCONF", "ip-address", "x".repeat(300)))
        .startsWith("-ERR REPLCONF ip-address provided by");
    assertThat(client.raw("REPLCONF", "ACK", "12")).isEmpty();
    assertThat(client.raw("PSYNC", "?", "x")).startsWith("-ERR value is not an integer");
    assertThat(client.raw("GET", "a")).isEqualTo("$1\r\n1\r\n");
  }

  @Test
  void aSilentReplicaIsDropped() {
    TestClient replica = replica();
    synchronise(replica);
    tester.world().advanceMs(58_000);
    assertThat(replica.isClosed()).isFalse();
    tester.world().advanceMs(5_000);
    assertThat(replica.isClosed()).isTrue();
    assertThat(tester.world().logged())
        .contains("Disconnecting timedout replica (streaming sync): 127.0.0.1:7001");
  }

  @Test
  void theBacklogIsGivenUpWithoutReplicasAndTheIdWithIt() {
    TestClient replica = replica();
    synchronise(replica);
    String id = tester.node().stream().id();
    tester.configure("repl-backlog-ttl", "10");
    replica.hangUp();
    tester.world().advanceMs(13_000);
    assertThat(tester.node().stream().isActive()).isFalse();
    assertThat(tester.node().stream().id()).isNotEqualTo(id);
  }

  @Test
  void aReplicaIsPingedAndTooFewReplicasRefuseWrites() {
    tester.configure("min-replicas-to-write", "1", "min-replicas-max-lag", "5");
    assertThat(tester.text("SET", "x", "1"))
        .startsWith("-NOREPLICAS Not enough good replicas to write.");
    TestClient replica = replica();
    long offset = synchronise(replica);
    assertThat(tester.text("SET", "x", "1")).isEqualTo("+OK\r\n");
    replica.pump();
    replica.takeText();
    tester.world().advanceMs(10_500);
    replica.pump();
    assertThat(replica.takeText()).contains(TestClient.encode("PING"));
    assertThat(tester.text("SET", "x", "2")).startsWith("-NOREPLICAS");
    replica.send("REPLCONF", "ACK", Long.toString(offset));
    assertThat(tester.text("SET", "x", "2")).isEqualTo("+OK\r\n");
  }

  @Test
  void anOldReplicaGetsAFileOfKnownLength() {
    tester.configure("repl-diskless-sync", "no");
    TestClient old = tester.connect();
    old.sendRaw("SYNC\r\n");
    old.pump();
    String text = old.takeText();
    Matcher header = Pattern.compile("\n*\\$(\\d+)\r\n").matcher(text);
    assertThat(header.lookingAt()).as(text).isTrue();
    assertThat(text.substring(header.end())).hasSize(Integer.parseInt(header.group(1)));
    tester.run("SET", "b", "2");
    old.pump();
    assertThat(old.takeText())
        .isEqualTo(TestClient.encode("SELECT", "0") + TestClient.encode("SET", "b", "2"));
  }

  @Test
  void oneSnapshotServesAllThatWait() {
    tester.configure("repl-diskless-sync-delay", "3");
    TestClient one = replica();
    TestClient two = replica();
    one.send("PSYNC", "?", "-1");
    two.send("PSYNC", "?", "-1");
    one.pump();
    two.pump();
    assertThat(one.takeText()).isEmpty();
    tester.world().advanceMs(4_000);
    one.pump();
    two.pump();
    String first = one.takeText().replaceFirst("^\n*", "");
    assertThat(first).startsWith("+FULLRESYNC ");
    assertThat(two.takeText().replaceFirst("^\n*", "")).isEqualTo(first);
    assertThat(
            tester.world().logged().stream()
                .filter(l -> l.startsWith("Starting BGSAVE for SYNC"))
                .count())
        .isEqualTo(1);
  }

  /** Without the empty lines before the snapshot. */
  private static String withoutSignsOfLife(String text) {
    return text.replaceFirst("^\n+", "").replaceFirst("\n+\\$", "\\$");
  }

  @Test
  void aLateReplicaJoinsTheSnapshotThatIsBeingWritten() {
    tester.configure("repl-diskless-sync", "no", "rdb-key-save-delay", "1000000");
    tester.configure("repl-backlog-size", "16384");
    for (int i = 0; i < 5; i++) {
      tester.run("SET", "key:" + i, "1");
    }
    TestClient one = replica();
    one.send("PSYNC", "?", "-1");
    tester.world().advanceMs(1500);
    String later = "x".repeat(100_000);
    tester.run("SET", "later", later);
    TestClient two = replica();
    two.send("PSYNC", "?", "-1");
    tester.world().advanceMs(10_000);
    one.pump();
    two.pump();
    String first = withoutSignsOfLife(one.takeText());
    String second = withoutSignsOfLife(two.takeText());
    assertThat(first).startsWith("+FULLRESYNC ").contains(TestClient.encode("SET", "later", later));
    assertThat(second).isEqualTo(first);
    assertThat(
            tester.world().logged().stream()
                .filter(line -> line.startsWith("Starting BGSAVE for SYNC"))
                .count())
        .isEqualTo(1);
  }
}
