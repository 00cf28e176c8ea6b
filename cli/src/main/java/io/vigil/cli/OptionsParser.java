package io.vigil.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Reads redis-cli's command line into {@link CliOptions}. The first word that is no option starts
 * the command.
 */
final class OptionsParser {
  /**
   * Options of redis-cli that have no counterpart here: named as such, so that nobody looks for a
   * typing error.
   */
  private static final Set<String> KNOWN_BUT_MISSING =
      Set.of(
          "-c",
          "--tls",
          "--sni",
          "--cacert",
          "--cacertdir",
          "--insecure",
          "--cert",
          "--key",
          "--tls-ciphers",
          "--tls-ciphersuites",
          "--latency",
          "--latency-history",
          "--latency-dist",
          "--lru-test",
          "--replica",
          "--slave",
          "--rdb",
          "--functions-rdb",
          "--bigkeys",
          "--memkeys",
          "--memkeys-samples",
          "--hotkeys",
          "--intrinsic-latency",
          "--eval",
          "--ldb",
          "--ldb-sync-mode",
          "--cluster",
          "--stat");

  private final List<byte[]> arguments;
  private final CliOptions options = new CliOptions();
  private int at;

  private OptionsParser(List<byte[]> arguments) {
    this.arguments = arguments;
  }

  /**
   * Reads the whole command line.
   *
   * @param isTerminal whether the replies go to a terminal, which decides the format if no option
   *     does
   * @throws CliExit if an option is unknown or wrong; its message says which
   */
  static CliOptions parse(List<byte[]> arguments, boolean isTerminal) {
    return new OptionsParser(arguments).parse(isTerminal);
  }

  private CliOptions parse(boolean isTerminal) {
    if (!isTerminal) {
      options.output = CliOptions.Output.RAW;
      options.showPushes = false;
    }
    while (at < arguments.size()) {
      String word = textAt(at);
      if (!word.startsWith("-")) {
        break;
      }
      boolean hasValue = at + 1 < arguments.size();
      if (!flag(word, hasValue) && !(hasValue && option(word))) {
        throw unrecognized(word);
      }
      at++;
      if (options.mode == CliOptions.Mode.HELP || options.mode == CliOptions.Mode.VERSION) {
        return options;
      }
    }
    options.command = arguments.subList(at, arguments.size());
    checkTogether();
    return options;
  }

  /** Options without a value, and {@code -h} which asks for help where no host follows. */
  private boolean flag(String word, boolean hasValue) {
    switch (word) {
      case "-h" -> {
        if (hasValue) {
          return false;
        }
        options.mode = CliOptions.Mode.HELP;
      }
      case "--help" -> options.mode = CliOptions.Mode.HELP;
      case "-v", "--version" -> options.mode = CliOptions.Mode.VERSION;
      case "-x" -> options.lastArgumentFromStdin = true;
      case "-e" -> options.failOnError = true;
      case "-2" -> options.resp2 = true;
      case "-3" -> options.resp3 = CliOptions.Resp3.REQUIRED;
      case "--no-auth-warning" -> options.warnAboutPassword = false;
      case "--askpass" -> options.askPassword = true;
      case "--raw" -> options.output = CliOptions.Output.RAW;
      case "--no-raw" -> options.output = CliOptions.Output.STANDARD;
      case "--csv" -> options.output = CliOptions.Output.CSV;
      case "--json" -> json(CliOptions.Output.JSON);
      case "--quoted-json" -> json(CliOptions.Output.QUOTED_JSON);
      case "--quoted-input" -> options.quotedInput = true;
      case "--scan" -> options.mode = CliOptions.Mode.SCAN;
      case "--pipe" -> options.mode = CliOptions.Mode.PIPE;
      case "--verbose" -> {} // it adds to the output of cluster management only
      default -> {
        return false;
      }
    }
    return true;
  }

  private void json(CliOptions.Output output) {
    options.output = output;
    if (options.resp3 == CliOptions.Resp3.NO) {
      options.resp3 = CliOptions.Resp3.IF_POSSIBLE;
    }
  }

  private boolean option(String word) {
    switch (word) {
      case "-h" -> options.host = value();
      case "-p" -> options.port = (int) leadingInteger(value());
      case "-s" -> options.socketPath = value();
      case "-n" -> options.database = (int) leadingInteger(value());
      case "-r" -> options.repeat = leadingInteger(value());
      case "-i" -> options.intervalMs = milliseconds(value());
      case "-a", "--pass" -> options.password = bytes();
      case "--user" -> options.user = value();
      case "-u" -> ServerUri.apply(value(), options);
      case "-X" -> options.stdinTag = bytes();
      case "-d" -> options.elementDelimiter = bytes();
      case "-D" -> options.replyDelimiter = bytes();
      case "--pattern" -> options.pattern = bytes();
      case "--quoted-pattern" -> {
        options.pattern = Quoting.unquote(bytes());
        if (options.pattern == null) {
          throw new CliExit(1, "Invalid quoted string specified for --quoted-pattern.");
        }
      }
      case "--pipe-timeout" -> options.pipeTimeoutSeconds = (int) leadingInteger(value());
      case "--show-pushes" -> showPushes(value());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void showPushes(String value) {
    switch (value.isEmpty() ? ' ' : value.charAt(0)) {
      case 'y', 'Y' -> options.showPushes = true;
      case 'n', 'N' -> options.showPushes = false;
      default ->
          throw new CliExit(
              1, "Unknown --show-pushes value '" + value + "' (valid: '[y]es', '[n]o')");
    }
  }

  private void checkTogether() {
    if (options.resp2 && options.resp3 == CliOptions.Resp3.REQUIRED) {
      throw new CliExit(1, "Options -2 and -3 are mutually exclusive.");
    }
    if (options.lastArgumentFromStdin && options.stdinTag != null) {
      throw new CliExit(1, "Options -x and -X are mutually exclusive.");
    }
  }

  private CliExit unrecognized(String word) {
    if (KNOWN_BUT_MISSING.contains(word)) {
      return new CliExit(
          1, "The option '" + word + "' of redis-cli is not available in vigil-cli.");
    }
    return new CliExit(1, "Unrecognized option or bad number of args for: '" + word + "'");
  }

  private byte[] bytes() {
    return arguments.get(++at);
  }

  private String value() {
    return textAt(++at);
  }

  private String textAt(int index) {
    return new String(arguments.get(index), StandardCharsets.UTF_8);
  }

  /** A number as redis-cli reads it: the digits at the start count, anything else is 0. */
  static long leadingInteger(String text) {
    int end = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    int start = end;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    if (end == start) {
      return 0;
    }
    try {
      return Long.parseLong(text.substring(0, end));
    } catch (NumberFormatException e) {
      return text.charAt(0) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private static long milliseconds(String seconds) {
    try {
      return (long) (Double.parseDouble(seconds) * 1000);
    } catch (NumberFormatException e) {
      throw new CliExit(
          1, "Invalid interval '" + seconds + "' for -i: a number of seconds such as 0.5");
    }
  }
}
