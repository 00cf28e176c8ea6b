package io.vigil.core.node;

import static io.vigil.core.spec.CommandFlag.ALLOW_BUSY;
import static io.vigil.core.spec.CommandFlag.DENYOOM;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.MAY_REPLICATE;
import static io.vigil.core.spec.CommandFlag.NOT_QUEUED;
import static io.vigil.core.spec.CommandFlag.NO_ASYNC_LOADING;
import static io.vigil.core.spec.CommandFlag.NO_AUTH;
import static io.vigil.core.spec.CommandFlag.NO_MULTI;
import static io.vigil.core.spec.CommandFlag.PROTECTED;
import static io.vigil.core.spec.CommandFlag.READONLY;
import static io.vigil.core.spec.CommandFlag.RUNS_QUEUE;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandFlag.WHILE_SUBSCRIBED;
import static io.vigil.core.spec.CommandFlag.WRITE;
import static io.vigil.core.spec.CommandSpec.has;

import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.session.ClientPause;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.Session;
import io.vigil.core.spec.CommandContext;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.Guard;
import io.vigil.core.spec.Origin;
import io.vigil.core.spec.Refusal;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Why a command may not run now, in the order in which Redis asks: clients notice which error wins.
 * Each command keeps only the guards that concern it.
 */
final class Guards {
  private static final long MAY_CHANGE_STREAM = WRITE.mask() | MAY_REPLICATE.mask();

  static final Refusal NO_AUTHENTICATION = Refusal.error("NOAUTH Authentication required.");
  static final Refusal NOT_IN_TRANSACTION =
      Refusal.error("ERR Command not allowed inside a transaction");
  static final Refusal OUT_OF_MEMORY =
      Refusal.error("OOM command not allowed when used memory > 'maxmemory'.");
  static final Refusal TOO_FEW_REPLICAS =
      Refusal.error("NOREPLICAS Not enough good replicas to write.");
  static final Refusal READ_ONLY =
      Refusal.error("READONLY You can't write against a read only replica.");
  static final Refusal PRIMARY_DOWN =
      Refusal.error(
          "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.");
  static final Refusal IS_LOADING = Refusal.error("LOADING Redis is loading the dataset in memory");
  static final Refusal IS_REPLICA = Refusal.error("ERR Replica can't interact with the keyspace");

  private Guards() {}

  /** A guard made of two functions. */
  private record Rule(Predicate<CommandSpec> subject, Check body) implements Guard {
    @Override
    public boolean concerns(CommandSpec spec) {
      return subject.test(spec);
    }

    @Override
    public Refusal check(CommandContext context, long flags) {
      return body.check((Invocation) context, flags);
    }
  }

  @FunctionalInterface
  private interface Check {
    Refusal check(Invocation invocation, long flags);
  }

  private static Guard rule(Predicate<CommandSpec> subject, Check body) {
    return new Rule(subject, body);
  }

  /** A rule that asks for flags, which EXEC may take over from its queue. */
  private static Guard flagRule(Predicate<CommandSpec> subject, Check body) {
    return new Rule(spec -> spec.has(RUNS_QUEUE) || subject.test(spec), body);
  }

  /**
   * All guards, in order; {@code protection} refuses commands that the configuration must allow.
   */
  static List<Guard> inOrder(
      Conditions conditions, BiFunction<Invocation, CommandSpec, Refusal> protection) {
    return List.of(
        rule(spec -> spec.has(PROTECTED), (in, flags) -> protection.apply(in, in.spec())),
        rule(spec -> !spec.has(NO_AUTH), (in, flags) -> authentication(in)),
        rule(spec -> spec.has(NO_MULTI), (in, flags) -> insideTransaction(in)),
        rule(spec -> true, (in, flags) -> memory(in, flags, conditions)),
        flagRule(Guards::failsWithDisk, (in, flags) -> disk(in, flags, conditions)),
        flagRule(Guards::writes, (in, flags) -> replicas(flags, conditions)),
        flagRule(Guards::writes, (in, flags) -> readOnly(in, flags, conditions)),
        rule(spec -> !spec.has(WHILE_SUBSCRIBED), (in, flags) -> subscribed(in)),
        flagRule(spec -> !spec.has(STALE), (in, flags) -> stale(flags, conditions)),
        flagRule(spec -> !spec.has(LOADING), (in, flags) -> loading(flags, conditions)),
        flagRule(
            spec -> spec.has(NO_ASYNC_LOADING), (in, flags) -> loadingBeside(flags, conditions)),
        rule(spec -> !spec.has(ALLOW_BUSY), (in, flags) -> busy(conditions)),
        flagRule(Guards::touchesKeys, (in, flags) -> replica(in, flags)),
        rule(spec -> true, (in, flags) -> pause(in, flags)),
        flagRule(Guards::writes, (in, flags) -> snapshot(in, flags, conditions)));
  }

  private static boolean writes(CommandSpec spec) {
    return spec.has(WRITE);
  }

  private static boolean failsWithDisk(CommandSpec spec) {
    return spec.has(WRITE) || spec.name().equals("ping");
  }

  private static boolean touchesKeys(CommandSpec spec) {
    return spec.has(WRITE) || spec.has(READONLY) || spec.has(MAY_REPLICATE);
  }

  private static Refusal authentication(Invocation in) {
    boolean refused = in.session().needsAuthentication() && !in.origin().mustObey();
    return refused ? NO_AUTHENTICATION : null;
  }

  private static Refusal insideTransaction(Invocation in) {
    return in.session().inTransaction() ? NOT_IN_TRANSACTION : null;
  }

  /**
   * Queueing may take memory without bound, so inside MULTI every command counts as needing it.
   *
   * <p>A primary's command cannot be refused: without it the data would be others than the
   * primary's. Where there is no room for it the stream ends, and with it this node's part in it.
   */
  private static Refusal memory(Invocation in, long flags, Conditions conditions) {
    boolean queued = in.session().inTransaction() && !in.spec().has(NOT_QUEUED);
    if (!queued && !has(flags, DENYOOM)) {
      return null;
    }
    long bytes = in.arguments().totalBytes();
    if (in.origin() == Origin.PRIMARY_LINK && conditions.isFull(bytes)) {
      in.session().fail(DataInvocation.NO_ROOM);
      return Refusal.DROP;
    }
    boolean refused = !in.origin().mustObey() && conditions.isOutOfMemory(bytes);
    return refused ? OUT_OF_MEMORY : null;
  }

  private static Refusal disk(Invocation in, long flags, Conditions conditions) {
    if (!has(flags, WRITE) && in.spec().has(RUNS_QUEUE)) {
      return null;
    }
    String error = conditions.diskError();
    return error == null || in.origin().mustObey() ? null : Refusal.error(error);
  }

  private static Refusal replicas(long flags, Conditions conditions) {
    return has(flags, WRITE) && conditions.lacksReplicas() ? TOO_FEW_REPLICAS : null;
  }

  private static Refusal readOnly(Invocation in, long flags, Conditions conditions) {
    boolean refused =
        has(flags, WRITE) && conditions.isReadOnlyReplica() && !in.origin().mustObey();
    return refused ? READ_ONLY : null;
  }

  private static Refusal subscribed(Invocation in) {
    Session session = in.session();
    if (!session.isSubscribed() || session.protocol() != 2) {
      return null;
    }
    return Refusal.error(
        "ERR Can't execute '"
            + in.command().fullName()
            + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this"
            + " context");
  }

  private static Refusal stale(long flags, Conditions conditions) {
    return !has(flags, STALE) && conditions.isStale() ? PRIMARY_DOWN : null;
  }

  private static Refusal loading(long flags, Conditions conditions) {
    return !has(flags, LOADING) && conditions.isLoading() ? IS_LOADING : null;
  }

  private static Refusal loadingBeside(long flags, Conditions conditions) {
    return has(flags, NO_ASYNC_LOADING) && conditions.isLoadingBeside() ? IS_LOADING : null;
  }

  private static Refusal busy(Conditions conditions) {
    String error = conditions.busyError();
    return error == null ? null : Refusal.error(error);
  }

  /** Replicas are exempt from pauses; so that none makes use of that, they get no keys. */
  private static Refusal replica(Invocation in, long flags) {
    boolean touches = (flags & (MAY_CHANGE_STREAM | READONLY.mask())) != 0;
    return touches && isFed(in.session()) ? IS_REPLICA : null;
  }

  /** Replicas and monitors: they receive the stream rather than take part. */
  private static boolean isFed(Session session) {
    return session.isMonitor() || session.type() == ClientType.REPLICA;
  }

  /** What a snapshot has yet to see is kept for it: writers wait while that is too much. */
  private static Refusal snapshot(Invocation in, long flags, Conditions conditions) {
    boolean held = has(flags, WRITE) && conditions.isSnapshotFull() && in.origin() == Origin.CLIENT;
    return held ? Refusal.DELAY : null;
  }

  private static Refusal pause(Invocation in, long flags) {
    ClientPause pause = in.services().sessions().pause();
    if (!pause.isActive() || isFed(in.session())) {
      return null;
    }
    boolean held = pause.mode() == ClientPause.Mode.ALL || (flags & MAY_CHANGE_STREAM) != 0;
    return held ? Refusal.POSTPONE : null;
  }
}
