package io.vigil.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The loop of the interactive client: a line in, a command out. Lines come from a {@link
 * LineSource}: the line editor on a terminal, plain standard input in a pipe.
 */
final class Shell {
  /** How long a command takes before its time is shown. */
  private static final long SLOW_MS = 500;

  private final CliSession session;
  private final InputStream in;
  private final boolean isTerminal;
  private final Map<String, String> environment;

  Shell(CliSession session, InputStream in, boolean isTerminal, Map<String, String> environment) {
    this.session = session;
    this.in = in;
    this.isTerminal = isTerminal;
    this.environment = environment;
  }

  /** Where lines come from. */
  interface LineSource {
    /** The next line without its end, or null when there are no more. */
    byte[] next(String prompt) throws IOException;

    /** Keeps a line to be called back. */
    default void remember(byte[] line) {}

    /** Empties the screen. */
    default void clearScreen() {}
  }

  void run() throws IOException {
    LineSource lines = isTerminal ? LineEditor.open(session, environment) : ignored -> readLine(in);
    for (byte[] line = lines.next(session.prompt());
        line != null;
        line = lines.next(session.prompt())) {
      List<byte[]> words = Quoting.split(line);
      if (words == null) {
        session.print("Invalid argument(s)\n");
        lines.remember(line);
      } else if (!words.isEmpty() && !run(words, line, lines)) {
        return;
      }
    }
  }

  /** Runs one line; false ends the shell. */
  private boolean run(List<byte[]> words, byte[] line, LineSource lines) throws IOException {
    long repeat = 1;
    List<byte[]> command = words;
    if (words.size() > 1 && isNumber(CliSession.word(words, 0))) {
      repeat = OptionsParser.leadingInteger(CliSession.word(words, 0));
      if (repeat <= 0 || repeat == Long.MAX_VALUE) {
        session.print("Invalid redis-cli repeat command option value.\n");
        return true;
      }
      command = words.subList(1, words.size());
    }
    if (!SensitiveCommands.holdsSecret(command)) {
      lines.remember(line);
    }
    String first = CliSession.word(words, 0);
    if (first.equals("quit") || first.equals("exit")) {
      return false;
    } else if (first.startsWith(":")) {
      setPreference(words, first);
    } else if (first.equals("restart")) {
      session.print("Use 'restart' only in Lua debugging mode.\n");
    } else if (words.size() == 3 && first.equals("connect")) {
      session.connectTo(
          new String(words.get(1), StandardCharsets.UTF_8),
          (int) OptionsParser.leadingInteger(CliSession.word(words, 2)));
    } else if (words.size() == 1 && first.equals("clear")) {
      lines.clearScreen();
    } else {
      long startMs = System.currentTimeMillis();
      session.issue(command, repeat);
      showElapsed(System.currentTimeMillis() - startMs);
    }
    return true;
  }

  private void showElapsed(long elapsedMs) throws IOException {
    if (elapsedMs >= SLOW_MS && session.isForPeople()) {
      long hundredths = (elapsedMs + 5) / 10;
      String fraction = Long.toString(100 + hundredths % 100).substring(1);
      session.print("(" + hundredths / 100 + "." + fraction + "s)\n");
    }
  }

  private void setPreference(List<byte[]> words, String first) throws IOException {
    String second = CliSession.word(words, 1);
    if (!first.equals(":set") || words.size() < 2) {
      session.print("unknown redis-cli internal command '" + first + "'\n");
    } else if (!second.equals("hints") && !second.equals("nohints")) {
      session.print("unknown redis-cli preference '" + second + "'\n");
    }
  }

  private static boolean isNumber(String word) {
    int start = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
    if (start == word.length()) {
      return false;
    }
    for (int i = start; i < word.length(); i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static byte[] readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toByteArray();
  }

  /** Asks for a password; on a terminal it is not shown while typed. */
  static byte[] askPassword(InputStream in, boolean isTerminal, PrintStream err) {
    if (isTerminal && System.console() != null) {
      char[] typed = System.console().readPassword("Please input password: ");
      return typed == null ? null : new String(typed).getBytes(StandardCharsets.UTF_8);
    }
    try {
      return readLine(in);
    } catch (IOException e) {
      throw new CliExit(1, "Cannot read the password: " + CliSession.reason(e));
    }
  }
}
