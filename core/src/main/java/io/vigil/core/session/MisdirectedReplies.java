package io.vigil.core.session;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.env.Clock;
import io.vigil.core.env.Log;
import io.vigil.core.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;

/**
 * Replies to commands that a replica of ours sends as if it were a client. They must not get into
 * the replication stream, which is all its connection carries: they end here, and so does it.
 */
final class MisdirectedReplies {
  private final Log log;
  private final Clock clock;
  private final OutputBuffer bytes = new OutputBuffer();
  private final ReplyWriter writer = new ReplyWriter(bytes);

  MisdirectedReplies(Log log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  ReplyWriter writer() {
    return writer;
  }

  boolean any() {
    return !bytes.isEmpty();
  }

  /** Drops what {@code session} was answered, says so in the log, and closes it. */
  void end(Session session) {
    byte[] start = new byte[128];
    String text =
        new String(start, 0, bytes.peek(start, 0, start.length), StandardCharsets.ISO_8859_1);
    bytes.clear();
    String command = session.lastCommand() == null ? "unknown" : session.lastCommand().fullName();
    log.warning(
        "Replica generated a reply to command '"
            + command
            + "', disconnecting it: "
            + ClientLine.of(session, clock.monotonicMs()));
    if (text.startsWith("-")) {
      log.warning(
          "== CRITICAL == This master is sending an error to its replica: '"
              + text.strip()
              + "' after processing the command '"
              + command
              + "'");
    }
    session.close("a replica was answered");
  }
}
