package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import io.vigil.core.node.CommandTester;
import io.vigil.core.node.TestClient;
import io.vigil.core.persist.rdb.RdbEncoder;
import io.vigil.core.persist.rdb.RdbFormat;
import io.vigil.core.persist.rdb.RdbWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica of ours whose primary is played by the test, byte for byte. */
class ReplicaSideTest {
  private static final String ID = "a".repeat(40);
  private static final String OTHER_ID = "b".repeat(40);
  private static final String MARK = "m".repeat(40);

  private CommandTester tester;

  @BeforeEach
  void start() {
    tester = new CommandTester();
    tester.run("SET", "old", "data");
  }

  private TestClient lastLink() {
    return tester.world().outgoing().getLast();
  }

  /**
   * Follows the played primary and goes through the handshake up to PSYNC; returns what PSYNC asked
   * for.
   */
  private String handshake() {
    TestClient link = lastLink();
    link.accept();
    assertThat(link.takeText()).isEqualTo(TestClient.encode("PING"));
    link.sendRaw("+PONG\r\n");
    assertThat(link.takeText())
        .contains(TestClient.encode("REPLCONF", "capa", "eof", "capa", "psync2"));
    link.sendRaw("+OK\r\n+OK\r\n");
    return link.takeText();
  }

  private void follow() {
    assertThat(tester.text("REPLICAOF", "10.0.0.1", "7000")).isEqualTo("+OK\r\n");
  }

  private static String snapshot(String... keysAndValues) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RdbWriter writer = new RdbWriter(out::write, true, true);
      writer.begin(Map.of("repl-stream-db", "0"));
      writer.database(0, keysAndValues.length / 2, 0);
      for (int i = 0; i < keysAndValues.length; i += 2) {
        RdbEncoder entry = writer.entry();
        entry.octet(RdbFormat.TYPE_STRING);
        entry.string(keysAndValues[i]);
        entry.string(keysAndValues[i + 1]);
        writer.entryDone();
      }
      writer.finish();
      return out.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends in pieces; a piece may end anywhere. */
  private static void sendInPieces(TestClient link, String text, int pieceBytes) {
    for (int at = 0; at < text.length(); at += pieceBytes) {
      link.sendRaw(text.substring(at, Math.min(text.length(), at + pieceBytes)));
    }
  }

  private String get(String key) {
    return tester.text("GET", key);
  }

  private static String bulk(String value) {
    return "$" + value.length() + "\r\n" + value + "\r\n";
  }

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
