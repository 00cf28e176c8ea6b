package io.vigil.core.replication;

import io.vigil.core.base.Arguments;
import io.vigil.core.resp.RequestParser;
import io.vigil.core.session.Session;
import java.io.ByteArrayOutputStream;

/**
 * Runs the commands of the primary's stream and passes the same bytes on to our own stream: what is
 * applied and what our replicas get is one and the same.
 *
 * <p>A transaction is passed on whole, after its EXEC: a link lost in the middle leaves neither
 * half of it applied nor half of it in the stream, and the offset stands before its MULTI.
 *
 * <p>A stream that cannot be parsed or applied is not gone on with: what had been applied of the
 * failed command is not known, so that all data are asked for anew.
 */
final class StreamApplier {
  private final ReplicaSide side;
  private final Session session;
  private final RequestParser parser;
  private final Arguments arguments = new Arguments();
  private final ByteArrayOutputStream transaction = new ByteArrayOutputStream();

  StreamApplier(ReplicaSide side, Session session) {
    this.side = side;
    this.session = session;
    this.parser = session.parser();
  }

  void apply(byte[] buffer, int offset, int length) {
    parser.feed(buffer, offset, length);
    side.runner.beginBurst();
    RequestParser.Outcome outcome = parser.next(arguments);
    while (outcome == RequestParser.Outcome.COMMAND) {
      side.runner.run(session, arguments);
      if (session.hasFailed()) {
        arguments.clear();
        side.streamFailed(session.failure());
        return;
      }
      passOn();
      if (session.isClosing()) {
        break;
      }
      outcome = parser.next(arguments);
    }
    arguments.clear();
    side.runner.endBurst();
    if (outcome == RequestParser.Outcome.ERROR) {
      side.streamFailed("Protocol error (" + parser.error() + ")");
      return;
    }
    parser.retain();
    session.flush();
  }

  private void passOn() {
    byte[] array = parser.commandArray();
    int offset = parser.commandOffset();
    int length = parser.commandLength();
    if (session.inTransaction()) {
      transaction.write(array, offset, length);
    } else if (transaction.size() > 0) {
      transaction.write(array, offset, length);
      byte[] whole = transaction.toByteArray();
      transaction.reset();
      side.stream.append(whole, 0, whole.length);
    } else {
      side.stream.append(array, offset, length);
    }
  }

  /** Bytes received and not yet part of the stream. */
  long unappliedBytes() {
    return parser.pendingBytes() + transaction.size();
  }
}
