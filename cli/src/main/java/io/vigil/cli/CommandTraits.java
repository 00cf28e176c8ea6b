package io.vigil.cli;

import java.util.List;

/** What a tool must know of a command beforehand to show its replies well. */
enum CommandTraits {
  /** One reply, shown in the chosen format. */
  PLAIN,
  /** One reply that is a page of text, shown as it is. */
  TEXT,
  /** Replies without end: the messages of channels. */
  SUBSCRIPTION,
  /** Replies without end: every command that the server runs. */
  MONITOR;

  /** Whether replies go on coming until the user stops them. */
  boolean streams() {
    return this == SUBSCRIPTION || this == MONITOR;
  }

  /** The traits of a command with its arguments. */
  static CommandTraits of(List<byte[]> command) {
    return switch (CliSession.word(command, 0)) {
      case "subscribe", "psubscribe", "ssubscribe" -> SUBSCRIPTION;
      case "monitor" -> MONITOR;
      default -> isText(command) ? TEXT : PLAIN;
    };
  }

  private static boolean isText(List<byte[]> command) {
    int words = command.size();
    String second = CliSession.word(command, 1);
    return switch (CliSession.word(command, 0)) {
      case "info", "lolwut" -> true;
      case "debug" ->
          second.equals("htstats")
              || second.equals("htstats-key")
              || second.equals("client-eviction");
      case "memory" -> second.equals("malloc-stats") || second.equals("doctor");
      case "cluster" -> words == 2 && (second.equals("nodes") || second.equals("info"));
      case "client" -> second.equals("list") || second.equals("info");
      case "latency" ->
          (words == 3 && second.equals("graph")) || (words == 2 && second.equals("doctor"));
      case "proxy" -> second.equals("info");
      default -> false;
    };
  }
}
