package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.node.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary that is demoted keeps what nobody else has. */
class LostTailTest extends PlayedPrimary {
  private TestClient replica;

  @BeforeEach
  void attachReplica() {
    tester.configure("repl-diskless-sync-delay", "0", "save", "");
    replica = tester.connect();
    replica.send("REPLCONF", "listening-port", "7001");
    replica.send("REPLCONF", "capa", "eof", "capa", "psync2");
    replica.send("PSYNC", "?", "-1");
    replica.pump();
    replica.takeText();
    acknowledgeAll();
  }

  private void acknowledgeAll() {
    replica.send("REPLCONF", "ACK", Long.toString(tester.node().stream().offset()));
    replica.pump();
    tester.world().advanceMs(1000);
  }

  private List<String> files() {
    return tester.disk().list(".").stream().filter(name -> name.startsWith("vigil-tail-")).toList();
  }

  private String content(String file) {
    return new String(tester.disk().bytes(file), StandardCharsets.ISO_8859_1);
  }

  private void demoteInto(String payload) {
    follow();
    handshake();
    lastLink().sendRaw("+FULLRESYNC " + OTHER_ID + " 0\r\n$EOF:" + MARK + "\r\n" + payload + MARK);
    lastLink().pump();
  }

  @Test
  void whatNoReplicaAcknowledgedIsKeptAsCommands() {
    for (String load : new String[] {"disabled", "swapdb"}) {
      start();
      attachReplica();
      tester.configure("repl-diskless-load", load);
      tester.run("SELECT", "3");
      tester.run("SET", "a", "1");
      acknowledgeAll();
      tester.run("SET", "b", "2");
      tester.run("MULTI");
      tester.run("SET", "c", "3");
      tester.run("INCR", "n");
      tester.run("EXEC");
      tester.run("SELECT", "0");
      demoteInto(snapshot("new", "1"));
      assertThat(get("new")).isEqualTo(bulk("1"));
      assertThat(files()).hasSize(1);
      assertThat(content(files().getFirst()))
          .isEqualTo(
              TestClient.encode("SELECT", "3")
                  + TestClient.encode("SET", "b", "2")
                  + TestClient.encode("MULTI")
                  + TestClient.encode("SET", "c", "3")
                  + TestClient.encode("INCR", "n")
                  + TestClient.encode("EXEC"));
      assertThat(tester.text("INFO", "replication"))
          .contains("vigil_kept_tail:" + files().getFirst() + "\r\n", "vigil_kept_tail_bytes:");
      assertThat(tester.world().logged())
          .anyMatch(line -> line.endsWith("they are kept in " + files().getFirst() + "."));
    }
  }

  @Test
  void nothingIsKeptWhereNothingIsLost() {
    tester.run("SET", "a", "1");
    acknowledgeAll();
    // Signs of life are no loss.
    tester.world().advanceMs(25_000);
    replica.send("REPLCONF", "ACK", "1");
    demoteInto(snapshot("new", "1"));
    assertThat(files()).isEmpty();
    assertThat(tester.text("INFO", "replication")).contains("vigil_kept_tail:\r\n");
  }

  @Test
  void aHistoryThatGoesOnLosesNothing() {
    tester.run("SET", "a", "1");
    follow();
    handshake();
    lastLink().sendRaw("+CONTINUE " + OTHER_ID + "\r\n");
    lastLink().hangUp();
    handshake();
    lastLink().sendRaw("+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot() + MARK);
    lastLink().pump();
    assertThat(files()).isEmpty();
  }

  @Test
  void filesAreBoundedInNumberAndSize() {
    tester.configure("vigil-tail-files", "2", "vigil-tail-size", "1000");
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 50; i++) {
        tester.run("SET", "key:" + i, "x".repeat(40));
        tester.world().advanceMs(1000);
      }
      demoteInto(snapshot("new", "1"));
      tester.run("REPLICAOF", "NO", "ONE");
    }
    assertThat(files()).hasSize(2);
    for (String file : files()) {
      assertThat(content(file).length()).isBetween(900, 1050);
      assertThat(content(file)).startsWith(TestClient.encode("SELECT", "0")).contains("key:49");
    }
  }

  @Test
  void aDiskThatFailsIsReportedAndDoesNotStopTheSynchronisation() {
    tester.configure("repl-diskless-load", "swapdb");
    tester.run("SET", "a", "1");
    tester.disk().failWrites(new IOException("No space left on device"));
    demoteInto(snapshot("new", "1"));
    assertThat(get("new")).isEqualTo(bulk("1"));
    assertThat(tester.world().logged())
        .anyMatch(line -> line.endsWith("No space left on device") && line.contains("vigil-tail-"));
  }
}
