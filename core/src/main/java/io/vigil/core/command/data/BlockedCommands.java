package io.vigil.core.command.data;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.ByteString;
import io.vigil.core.keyspace.BlockedKeys;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.Session;
import io.vigil.core.session.Waiter;
import io.vigil.core.spec.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that wait for data in keys: BLPOP and its like.
 *
 * <pre>
 *   command finds nothing --> waits in the row of each of its keys
 *   a key comes to be     --> after the command that made it: those in its row try again, in order,
 *                             as long as the key is there; who finds nothing keeps its place
 * </pre>
 *
 * <p>To try again is to run the command's own handler on the words it was given, so that what is
 * answered and propagated is what it would have been at once.
 */
public final class BlockedCommands {
  private final BlockedKeys keys;
  private final Runner runner;

  /** Runs commands of clients that waited. */
  public interface Runner {
    /**
     * Runs a command again for its client and propagates its effects.
     *
     * @return false if it found nothing and goes on waiting
     */
    boolean retry(Session session, Command command, Arguments words);
  }

  private final class Waiting implements Waiter, BlockedKeys.Waiter {
    final Session session;
    final Command command;
    final Arguments words;
    final ValueType type;
    final List<BlockedKeys.Key> waitsFor = new ArrayList<>();

    Waiting(Session session, Command command, Arguments words, ValueType type) {
      this.session = session;
      this.command = command;
      this.words = words;
      this.type = type;
    }

    @Override
    public void timedOut() {
      forget();
      session.reply().nullArray();
    }

    @Override
    public void forget() {
      for (BlockedKeys.Key key : waitsFor) {
        keys.remove(key, this);
      }
      waitsFor.clear();
    }
  }

  BlockedCommands(BlockedKeys keys, Runner runner) {
    this.keys = keys;
    this.runner = runner;
  }

  /** Makes the client of a command wait for keys among its words. */
  void block(DataInvocation call, int firstKey, int count, ValueType type, long timeoutMs) {
    Waiting waiting = new Waiting(call.session(), call.command(), call.arguments().retain(), type);
    for (int i = firstKey; i < firstKey + count; i++) {
      ByteString name = ByteString.copyOf(call.arguments(), i);
      BlockedKeys.Key key = new BlockedKeys.Key(call.databaseIndex(), name);
      waiting.waitsFor.add(key);
      keys.add(key, waiting);
    }
    call.session().block(BlockedReason.KEYS, timeoutMs, waiting);
  }

  /** Serves who waits for keys that have come to be. To be called between commands. */
  public void serve(DataInvocation call) {
    while (keys.hasReady()) {
      BlockedKeys.Key key = keys.nextReady();
      Database database = call.database(key.database());
      byte[] name = key.name().array();
      for (BlockedKeys.Waiter each : keys.waitersFor(key)) {
        Waiting waiting = (Waiting) each;
        // One whose time has come counts as there: it is the command that tries again which deletes
        // it.
        long record = database.peekStored(name, 0, name.length);
        if (record == 0) {
          break;
        }
        if (database.type(record) == waiting.type) {
          serve(waiting);
        }
      }
    }
  }

  private void serve(Waiting waiting) {
    // Whom an earlier one's command has unblocked, or closed, waits no longer.
    if (waiting.waitsFor.isEmpty()) {
      return;
    }
    if (runner.retry(waiting.session, waiting.command, waiting.words)) {
      waiting.forget();
      waiting.session.unblock();
      waiting.session.flush();
    }
  }
}
