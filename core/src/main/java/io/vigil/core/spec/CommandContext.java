package io.vigil.core.spec;

import io.vigil.core.base.Arguments;

/**
 * One command on its way: its words, what they name, and where it comes from. One instance serves
 * many commands, one after the other. What the dispatcher must know of the client stands here as
 * abstract methods.
 */
public abstract class CommandContext {
  private Arguments arguments;
  private Command command;
  private Origin origin = Origin.CLIENT;

  /** The words; views that die with the command. */
  public final Arguments arguments() {
    return arguments;
  }

  /** The command the words name; null before it was looked up and when there is none. */
  public final Command command() {
    return command;
  }

  /** The declaration of the command. */
  public final CommandSpec spec() {
    return command.spec();
  }

  public final Origin origin() {
    return origin;
  }

  /** Starts a command. */
  protected final void begin(Arguments words, Origin source) {
    this.arguments = words;
    this.origin = source;
    this.command = null;
  }

  final void command(Command found) {
    this.command = found;
    looksUp(found);
  }

  /** The dispatcher has looked the words up; {@code found} is null when they name no command. */
  protected abstract void looksUp(Command found);

  /** Replaces the words and what they name, to run another command in the same context. */
  protected final void become(Arguments words, Command found) {
    this.arguments = words;
    this.command = found;
  }

  /** The handler is about to run. */
  protected abstract void startsRunning();

  /** Answers with an error; {@code text} starts with its code word. */
  protected abstract void replyError(String text);

  /** True while MULTI queues commands. */
  public abstract boolean inTransaction();

  /** Queues the command and answers QUEUED. */
  protected abstract void enqueue();

  /** Something was refused while queueing: EXEC will abort. No effect outside a transaction. */
  protected abstract void failTransaction();

  /** EXEC itself was refused: drops the queue and answers EXECABORT with {@code text}. */
  protected abstract void abortTransaction(String text);

  /** {@code flags} of EXEC joined with those of the queued commands. */
  protected abstract long withQueuedFlags(long flags);

  /** Holds the client and its command back until clients are no longer paused. */
  protected abstract void postpone();

  /** Holds the client and its command, a write, back until the open snapshot has room. */
  protected abstract void delay();

  /**
   * The client was recognised as an attack through a browser, or closed by a guard: nothing is
   * answered.
   */
  protected abstract void drop(String reason);

  /** The handler threw something that is not a {@link CommandError}: a bug. */
  protected abstract void handlerFailed(RuntimeException failure);
}
