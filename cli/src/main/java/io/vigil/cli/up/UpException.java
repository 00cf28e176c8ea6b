package io.vigil.cli.up;

/**
 * {@code vigil up} cannot do what it was asked for; the message tells the user why and what to do.
 */
final class UpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UpException(String message) {
    super(message, null, false, false);
  }
}
