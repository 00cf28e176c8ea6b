package io.vigil.core.base;

/**
 * A bug found by the program itself: state that cannot be if the code is right. The node that
 * throws it stops, since its data can no longer be trusted; it is never turned into a reply and
 * never caught to go on.
 */
public final class Invariant extends Error {
  private static final long serialVersionUID = 1L;

  private Invariant(String message) {
    super(message);
  }

  /** A failure to throw, with what was found. */
  public static Invariant broken(String what) {
    return new Invariant(what);
  }

  /**
   * Throws when {@code holds} is false. For checks that cost nothing to word; others build their
   * text only on failure.
   */
  public static void check(boolean holds, String what) {
    if (!holds) {
      throw new Invariant(what);
    }
  }
}
