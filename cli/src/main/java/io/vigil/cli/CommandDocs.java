package io.vigil.cli;

import io.vigil.cli.client.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the server says of its own commands: the answer of COMMAND DOCS as a sorted list, so that
 * help and completion tell of the server at the other end and not of the one this tool was built
 * with.
 *
 * @param name in capitals, with its container ({@code CONFIG GET})
 * @param parameters the arguments in the usual notation ({@code key [NX|XX]})
 */
record CommandDocs(String name, String parameters, String summary, String since, String group) {

  /** Reads the answer of COMMAND DOCS; empty if it is an error. */
  static List<CommandDocs> of(Reply answer) {
    List<CommandDocs> all = new ArrayList<>();
    List<Reply> entries = answer.elements();
    for (int i = 0; i + 1 < entries.size(); i += 2) {
      add(all, entries.get(i).text(), entries.get(i + 1));
    }
    all.sort(Comparator.comparing(CommandDocs::name));
    return all;
  }

  private static void add(List<CommandDocs> all, String name, Reply description) {
    Map<String, Reply> fields = fields(description);
    String shownName = name.replace('|', ' ').toUpperCase(Locale.ROOT);
    all.add(
        new CommandDocs(
            shownName,
            parameters(fields.getOrDefault("arguments", Reply.NIL), " "),
            textOf(fields, "summary"),
            textOf(fields, "since"),
            textOf(fields, "group")));
    List<Reply> subcommands = fields.getOrDefault("subcommands", Reply.NIL).elements();
    for (int i = 0; i + 1 < subcommands.size(); i += 2) {
      add(all, subcommands.get(i).text(), subcommands.get(i + 1));
    }
  }

  private static String parameters(Reply arguments, String separator) {
    StringBuilder out = new StringBuilder();
    for (Reply argument : arguments.elements()) {
      if (!out.isEmpty()) {
        out.append(separator);
      }
      out.append(parameter(fields(argument)));
    }
    return out.toString();
  }

  private static String parameter(Map<String, Reply> argument) {
    String type = textOf(argument, "type");
    String value =
        switch (type) {
          case "oneof" -> parameters(argument.getOrDefault("arguments", Reply.NIL), "|");
          case "block" -> parameters(argument.getOrDefault("arguments", Reply.NIL), " ");
          case "pure-token" -> "";
          default -> orQuotes(textOf(argument, "name"));
        };
    String token = argument.containsKey("token") ? orQuotes(textOf(argument, "token")) : "";
    if (!token.isEmpty() && !type.equals("pure-token")) {
      token += " ";
    }
    String shown = token + value;
    if (hasFlag(argument, "multiple")) {
      shown += " [" + (hasFlag(argument, "multiple_token") ? token : "") + value + " ...]";
    }
    return hasFlag(argument, "optional") ? "[" + shown + "]" : shown;
  }

  private static boolean hasFlag(Map<String, Reply> argument, String flag) {
    for (Reply each : argument.getOrDefault("flags", Reply.NIL).elements()) {
      if (flag.equals(each.text())) {
        return true;
      }
    }
    return false;
  }

  private static String orQuotes(String text) {
    return text.isEmpty() ? "\"\"" : text;
  }

  private static String textOf(Map<String, Reply> fields, String name) {
    String text = fields.getOrDefault(name, Reply.NIL).text();
    return text != null ? text : "";
  }

  private static Map<String, Reply> fields(Reply pairs) {
    Map<String, Reply> fields = new HashMap<>();
    List<Reply> all = pairs.elements();
    for (int i = 0; i + 1 < all.size(); i += 2) {
      fields.put(all.get(i).text(), all.get(i + 1));
    }
    return fields;
  }
}
