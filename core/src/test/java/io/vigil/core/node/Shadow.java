package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;

/**
 * A second node that is kept equal to the first by nothing but what the first one tells its
 * replicas. {@link #verify} proves that the effects of the commands so far say all that they did,
 * that the data survive a data file, and that memory and tables of both are whole.
 *
 * <pre>
 *   commands --> node --stream of effects--> copy
 *                  |                           |  DEBUG RELOAD
 *                  +-------- DIGEST ==? -------+
 * </pre>
 *
 * Time must stand still between two calls of {@code verify}: the copy decides for itself which keys
 * have expired.
 */
final class Shadow {
  private static final String OPTIONS = "enable-debug-command yes\nrepl-diskless-sync-delay 0\n";

  private final CommandTester original;
  private final CommandTester copy = new CommandTester(OPTIONS);
  private final TestClient link;

  private Shadow(CommandTester original) {
    this.original = original;
    link = original.connect();
    link.send("REPLCONF", "capa", "eof", "capa", "psync2");
    link.send("PSYNC", "?", "-1");
    link.pump();
    link.send("REPLCONF", "ACK", "0");
    link.pump();
    link.takeText();
  }

  /** A node that can have a shadow. */
  static CommandTester original() {
    return new CommandTester(OPTIONS);
  }

  /** Follows a node made by {@link #original}, which is still empty. */
  static Shadow of(CommandTester original) {
    return new Shadow(original);
  }

  /** Brings the copy up to date and compares. */
  void verify() {
    link.pump();
    String effects = link.takeText();
    copy.client().sendRaw(effects);
    copy.client().pump();
    for (Reply reply = copy.client().next(); reply != null; reply = copy.client().next()) {
      assertThat(reply).as("the copy's reply to an effect").isNotInstanceOf(Reply.Failure.class);
    }
    assertThat(copy.client().isClosed()).as("the copy closed the stream").isFalse();
    TestClient asking = original.connect();
    String digest = asking.raw("DEBUG", "DIGEST");
    asking.hangUp();
    TestClient reader = copy.connect();
    assertThat(reader.raw("DEBUG", "DIGEST")).as("after\n%s", effects).isEqualTo(digest);
    assertThat(reader.raw("DEBUG", "RELOAD")).isEqualTo("+OK\r\n");
    assertThat(reader.raw("DEBUG", "DIGEST")).as("after a reload").isEqualTo(digest);
    reader.hangUp();
    original.node().keyspace().verify();
    copy.node().keyspace().verify();
  }
}
