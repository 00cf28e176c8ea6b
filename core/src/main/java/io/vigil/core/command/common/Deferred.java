package io.vigil.core.command.common;

import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.Session;
import io.vigil.core.session.Waiter;
import java.util.function.Consumer;

/**
 * A reply that comes later, once work outside the core is done. Until then the client is blocked:
 * nothing further of it runs, so its replies stay in order. Nothing is written when it has left
 * meanwhile.
 */
public final class Deferred implements Waiter {
  private final Session session;
  private boolean forgotten;

  private Deferred(Session session) {
    this.session = session;
  }

  /** Defers the reply of the command that {@code session} is running. */
  static Deferred of(Session session) {
    Deferred deferred = new Deferred(session);
    session.block(BlockedReason.WORK, 0, deferred);
    return deferred;
  }

  /** Writes the reply and lets the client go on; only once. */
  public void complete(Consumer<ReplyWriter> writer) {
    if (forgotten) {
      return;
    }
    forgotten = true;
    writer.accept(session.reply());
    session.unblock();
    session.flush();
  }

  @Override
  public void timedOut() {
    complete(reply -> reply.error("UNBLOCKED client unblocked before its reply was ready"));
  }

  @Override
  public void forget() {
    forgotten = true;
  }
}
