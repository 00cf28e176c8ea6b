package io.vigil.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the JVM does not tell a tool about the process it runs in, asked of Linux where that is
 * possible.
 */
final class Environment {
  private Environment() {}

  /**
   * The arguments in the bytes the user typed. The JVM decodes them by the locale, and in the C
   * locale that loses everything beyond ASCII.
   */
  static List<byte[]> argumentBytes(String[] arguments) {
    List<byte[]> decoded = new ArrayList<>(arguments.length);
    boolean plain = true;
    for (String argument : arguments) {
      decoded.add(argument.getBytes(StandardCharsets.UTF_8));
      plain &= decoded.getLast().length == argument.length();
    }
    if (plain) {
      return decoded;
    }
    List<byte[]> all = commandLine();
    return all.size() < arguments.length
        ? decoded
        : all.subList(all.size() - arguments.length, all.size());
  }

  private static List<byte[]> commandLine() {
    List<byte[]> words = new ArrayList<>();
    byte[] line;
    try {
      line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
    } catch (IOException e) {
      return words; // not Linux: the decoded arguments are the best there is
    }
    int start = 0;
    for (int i = 0; i < line.length; i++) {
      if (line[i] == 0) {
        words.add(java.util.Arrays.copyOfRange(line, start, i));
        start = i + 1;
      }
    }
    return words;
  }

  /** Whether standard input is a terminal. */
  static boolean isInputTerminal() {
    return isTerminal(0);
  }

  /** Whether standard output is a terminal. */
  static boolean isOutputTerminal() {
    return isTerminal(1);
  }

  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    String target;
    try {
      target = Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return System.console() != null && System.console().isTerminal();
    }
    return target.startsWith("/dev/pts/")
        || target.startsWith("/dev/tty")
        || target.equals("/dev/console");
  }
}
