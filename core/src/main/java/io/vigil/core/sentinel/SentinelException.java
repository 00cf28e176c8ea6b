package io.vigil.core.sentinel;

/** A refused configuration statement or command; the message is the text the user sees. */
public final class SentinelException extends Exception {
  private static final long serialVersionUID = 1L;

  public SentinelException(String message) {
    super(message);
  }
}
