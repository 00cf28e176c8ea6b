package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

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

/** For tests of a replica of ours whose primary is played by the test, byte for byte. */
abstract class PlayedPrimary {
  static final String ID = "a".repeat(40);
  static final String OTHER_ID = "b".repeat(40);
  static final String MARK = "m".repeat(40);

  CommandTester tester;

  @BeforeEach
  void start() {
    tester = new CommandTester();
    tester.run("SET", "old", "data");
  }

  TestClient lastLink() {
    return tester.world().outgoing().getLast();
  }

  /**
   * Follows the played primary and goes through the handshake up to PSYNC; returns what PSYNC asked
   * for.
   */
  String handshake() {
    TestClient link = lastLink();
    link.accept();
    assertThat(link.takeText()).isEqualTo(TestClient.encode("PING"));
    link.sendRaw("+PONG\r\n");
    assertThat(link.takeText())
        .contains(TestClient.encode("REPLCONF", "capa", "eof", "capa", "psync2"));
    link.sendRaw("+OK\r\n+OK\r\n");
    return link.takeText();
  }

  void follow() {
    assertThat(tester.text("REPLICAOF", "10.0.0.1", "7000")).isEqualTo("+OK\r\n");
  }

  static String snapshot(String... keysAndValues) {
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
  static void sendInPieces(TestClient link, String text, int pieceBytes) {
    for (int at = 0; at < text.length(); at += pieceBytes) {
      link.sendRaw(text.substring(at, Math.min(text.length(), at + pieceBytes)));
    }
  }

  String get(String key) {
    return tester.text("GET", key);
  }

  static String bulk(String value) {
    return "$" + value.length() + "\r\n" + value + "\r\n";
  }

  void synchronise(String... keysAndValues) {
    lastLink()
        .sendRaw(
            "+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot(keysAndValues) + MARK);
    lastLink().pump();
  }
}
