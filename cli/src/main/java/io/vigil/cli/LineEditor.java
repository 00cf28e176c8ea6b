package io.vigil.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp;

/**
 * Lines typed at a terminal: edited, completed with the server's own commands, called back from the
 * history that redis-cli keeps too. It is loaded for the shell alone, so that a one-shot command
 * does not pay for it.
 */
final class LineEditor implements Shell.LineSource {
  private static final String HISTORY_FILE = ".rediscli_history";

  private final Terminal terminal;
  private final LineReader reader;
  private final boolean keepsHistory;

  private LineEditor(Terminal terminal, LineReader reader, boolean keepsHistory) {
    this.terminal = terminal;
    this.reader = reader;
    this.keepsHistory = keepsHistory;
  }

  /** Takes the terminal, and Ctrl-C with it: it ends a stream of messages, or else the program. */
  static LineEditor open(CliSession session, Map<String, String> environment) throws IOException {
    Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .encoding(StandardCharsets.UTF_8)
            .nativeSignals(true)
            .graphemeCluster(
                false) // asking the terminal whether it can would delay the first prompt
            .signalHandler(
                signal -> {
                  if (signal == Terminal.Signal.INT && !session.interrupt()) {
                    Runtime.getRuntime().halt(1);
                  }
                })
            .build();
    Path history = historyFile(environment);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer((line, word, candidates) -> complete(session, word, candidates))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .option(LineReader.Option.BRACKETED_PASTE, false)
            .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
            .history(new ChosenHistory());
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    LineReader reader = builder.build();
    if (history != null) {
      reader.getHistory().load();
    }
    return new LineEditor(terminal, reader, history != null);
  }

  private static Path historyFile(Map<String, String> environment) {
    String named = environment.get("REDISCLI_HISTFILE");
    if (named != null && !named.isEmpty()) {
      return named.equals("/dev/null") ? null : Path.of(named);
    }
    String home = environment.get("HOME");
    return home == null || home.isEmpty() ? null : Path.of(home, HISTORY_FILE);
  }

  @Override
  public byte[] next(String prompt) {
    try {
      return reader.readLine(prompt).getBytes(StandardCharsets.UTF_8);
    } catch (EndOfFileException | UserInterruptException e) {
      return null;
    }
  }

  @Override
  public void remember(byte[] line) {
    ChosenHistory history = (ChosenHistory) reader.getHistory();
    history.remember(new String(line, StandardCharsets.UTF_8));
    if (keepsHistory) {
      try {
        history.save();
      } catch (IOException e) {
        terminal.writer().println("The history cannot be saved: " + e.getMessage());
      }
    }
  }

  @Override
  public void clearScreen() {
    terminal.puts(InfoCmp.Capability.clear_screen);
    terminal.flush();
  }

  /**
   * Offers the next word of every command that begins as the line does; after {@code help} the
   * groups as well.
   */
  private static void complete(CliSession session, ParsedLine line, List<Candidate> candidates) {
    List<String> words = line.words();
    int first = words.getFirst().equalsIgnoreCase("help") && line.wordIndex() > 0 ? 1 : 0;
    int index = line.wordIndex() - first;
    for (CommandDocs docs : session.commandDocs()) {
      String[] name = docs.name().split(" ");
      if (index < name.length && beginsAlike(name, words.subList(first, words.size()), index)) {
        candidates.add(new Candidate(name[index]));
      }
      if (first == 1 && index == 0) {
        candidates.add(new Candidate("@" + docs.group()));
      }
    }
  }

  private static boolean beginsAlike(String[] name, List<String> words, int count) {
    for (int i = 0; i < count; i++) {
      if (!name[i].equalsIgnoreCase(words.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A history to which the shell adds, and not the reader, which would keep passwords too. */
  private static final class ChosenHistory extends DefaultHistory {
    @Override
    public void add(Instant time, String line) {
      // every line the reader has read; most are added by remember() in a moment
    }

    void remember(String line) {
      super.add(Instant.now(), line);
    }
  }
}
