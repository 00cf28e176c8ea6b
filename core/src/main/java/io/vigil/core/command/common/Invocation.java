package io.vigil.core.command.common;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Invariant;
import io.vigil.core.base.Numbers;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.Session;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandContext;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.Origin;

/**
 * One command of one client, as its handler sees it: words, reply, client and services. Words are
 * views that die with the command. Errors of the user are thrown as {@link CommandError}, before
 * anything was written.
 */
public class Invocation extends CommandContext {
  private final Services services;
  private Session session;
  private ReplyWriter reply;
  private long redacted;
  private long errorsBefore;

  public Invocation(Services services) {
    this.services = services;
  }

  /** Starts a command of {@code client}. */
  public void begin(Session client, Arguments words, Origin origin) {
    begin(words, origin);
    session = client;
    redacted = 0;
    reply = client.reply();
  }

  public final Services services() {
    return services;
  }

  public final Session session() {
    return session;
  }

  /** Where the reply goes. */
  public final ReplyWriter reply() {
    return reply;
  }

  /** The reply comes later: blocks the client until {@link Deferred#complete}. */
  public final Deferred defer() {
    return Deferred.of(session);
  }

  /** Takes the session's reply writer anew, after CLIENT REPLY. */
  public final void rereadReply() {
    reply = session.reply();
  }

  /** Hides the word at {@code index} (below 64) from MONITOR and the slow log: it is a secret. */
  public final void redact(int index) {
    redacted |= 1L << index;
  }

  /** True when the word at {@code index} must not be shown. */
  public final boolean isRedacted(int index) {
    return index < 64 && (redacted & 1L << index) != 0;
  }

  /**
   * True when the command that has just run answered with an error; asked once, since commands that
   * ran inside of EXEC must not count for EXEC itself.
   */
  public final boolean takeFailure() {
    boolean failed = reply.errors() > errorsBefore;
    errorsBefore = reply.errors();
    return failed;
  }

  /** Number of words, the command's name included. */
  public final int count() {
    return arguments().count();
  }

  /** True when a word equals {@code upperCase} in any case. */
  public final boolean is(int index, String upperCase) {
    return arguments().is(index, upperCase);
  }

  /** A word as text, one character per byte. */
  public final String text(int index) {
    return arguments().text(index);
  }

  /** A word as a number, or the error {@code value is not an integer or out of range}. */
  public final long integer(int index) {
    return integer(index, CommandError.NOT_INTEGER);
  }

  /** A word as a number of 32 bits, or the error of 64-bit numbers, or that of the range. */
  public final int integer32(int index) {
    long value = integer(index);
    if (value != (int) value) {
      throw new CommandError(
          "ERR value is out of range, value must between -2147483648 and 2147483647");
    }
    return (int) value;
  }

  /** A word as a number, or {@code otherwise}. */
  public final long integer(int index, CommandError otherwise) {
    Arguments words = arguments();
    byte[] array = words.array(index);
    int offset = words.offset(index);
    int length = words.length(index);
    long value = Numbers.parseLong(array, offset, length, Long.MIN_VALUE);
    if (value == Long.MIN_VALUE && !Numbers.isLong(array, offset, length)) {
      throw otherwise;
    }
    return value;
  }

  /**
   * The command is propagated although it changed nothing here; no effect where there is no stream.
   */
  public void forcePropagation() {}

  /**
   * True when the command may make its client wait: not inside a transaction, a script, or on a
   * link.
   */
  public final boolean mayBlock() {
    return origin() == Origin.CLIENT && !session.inTransaction();
  }

  /** Wall time in milliseconds, constant within a command, a transaction and a script. */
  public final long nowMs() {
    return services.clock().wallMs();
  }

  /** The error of a subcommand called with words it does not take. */
  public final CommandError subcommandSyntax() {
    String container = text(0).toUpperCase(java.util.Locale.ROOT);
    return new CommandError(
        "ERR unknown subcommand or wrong number of arguments for '"
            + (count() > 1 ? text(1) : "")
            + "'. Try "
            + container
            + " HELP.");
  }

  // ---- what the dispatcher asks

  @Override
  protected void looksUp(Command found) {
    session.lastCommand(found);
  }

  @Override
  protected void startsRunning() {
    errorsBefore = reply.errors();
  }

  @Override
  protected void replyError(String text) {
    reply.error(text);
  }

  @Override
  public boolean inTransaction() {
    return session.inTransaction();
  }

  @Override
  protected void enqueue() {
    session.enqueue(command(), arguments());
    reply.simple("QUEUED");
  }

  @Override
  protected void failTransaction() {
    session.failTransaction();
  }

  @Override
  protected void abortTransaction(String text) {
    session.endTransaction();
    String reason = text.startsWith("ERR ") ? text.substring(4) : text;
    reply.error("EXECABORT Transaction discarded because of: " + reason);
    // Monitors saw MULTI and none of what was queued; they are told that it is over.
    if (!services.monitors().isEmpty()) {
      services.monitors().feed(this, session.database(), services.clock().wallMicros());
    }
  }

  @Override
  protected long withQueuedFlags(long flags) {
    return session.inTransaction() ? session.transaction().joinFlags(flags) : flags;
  }

  @Override
  protected void postpone() {
    session.postpone(arguments());
  }

  @Override
  protected void delay() {
    session.delay(arguments());
  }

  @Override
  protected void drop(String reason) {
    if (reason != null) {
      services
          .env()
          .log()
          .warning(
              "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host:"
                  + " commands to Redis. This is likely due to an attacker attempting to use Cross"
                  + " Protocol Scripting to compromise your Redis instance. Connection aborted.");
      session.close(reason);
    }
  }

  /**
   * A bug, not a user's mistake. As long as nothing was changed only the client that met it
   * suffers; once something was, the node stops rather than go on with data that differ from its
   * replicas'. The primary's stream is obeyed or not used at all: its link ends, and who applies it
   * asks for everything anew.
   */
  @Override
  protected void handlerFailed(RuntimeException failure) {
    if (origin() != Origin.PRIMARY_LINK && (hasChanged() || origin().mustObey())) {
      throw Invariant.broken(describe(failure));
    }
    services.sessions().counters().unexpectedFailures++;
    services.env().log().warning(describe(failure) + "; closing the client");
    session.fail("unexpected failure");
  }

  /** True when this command, or the unit it belongs to, has changed data. */
  protected boolean hasChanged() {
    return false;
  }

  private String describe(RuntimeException failure) {
    StringBuilder text = new StringBuilder("Unexpected failure of '");
    text.append(command().fullName()).append("': ").append(failure);
    for (StackTraceElement frame : failure.getStackTrace()) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }
}
