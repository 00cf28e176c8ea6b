package io.vigil.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The {@code help} of the shell: about itself, about a group of commands, about a command. */
final class Help {
  private static final String GENERAL =
      """
      To get help about Redis commands type:
            "help @<group>" to get a list of commands in <group>
            "help <command>" for help on <command>
            "help <tab>" to get a list of possible help topics
            "quit" to exit

      To set redis-cli preferences:
            ":set hints" enable online hints
            ":set nohints" disable online hints
      Set your preferences in ~/.redisclirc
      """;

  private Help() {}

  /** Shows the help that the words after {@code help} ask for. */
  static void show(CliSession session, OutputStream out, List<byte[]> words) throws IOException {
    if (words.isEmpty()) {
      write(out, Usage.version() + "\n" + GENERAL);
      return;
    }
    String topic = topic(words);
    StringBuilder text = new StringBuilder();
    for (CommandDocs docs : session.commandDocs()) {
      if (topic.startsWith("@")) {
        if (docs.group().equalsIgnoreCase(topic.substring(1))) {
          append(text, docs, false);
        }
      } else if (startsWithWords(docs.name(), topic)) {
        append(text, docs, true);
      }
    }
    write(out, text.append("\r\n").toString());
  }

  private static String topic(List<byte[]> words) {
    StringBuilder topic = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      topic.append(i == 0 ? "" : " ").append(CliSession.word(words, i));
    }
    return topic.toString();
  }

  private static boolean startsWithWords(String name, String words) {
    return name.regionMatches(true, 0, words, 0, words.length())
        && (name.length() == words.length() || name.charAt(words.length()) == ' ');
  }

  private static void append(StringBuilder text, CommandDocs docs, boolean withGroup) {
    text.append("\r\n  \u001b[1m").append(docs.name()).append("\u001b[0m \u001b[90m");
    text.append(docs.parameters()).append("\u001b[0m\r\n");
    field(text, "summary", docs.summary());
    if (!docs.since().isEmpty()) {
      field(text, "since", docs.since());
    }
    if (withGroup) {
      field(text, "group", docs.group());
    }
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append("  \u001b[33m").append(name).append(":\u001b[0m ").append(value).append("\r\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
