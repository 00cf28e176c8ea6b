package io.vigil.core.spec;

/**
 * A user's mistake, thrown by a handler before it has written anything; the dispatcher turns it
 * into the reply. It carries no stack trace, so that throwing one of the constants costs next to
 * nothing.
 */
public final class CommandError extends RuntimeException {
  private static final long serialVersionUID = 1;

  public static final CommandError SYNTAX = new CommandError("ERR syntax error");
  public static final CommandError NOT_INTEGER =
      new CommandError("ERR value is not an integer or out of range");
  public static final CommandError OUT_OF_RANGE =
      new CommandError("ERR value is out of range, must be positive");
  public static final CommandError NOT_FLOAT = new CommandError("ERR value is not a valid float");
  public static final CommandError WRONG_TYPE =
      new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
  public static final CommandError NO_SUCH_KEY = new CommandError("ERR no such key");

  /** {@code text} starts with its code word, as in {@code "ERR syntax error"}. */
  public CommandError(String text) {
    super(text, null, false, false);
  }

  /** The whole text, code word included, without the leading dash. */
  public String text() {
    return getMessage();
  }
}
