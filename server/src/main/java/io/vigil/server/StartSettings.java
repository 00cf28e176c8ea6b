package io.vigil.server;

import io.vigil.core.base.SplitArguments;
import io.vigil.core.env.Log;
import java.util.List;
import java.util.Locale;

/** What the process itself needs of the configuration before there is a node. */
final class StartSettings {
  String directory = "";
  String logFile = "";
  Log.Level logLevel = Log.Level.NOTICE;
  boolean daemonize;
  String pidFile = "";
  List<String> bind = List.of("*", "-::*");
  int port = 6379;
  int backlog = 511;
  String unixSocket = "";
  int unixMode;
  int ioThreads = 1;
  boolean alwaysShowLogo;

  /** A line that cannot be taken. */
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    BadLine(int number, String line, String reason) {
      super(
          "Reading the configuration file, at line " + number + "\n>>> '" + line + "'\n" + reason);
    }
  }

  /** Reads lines of configuration; a later one wins. */
  void read(String text) throws BadLine {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> words = SplitArguments.of(line);
      if (words == null) {
        throw new BadLine(i + 1, line, "Unbalanced quotes in configuration line");
      }
      String reason = take(words);
      if (reason != null) {
        throw new BadLine(i + 1, line, reason);
      }
    }
  }

  private String take(List<String> words) {
    String value = words.size() > 1 ? words.get(1) : "";
    try {
      switch (words.get(0).toLowerCase(Locale.ROOT)) {
        case "dir" -> directory = value;
        case "logfile" -> logFile = value;
        case "loglevel" -> logLevel = ProcessLog.levelOf(value);
        case "daemonize" -> daemonize = value.equals("yes");
        case "pidfile" -> pidFile = value;
        case "bind" -> bind = words.subList(1, words.size());
        case "port" -> port = Integer.parseInt(value);
        case "tcp-backlog" -> backlog = Integer.parseInt(value);
        case "unixsocket" -> unixSocket = value;
        case "unixsocketperm" -> unixMode = Integer.parseInt(value, 8);
        case "io-threads" -> ioThreads = Integer.parseInt(value);
        case "always-show-logo" -> alwaysShowLogo = value.equals("yes");
        case "save", "sentinel" -> {
          return null;
        }
        default -> {
          return "Bad directive or wrong number of arguments";
        }
      }
      return null;
    } catch (NumberFormatException _) {
      return "argument couldn't be parsed into an integer";
    }
  }
}
