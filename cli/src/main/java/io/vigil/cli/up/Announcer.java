package io.vigil.cli.up;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** Prints what happens: one line each, with its time. */
final class Announcer {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final PrintStream out;

  Announcer(PrintStream out) {
    this.out = out;
  }

  /** Prints an event of a member. */
  void say(Member member, String text) {
    line(member.isNode() ? "node" : "sentinel", Integer.toString(member.port()), text);
  }

  /** Prints an event of the group. */
  void say(String text) {
    line("group", "", text);
  }

  /** Prints text as it is. */
  void plain(String text) {
    out.println(text);
    out.flush();
  }

  private void line(String kind, String port, String text) {
    plain("%s  %-8s %5s  %s".formatted(LocalTime.now().format(TIME), kind, port, text));
  }
}
