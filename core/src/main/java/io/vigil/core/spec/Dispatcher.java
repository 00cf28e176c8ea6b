package io.vigil.core.spec;

import io.vigil.core.base.Arguments;
import java.util.List;

/**
 * From words to a handler's body:
 *
 * <pre>
 *   lookup -> arity -> guards, in order -> queue inside MULTI -> handler -> hooks
 *                |        |
 *                +--------+--> refused: counted, a transaction fails with it
 * </pre>
 *
 * <p>The path of a command that passes allocates nothing. Monotonic time is read once per command:
 * where one ends the next one begins.
 */
public final class Dispatcher {
  private static final int PREVIEW_BYTES = 128;

  private final CommandTable table;
  private final CommandClock clock;
  private final AfterCommand[] hooks;
  private final RejectedCounter rejected;
  private long boundaryNanos;

  /** Counts a command that was refused before it ran. */
  @FunctionalInterface
  public interface RejectedCounter {
    void rejected(Command command);
  }

  public Dispatcher(
      CommandTable table, CommandClock clock, List<AfterCommand> hooks, RejectedCounter rejected) {
    this.table = table;
    this.clock = clock;
    this.hooks = hooks.toArray(AfterCommand[]::new);
    this.rejected = rejected;
  }

  public CommandTable table() {
    return table;
  }

  /** Says that commands follow now: the first one's time starts here. */
  public void beginBurst() {
    boundaryNanos = clock.monotonicNanos();
  }

  /** Monotonic time of the last command boundary. */
  public long boundaryNanos() {
    return boundaryNanos;
  }

  /** Judges and runs, or queues, the command in {@code context}. */
  public void dispatch(CommandContext context) {
    clock.refreshIfStale(boundaryNanos);
    Command command = table.find(context.arguments(), 0);
    context.command(command);
    Refusal refusal = command == null ? unknown(context.arguments()) : judge(context, command);
    if (refusal != null) {
      refuse(context, command, refusal);
    } else if (context.inTransaction() && !command.spec().has(CommandFlag.NOT_QUEUED)) {
      context.enqueue();
    } else {
      call(context);
    }
  }

  private Refusal judge(CommandContext context, Command command) {
    if (!command.acceptsCount(context.arguments().count())) {
      return wrongCount(command);
    }
    CommandSpec spec = command.spec();
    long flags = spec.flags();
    if (spec.has(CommandFlag.RUNS_QUEUE)) {
      flags = context.withQueuedFlags(flags);
    }
    for (Guard guard : command.guards()) {
      Refusal refusal = guard.check(context, flags);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private void refuse(CommandContext context, Command command, Refusal refusal) {
    switch (refusal.kind()) {
      case POSTPONE -> context.postpone();
      case DELAY -> context.delay();
      case DROP -> context.drop(refusal.text());
      case ERROR -> {
        context.failTransaction();
        if (command != null) {
          rejected.rejected(command);
        }
        if (command != null && command.spec().has(CommandFlag.RUNS_QUEUE)) {
          context.abortTransaction(refusal.text());
        } else {
          context.replyError(refusal.text());
        }
      }
    }
  }

  /** Runs the handler of {@code context}'s command and the hooks, without asking any guard. */
  public void call(CommandContext context) {
    long durationNanos = callQuietly(context);
    for (AfterCommand hook : hooks) {
      hook.after(context, durationNanos);
    }
  }

  /**
   * Runs the handler of {@code context}'s command, once more perhaps, without the hooks.
   *
   * @return how long it took
   */
  public long callQuietly(CommandContext context) {
    long startNanos = boundaryNanos;
    context.startsRunning();
    try {
      context.spec().handler().run(context);
    } catch (CommandError error) {
      context.replyError(error.text());
    } catch (RuntimeException failure) {
      context.handlerFailed(failure);
    }
    boundaryNanos = clock.monotonicNanos();
    return boundaryNanos - startNanos;
  }

  private Refusal unknown(Arguments arguments) {
    if (arguments.is(0, "HOST:") || arguments.is(0, "POST")) {
      return new Refusal(Refusal.Kind.DROP, "cross-protocol request");
    }
    Command container = table.findTop(arguments, 0);
    if (container != null) {
      return Refusal.error(
          "ERR unknown subcommand '"
              + preview(arguments, 1, PREVIEW_BYTES)
              + "'. Try "
              + arguments.text(0).toUpperCase(java.util.Locale.ROOT)
              + " HELP.");
    }
    StringBuilder text = new StringBuilder("ERR unknown command '");
    text.append(preview(arguments, 0, PREVIEW_BYTES)).append("', with args beginning with: ");
    int start = text.length();
    for (int i = 1; i < arguments.count(); i++) {
      int used = text.length() - start;
      if (used >= PREVIEW_BYTES) {
        break;
      }
      text.append('\'').append(preview(arguments, i, PREVIEW_BYTES - used)).append("' ");
    }
    return Refusal.error(text.toString());
  }

  /** The first bytes of a word, up to a zero byte, as C prints a string. */
  private static String preview(Arguments arguments, int index, int maximum) {
    int length = Math.min(arguments.length(index), maximum);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length && arguments.byteAt(index, i) != 0; i++) {
      text.append((char) (arguments.byteAt(index, i) & 0xff));
    }
    return text.toString();
  }

  private static Refusal wrongCount(Command command) {
    return Refusal.error("ERR wrong number of arguments for '" + command.fullName() + "' command");
  }
}
