package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.node.TestClient;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandSpec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A replica of ours whose primary is played by the test, byte for byte. */
class ReplicaSideTest extends PlayedPrimary {
  @Test
  void aFullSynchronisationArrivesInPiecesOfAnySize() {
    String payload = snapshot("new", "1", "big", "x".repeat(3000));
    String stream =
        TestClient.encode("SELECT", "0")
            + TestClient.encode("SET", "streamed", "yes")
            + TestClient.encode("MULTI")
            + TestClient.encode("SET", "one", "1")
            + TestClient.encode("SET", "two", "2")
            + TestClient.encode("EXEC");
    for (String load : new String[] {"disabled", "swapdb", "on-empty-db"}) {
      for (int piece : new int[] {1, 3, 41, 100_000}) {
        for (boolean marked : new boolean[] {true, false}) {
          start();
          tester.configure("repl-diskless-load", load);
          follow();
          assertThat(handshake()).startsWith("*3\r\n$5\r\nPSYNC\r\n");
          String header = marked ? "$EOF:" + MARK + "\r\n" : "$" + payload.length() + "\r\n";
          // With a marked end the primary waits for the first acknowledgement before it goes on.
          String first =
              "+FULLRESYNC " + ID + " 1000\r\n\n\n" + header + payload + (marked ? MARK : stream);
          sendInPieces(lastLink(), first, piece);
          lastLink().pump();
          if (marked) {
            assertThat(lastLink().takeText())
                .contains(TestClient.encode("REPLCONF", "ACK", "1000"));
            sendInPieces(lastLink(), stream, piece);
          }
          String what = load + " " + piece + " " + marked;
          assertThat(get("big")).as(what).isEqualTo(bulk("x".repeat(3000)));
          assertThat(get("streamed")).as(what).isEqualTo(bulk("yes"));
          assertThat(get("two")).as(what).isEqualTo(bulk("2"));
          assertThat(get("old")).as(what).isEqualTo("$-1\r\n");
          assertThat(tester.node().stream().id()).isEqualTo(ID);
          assertThat(tester.node().stream().offset()).isEqualTo(1000 + stream.length());
        }
      }
    }
  }

  @Test
  void oldDataAreServedUntilTheNewOnesAreWhole() {
    String payload = snapshot("new", "1");
    follow();
    handshake();
    lastLink().sendRaw("+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\n" + payload);
    assertThat(get("old")).isEqualTo(bulk("data"));
    assertThat(get("new")).isEqualTo("$-1\r\n");
    lastLink().sendRaw(MARK);
    lastLink().pump();
    assertThat(get("new")).isEqualTo(bulk("1"));
  }

  @Test
  void aBrokenPayloadLeavesDataAndHistoryAsTheyWere() {
    String payload = snapshot("new", "1");
    String broken =
        payload.substring(0, payload.length() - 12)
            + "?"
            + payload.substring(payload.length() - 11);
    for (String load : new String[] {"disabled", "swapdb"}) {
      start();
      tester.configure("repl-diskless-load", load);
      String ownId = tester.node().stream().id();
      follow();
      handshake();
      lastLink().sendRaw("+FULLRESYNC " + ID + " 77\r\n$" + payload.length() + "\r\n" + broken);
      tester.world().runTurns();
      assertThat(get("old")).isEqualTo(bulk("data"));
      assertThat(tester.node().stream().id()).isEqualTo(ownId);
      assertThat(tester.world().logged())
          .anyMatch(line -> line.startsWith("Failed trying to load the MASTER"));
      tester.world().advanceMs(1000);
      assertThat(tester.world().outgoing()).as("it connects again").hasSize(2);
      assertThat(tester.text("REPLICAOF", "NO", "ONE")).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void aLinkCutAnywhereGoesOnAtTheLastWholeCommand() {
    String select = TestClient.encode("SELECT", "0");
    String set = TestClient.encode("SET", "a", "1");
    String transaction =
        TestClient.encode("MULTI")
            + TestClient.encode("SET", "b", "2")
            + TestClient.encode("SET", "c", "3")
            + TestClient.encode("EXEC");
    String stream = select + set + transaction;
    for (int cut = 0; cut <= stream.length(); cut++) {
      start();
      follow();
      handshake();
      lastLink().sendRaw("+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot() + MARK);
      lastLink().pump();
      lastLink().sendRaw(stream.substring(0, cut));
      lastLink().hangUp();
      int applied = cut;
      if (cut < select.length()) {
        applied = 0;
      } else if (cut < select.length() + set.length()) {
        applied = select.length();
      } else if (cut < stream.length()) {
        applied = select.length() + set.length();
      }
      assertThat(tester.node().stream().offset()).as("cut at %d", cut).isEqualTo(applied);
      assertThat(get("b")).isEqualTo(cut == stream.length() ? bulk("2") : "$-1\r\n");
      assertThat(handshake())
          .isEqualTo(TestClient.encode("PSYNC", ID, Integer.toString(applied + 1)));
      lastLink().sendRaw("+CONTINUE " + OTHER_ID + "\r\n" + stream.substring(applied));
      assertThat(get("c")).isEqualTo(bulk("3"));
      assertThat(tester.node().stream().id()).isEqualTo(OTHER_ID);
      assertThat(tester.node().stream().secondId()).isEqualTo(ID);
      assertThat(tester.node().stream().secondIdLimit()).isEqualTo(applied + 1);
      assertThat(tester.node().stream().offset()).isEqualTo(stream.length());
    }
  }

  /** A command of the stream that changes a key and then fails, as only a bug does. */
  private void plant(String name, String key) {
    tester
        .node()
        .services()
        .table()
        .add(
            CommandSpec.command(name)
                .arity(1)
                .flags(CommandFlag.WRITE)
                .handler(
                    (DataInvocation in) -> {
                      byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
                      in.database()
                          .strings()
                          .set(bytes, 0, bytes.length, bytes, 0, bytes.length, -1);
                      in.dirty(1);
                      throw new IllegalStateException("planted");
                    }));
  }

  @Test
  void aStreamThatCannotBeAppliedLeadsToAFullSynchronisationAfterAWhile() {
    plant("boom", "half");
    String select = TestClient.encode("SELECT", "0");
    String boom = TestClient.encode("BOOM");
    String after = TestClient.encode("SET", "after", "1");
    String transaction =
        TestClient.encode("MULTI") + boom + after + TestClient.encode("EXEC") + after;
    String nonsense = "*1\r\n$-7\r\n";
    int failures = 0;
    long delayMs = 1000;
    follow();
    for (String bad : new String[] {boom + after, transaction, nonsense, boom, boom, boom, boom}) {
      String asked = handshake();
      if (failures > 0) {
        assertThat(asked).isEqualTo(TestClient.encode("PSYNC", "?", "-1"));
      }
      synchronise("kept", "yes");
      assertThat(get("half")).isEqualTo("$-1\r\n");
      lastLink().sendRaw(select + bad);
      failures++;
      assertThat(lastLink().isClosed()).isTrue();
      assertThat(get("after")).isEqualTo("$-1\r\n");
      assertThat(get("kept")).as("served as stale").isEqualTo(bulk("yes"));
      assertThat(tester.node().stream().id()).isNotEqualTo(ID);
      assertThat(tester.node().stream().offset()).isEqualTo(select.length());
      assertThat(tester.text("INFO", "replication"))
          .contains("vigil_stream_failures:" + failures + "\r\n", "slave_repl_offset:1\r\n");
      int links = tester.world().outgoing().size();
      tester.world().advanceMs(delayMs - 1000);
      assertThat(tester.world().outgoing()).as("no attempt before its time").hasSize(links);
      tester.world().advanceMs(2000);
      assertThat(tester.world().outgoing()).hasSize(links + 1);
      delayMs = Math.min(60_000, 2 * delayMs);
    }
    assertThat(tester.node().sessions().counters().unexpectedFailures).isEqualTo(6);
    assertThat(tester.world().exitStatus()).isEqualTo(-1);
  }

  @Test
  void anOrderEndsTheWaitAfterAFailure() {
    plant("boom", "half");
    follow();
    for (int i = 0; i < 5; i++) {
      handshake();
      synchronise();
      lastLink().sendRaw(TestClient.encode("BOOM"));
      tester.world().advanceMs(60_000);
    }
    handshake();
    synchronise();
    lastLink().sendRaw(TestClient.encode("BOOM"));
    int links = tester.world().outgoing().size();
    assertThat(tester.text("REPLICAOF", "10.0.0.2", "7000")).isEqualTo("+OK\r\n");
    assertThat(tester.world().outgoing()).hasSize(links + 1);
  }

  @Test
  void whatIsNoRedisIsRefusedAndTriedAgain() {
    follow();
    lastLink().accept();
    lastLink().sendRaw("HTTP/1.1 400 Bad Request\r\n\r\n");
    assertThat(tester.world().logged())
        .contains("Error reply to PING from master: 'HTTP/1.1 400 Bad Request'");
    assertThat(lastLink().isClosed()).isTrue();
    assertThat(get("old")).isEqualTo(bulk("data"));
    tester.world().advanceMs(1100);
    assertThat(tester.world().outgoing()).hasSize(2);
    lastLink().accept();
    lastLink().sendRaw("+PONG\r\n+OK\r\n+OK\r\n+FULLRESYNC " + ID + " 5\r\nGET / HTTP/1.1\r\n");
    assertThat(tester.world().logged())
        .anyMatch(line -> line.startsWith("Bad protocol from MASTER, the first byte is not '$'"));
    Rng rng = new Rng(1);
    for (int round = 0; round < 200; round++) {
      tester.world().advanceMs(1100);
      StringBuilder garbage = new StringBuilder(round % 2 == 0 ? "" : "+PONG\r\n");
      for (int i = 0; i < 3000; i++) {
        garbage.append((char) rng.nextInt(256));
      }
      lastLink().accept();
      lastLink().sendRaw(garbage.toString());
    }
    assertThat(get("old")).isEqualTo(bulk("data"));
  }

  @Test
  void aPasswordThatIsWrongOrMissingKeepsTheLinkDown() {
    tester.configure("masterauth", "wrong");
    follow();
    lastLink().accept();
    lastLink().sendRaw("-NOAUTH Authentication required.\r\n");
    assertThat(lastLink().takeText()).contains(TestClient.encode("AUTH", "wrong"));
    lastLink().sendRaw("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    assertThat(lastLink().isClosed()).isTrue();
    assertThat(tester.world().logged())
        .contains(
            "Unable to AUTH to MASTER: -WRONGPASS invalid username-password pair or user is"
                + " disabled.");
    tester.configure("masterauth", "");
    tester.world().advanceMs(1100);
    lastLink().accept();
    String refused = "-NOAUTH Authentication required.\r\n";
    lastLink().sendRaw(refused);
    lastLink().sendRaw(refused + refused);
    lastLink().sendRaw(refused);
    assertThat(lastLink().isClosed()).isTrue();
    assertThat(tester.world().logged())
        .contains("Unexpected reply to PSYNC from master: -NOAUTH Authentication required.");
    assertThat(get("old")).isEqualTo(bulk("data"));
    assertThat(tester.text("INFO", "replication")).contains("master_link_status:down\r\n");
    tester.world().advanceMs(1100);
    assertThat(tester.world().outgoing()).hasSize(3);
  }

  @Test
  void aSilentPrimaryIsGivenUp() {
    follow();
    handshake();
    lastLink().sendRaw("+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot() + MARK);
    lastLink().pump();
    TestClient first = lastLink();
    tester.world().advanceMs(59_000);
    assertThat(first.isClosed()).isFalse();
    tester.world().advanceMs(3_000);
    assertThat(first.isClosed()).isTrue();
    assertThat(tester.world().logged()).contains("MASTER timeout: no data nor PING received...");
    assertThat(tester.world().outgoing().size()).isGreaterThan(1);
  }

  @Test
  void anOldPrimaryIsAskedBySync() {
    follow();
    handshake();
    lastLink().sendRaw("-ERR unknown command 'PSYNC'\r\n");
    assertThat(lastLink().takeText()).isEqualTo("SYNC\r\n");
    String payload = snapshot("new", "1");
    lastLink().sendRaw("$" + payload.length() + "\r\n" + payload);
    lastLink().pump();
    assertThat(get("new")).isEqualTo(bulk("1"));
  }
}
