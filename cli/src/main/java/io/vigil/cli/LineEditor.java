package io.vigil.cli;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Lines typed at a terminal, with the editing that the terminal itself offers. */
final class LineEditor implements Shell.LineSource {
  private LineEditor() {}

  static LineEditor open(CliSession session, Map<String, String> environment) {
    return new LineEditor();
  }

  @Override
  public byte[] next(String prompt) {
    String line = System.console().readLine("%s", prompt);
    return line == null ? null : line.getBytes(StandardCharsets.UTF_8);
  }
}
