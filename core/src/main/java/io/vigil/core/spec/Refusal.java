package io.vigil.core.spec;

/**
 * Why a command is not run now. Constant refusals are constants, so that refusing allocates
 * nothing.
 *
 * @param kind what happens to the command
 * @param text the error without its leading dash, for {@link Kind#ERROR}
 */
public record Refusal(Kind kind, String text) {
  /** What happens to a command that is not run. */
  public enum Kind {
    /** The client is answered with the text. */
    ERROR,
    /** The command waits until clients are no longer paused, then starts over. */
    POSTPONE,
    /** The command, a write, waits until the open snapshot has room, then starts over. */
    DELAY,
    /** Nothing is answered: the guard has closed the client. */
    DROP
  }

  public static final Refusal POSTPONE = new Refusal(Kind.POSTPONE, null);
  public static final Refusal DELAY = new Refusal(Kind.DELAY, null);
  public static final Refusal DROP = new Refusal(Kind.DROP, null);

  /** An error; {@code text} starts with its code word, as in {@code "READONLY You can't ..."}. */
  public static Refusal error(String text) {
    return new Refusal(Kind.ERROR, text);
  }
}
