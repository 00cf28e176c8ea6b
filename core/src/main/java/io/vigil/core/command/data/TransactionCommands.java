package io.vigil.core.command.data;

import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandFlag.ALLOW_BUSY;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.FAST;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.NOT_PROPAGATED;
import static io.vigil.core.spec.CommandFlag.NOT_QUEUED;
import static io.vigil.core.spec.CommandFlag.RUNS_QUEUE;
import static io.vigil.core.spec.CommandFlag.SKIP_SLOWLOG;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.ByteString;
import io.vigil.core.session.Session;
import io.vigil.core.session.Transaction;
import io.vigil.core.session.Watches;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/**
 * Transactions: MULTI queues, EXEC runs the queue without a gap, WATCH makes EXEC depend on keys
 * that did not change.
 */
public final class TransactionCommands {
  private TransactionCommands() {}

  /** All commands of this file. */
  public static List<CommandSpec> all() {
    return List.of(MULTI, EXEC, DISCARD, WATCH, UNWATCH);
  }

  private static CommandSpec.Builder transaction(String name, String since, int arity) {
    return command(name)
        .group(CommandGroup.TRANSACTIONS)
        .since(since)
        .arity(arity)
        .flags(NOSCRIPT, LOADING, STALE)
        .categories(AclCategory.TRANSACTION);
  }

  public static final CommandSpec MULTI =
      transaction("multi", "1.2.0", 1)
          .flags(FAST, ALLOW_BUSY, BARRIER, NOT_QUEUED)
          .summary("Starts to queue commands.")
          .complexity("O(1)")
          .handler(TransactionCommands::multi);

  private static void multi(DataInvocation in) {
    if (in.session().inTransaction()) {
      throw new CommandError("ERR MULTI calls can not be nested");
    }
    in.session().beginTransaction();
    in.reply().ok();
  }

  public static final CommandSpec EXEC =
      transaction("exec", "1.2.0", 1)
          .flags(SKIP_SLOWLOG, NOT_QUEUED, RUNS_QUEUE, NOT_PROPAGATED)
          .summary("Runs the commands queued since MULTI.")
          .complexity("Depends on the commands queued.")
          .handler(TransactionCommands::exec);

  private static void exec(DataInvocation in) {
    Session session = in.session();
    if (!session.inTransaction()) {
      throw new CommandError("ERR EXEC without MULTI");
    }
    Watches watches = in.services().sessions().watches();
    if (watches.hasExpired(session, in.watchedKeys())) {
      session.markDirty();
    }
    if (session.transaction().failed()) {
      session.endTransaction();
      throw new CommandError("EXECABORT Transaction discarded because of previous errors.");
    }
    if (session.isDirty()) {
      session.endTransaction();
      in.reply().nullArray();
      return;
    }
    watches.unwatchAll(session);
    List<Transaction.Queued> queue = session.transaction().commands();
    in.reply().array(queue.size());
    in.runQueue(queue);
    session.endTransaction();
  }

  public static final CommandSpec DISCARD =
      transaction("discard", "2.0.0", 1)
          .flags(FAST, ALLOW_BUSY, NOT_QUEUED)
          .summary("Forgets the commands queued since MULTI.")
          .complexity("O(N) where N is the number of commands queued")
          .handler(TransactionCommands::discard);

  private static void discard(DataInvocation in) {
    if (!in.session().inTransaction()) {
      throw new CommandError("ERR DISCARD without MULTI");
    }
    in.session().endTransaction();
    in.reply().ok();
  }

  public static final CommandSpec WATCH =
      transaction("watch", "2.2.0", -2)
          .flags(FAST, ALLOW_BUSY, NOT_QUEUED)
          .keys(key(1).range(-1, 1, 0).ro())
          .arguments(keyArg("key").multiple())
          .summary("Makes the next EXEC run only if some keys stay as they are.")
          .complexity("O(1) for every key")
          .handler(TransactionCommands::watch);

  private static void watch(DataInvocation in) {
    Session session = in.session();
    if (session.inTransaction()) {
      throw new CommandError("ERR WATCH inside MULTI is not allowed");
    }
    if (!session.isDirty()) {
      Watches watches = in.services().sessions().watches();
      for (int i = 1; i < in.count(); i++) {
        ByteString key = ByteString.copyOf(in.arguments(), i);
        boolean expired = in.watchedKeys().isExpired(session.database(), key);
        watches.watch(session, session.database(), key, expired);
      }
    }
    in.reply().ok();
  }

  public static final CommandSpec UNWATCH =
      transaction("unwatch", "2.2.0", 1)
          .flags(FAST, ALLOW_BUSY)
          .summary("Forgets all watched keys of this connection.")
          .complexity("O(1)")
          .handler(TransactionCommands::unwatch);

  private static void unwatch(DataInvocation in) {
    in.session().unwatch();
    in.reply().ok();
  }
}
