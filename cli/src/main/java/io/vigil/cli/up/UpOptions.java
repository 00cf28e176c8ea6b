package io.vigil.cli.up;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What {@code vigil up} was asked for.
 *
 * @param replicas number of replicas, or -1 if not said
 * @param sentinels number of Sentinels, or -1 if not said
 * @param port port of the first node, from which the others are counted, or -1 if not said
 * @param directory where the group lives
 * @param password password of nodes and Sentinels, or null if not said
 * @param serverCommand words that start a node; its configuration file is added
 * @param sentinelCommand words that start a Sentinel; its configuration file is added
 */
record UpOptions(
    int replicas,
    int sentinels,
    int port,
    Path directory,
    String password,
    List<String> serverCommand,
    List<String> sentinelCommand) {

  static final int SENTINEL_PORT_DISTANCE = 20_000;
  static final int MAX_MEMBERS = 100;
  static final int DEFAULT_PORT = 6379;

  static final String USAGE =
      """
      Usage: vigil up [OPTIONS]
        Starts a primary, its replicas and Sentinels on this machine, each a process of its own, says what happens, and
        starts again what dies. Ctrl-C stops everything.

        --replicas N    replicas of the primary (0 to 99, default 2)
        --sentinels N   Sentinels (0 to 99, default 3); with fewer than 3 nobody can outvote one that is wrong
        --port P        nodes listen on P, P+1, ..., Sentinels on P+20000, ... (default 6379)
        --dir FOLDER    where data, configuration and logs lie (default: .vigil/P of the clone); a group that is there goes on
        --password X    password of every node and Sentinel
        --help          this help
      """;

  private static final Set<String> NAMES =
      Set.of(
          "--replicas",
          "--sentinels",
          "--port",
          "--dir",
          "--password",
          "--server-command",
          "--sentinel-command");

  /** Whether the arguments ask for help and nothing else. */
  static boolean asksForHelp(String[] arguments) {
    return Arrays.asList(arguments).contains("--help") || Arrays.asList(arguments).contains("-h");
  }

  /**
   * Reads the arguments.
   *
   * @throws UpException naming the option, the value and what is allowed
   */
  static UpOptions parse(String[] arguments) {
    int replicas = -1;
    int sentinels = -1;
    int port = -1;
    String directory = null;
    String password = null;
    String serverCommand = null;
    String sentinelCommand = null;
    for (int i = 0; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      String name = equals > 0 ? arguments[i].substring(0, equals) : arguments[i];
      if (!NAMES.contains(name)) {
        throw new UpException(
            "Unknown option '"
                + arguments[i]
                + "' of vigil up. Options are --replicas, --sentinels, --port, --dir, --password"
                + " and --help.");
      }
      if (equals < 0 && i + 1 == arguments.length) {
        throw new UpException("The option " + name + " needs a value.");
      }
      String value = equals > 0 ? arguments[i].substring(equals + 1) : arguments[++i];
      switch (name) {
        case "--replicas" -> replicas = number(name, value, 0, MAX_MEMBERS - 1);
        case "--sentinels" -> sentinels = number(name, value, 0, MAX_MEMBERS - 1);
        case "--port" -> port = number(name, value, 1, 65_535 - SENTINEL_PORT_DISTANCE);
        case "--dir" -> directory = nonEmpty(name, value);
        case "--password" -> password = nonEmpty(name, value);
        case "--server-command" -> serverCommand = nonEmpty(name, value);
        default -> sentinelCommand = nonEmpty(name, value);
      }
    }
    return new UpOptions(
        replicas,
        sentinels,
        port,
        directory != null ? absolute(directory) : defaultDirectory(port < 0 ? DEFAULT_PORT : port),
        password,
        words(serverCommand, "vigil-server"),
        words(sentinelCommand, "vigil-sentinel"));
  }

  private static int number(String name, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UpException(
        name + " wants a number from " + min + " to " + max + ", not '" + value + "'.");
  }

  private static String nonEmpty(String name, String value) {
    if (value.isEmpty()) {
      throw new UpException("The value of " + name + " is empty.");
    }
    return value;
  }

  /** A path as the user means it: from the folder the launcher was called in. */
  private static Path absolute(String directory) {
    return Path.of(directory).toAbsolutePath().normalize();
  }

  private static Path defaultDirectory(int port) {
    return home().resolve(".vigil").resolve(Integer.toString(port));
  }

  /** The clone that the launcher script started us from. */
  private static Path home() {
    String home = System.getProperty("vigil.home");
    if (home == null) {
      throw new UpException(
          "The system property vigil.home is not set. Start this by the script `vigil`.");
    }
    return absolute(home);
  }

  /** A command given for development may have several words; a program of the clone is one path. */
  private static List<String> words(String command, String program) {
    return command == null
        ? List.of(home().resolve("bin").resolve(program).toString())
        : List.of(command.trim().split(" +"));
  }
}
