package io.vigil.core.replication;

import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.Session;
import io.vigil.core.session.Waiter;
import java.util.ArrayList;
import java.util.List;

/** Clients in WAIT: each wants so many replicas to have acknowledged an offset. */
final class WaitingClients {
  private final PrimarySide primary;
  private final List<Waiting> waiting = new ArrayList<>();

  private final class Waiting implements Waiter {
    final Session session;
    final long offset;
    final long wanted;

    Waiting(Session session, long offset, long wanted) {
      this.session = session;
      this.offset = offset;
      this.wanted = wanted;
    }

    @Override
    public void timedOut() {
      waiting.remove(this);
      session.reply().integer(primary.acknowledgedBy(offset));
    }

    @Override
    public void forget() {
      waiting.remove(this);
    }
  }

  WaitingClients(PrimarySide primary) {
    this.primary = primary;
  }

  /** Blocks {@code session}; {@code timeoutMs} of 0 waits for ever. */
  void add(Session session, long offset, long wanted, long timeoutMs) {
    Waiting entry = new Waiting(session, offset, wanted);
    waiting.add(entry);
    session.block(BlockedReason.WAIT, timeoutMs, entry);
    primary.wantAcknowledgements();
  }

  /** Somebody has acknowledged something. */
  void acknowledged() {
    if (waiting.isEmpty()) {
      return;
    }
    for (Waiting entry : List.copyOf(waiting)) {
      int count = primary.acknowledgedBy(entry.offset);
      if (count >= entry.wanted) {
        waiting.remove(entry);
        entry.session.unblock();
        entry.session.reply().integer(count);
        entry.session.flush();
      }
    }
  }
}
