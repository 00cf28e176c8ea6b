package io.vigil.core.node;

import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.common.ShutdownRequest;
import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.Session;
import io.vigil.core.session.Waiter;
import io.vigil.core.spec.CommandError;

/** What SHUTDOWN does with the sequence that ends the process, in servers and Sentinels alike. */
final class ShutdownEnd {
  /** Waits for an end that is not its own business. */
  private static final Waiter NEVER =
      new Waiter() {
        @Override
        public void timedOut() {
          throw new IllegalStateException("a shutdown has no time limit");
        }

        @Override
        public void forget() {
          // The shutdown goes on without the client that asked for it.
        }
      };

  private ShutdownEnd() {}

  /** Starts or takes back a shutdown; {@code sequence} is null where none was bound. */
  static void of(ShutdownSequence sequence, ShutdownRequest request, Invocation in) {
    if (sequence == null) {
      throw new CommandError("ERR SHUTDOWN is not possible: nothing ends this node");
    }
    if (request.abort()) {
      if (!sequence.abort()) {
        throw new CommandError("ERR No shutdown in progress.");
      }
      in.reply().ok();
      return;
    }
    Session session = in.session();
    session.block(BlockedReason.SHUTDOWN, 0, NEVER);
    sequence.request(
        new ShutdownSequence.Options(
            request.save(), request.noSave(), request.now(), request.force()),
        () -> session.unblockWithError("ERR Errors trying to SHUTDOWN. Check logs."));
  }
}
