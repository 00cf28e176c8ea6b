package io.vigil.cli;

/** Ends the tool: an exit code, and a line for stderr unless the message is null. */
final class CliExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  CliExit(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
