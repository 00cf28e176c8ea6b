package io.vigil.core.sentinel;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the {@code sentinel ...} statements of a configuration file. They may come in any order:
 * those that concern the whole Sentinel are taken first, then {@code monitor}, then what refers to
 * a group.
 */
public final class ConfigurationReader {
  private static final List<String> BEFORE_MONITOR =
      List.of(
          "announce-ip",
          "announce-port",
          "deny-scripts-reconfig",
          "sentinel-user",
          "sentinel-pass",
          "current-epoch",
          "myid",
          "resolve-hostnames",
          "announce-hostnames");

  /** All statements, and what follows the first word of each. */
  private static final Map<String, String> USAGE = usage();

  private final Sentinel sentinel;

  ConfigurationReader(Sentinel sentinel) {
    this.sentinel = sentinel;
  }

  private static Map<String, String> usage() {
    Map<String, String> usage = new TreeMap<>();
    usage.put("announce-hostnames", "yes|no");
    usage.put("announce-ip", "IP");
    usage.put("announce-port", "PORT");
    usage.put("auth-pass", "NAME PASSWORD");
    usage.put("auth-user", "NAME USER");
    usage.put("client-reconfig-script", "NAME PATH");
    usage.put("config-epoch", "NAME EPOCH");
    usage.put("current-epoch", "EPOCH");
    usage.put("deny-scripts-reconfig", "yes|no");
    usage.put("down-after-milliseconds", "NAME MILLISECONDS");
    usage.put("failover-timeout", "NAME MILLISECONDS");
    usage.put("known-replica", "NAME IP PORT");
    usage.put("known-sentinel", "NAME IP PORT ID");
    usage.put("known-slave", "NAME IP PORT");
    usage.put("leader-epoch", "NAME EPOCH");
    usage.put("master-reboot-down-after-period", "NAME MILLISECONDS");
    usage.put("monitor", "NAME IP PORT QUORUM");
    usage.put("myid", "ID");
    usage.put("notification-script", "NAME PATH");
    usage.put("parallel-syncs", "NAME NUMBER");
    usage.put("rename-command", "NAME COMMAND NEW-NAME");
    usage.put("resolve-hostnames", "yes|no");
    usage.put("sentinel-pass", "PASSWORD");
    usage.put("sentinel-user", "USER");
    return usage;
  }

  /**
   * A statement with its place: {@code words} follow {@code sentinel}; {@code line} is the whole
   * line as written.
   */
  public record Statement(int lineNumber, String line, List<String> words) {}

  /** A statement that was refused. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Statement statement;

    Refused(Statement statement, String reason) {
      super(reason);
      this.statement = statement;
    }

    public Statement statement() {
      return statement;
    }
  }

  /** Takes all statements; stops at the first that is wrong. */
  void read(List<Statement> statements) throws Refused {
    for (int phase = 0; phase < 3; phase++) {
      for (Statement statement : statements) {
        if (phaseOf(statement) == phase) {
          try {
            take(statement.words());
          } catch (SentinelException wrong) {
            throw new Refused(statement, wrong.getMessage());
          }
        }
      }
    }
  }

  private static int phaseOf(Statement statement) {
    String option = statement.words().isEmpty() ? "" : lower(statement.words().getFirst());
    if (option.equals("monitor")) {
      return 1;
    }
    return BEFORE_MONITOR.contains(option) ? 0 : 2;
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  private void take(List<String> words) throws SentinelException {
    switch (words.size()) {
      case 0, 1 -> throw unknown(words);
      case 2 -> takeGlobal(lower(words.get(0)), words);
      case 3 -> takeOption(words);
      default -> takeLong(lower(words.get(0)), words);
    }
  }

  /** Neither this many words after this one, nor this word at all, can be taken. */
  private static SentinelException unknown(List<String> words) {
    String first = words.isEmpty() ? "" : lower(words.getFirst());
    String usage = USAGE.get(first);
    return new SentinelException(
        "Unrecognized sentinel configuration statement. "
            + (usage != null
                ? "Its form is: sentinel " + first + " " + usage
                : "'" + first + "' is none of: " + String.join(", ", USAGE.keySet())));
  }

  private MonitoredPrimary group(List<String> words) throws SentinelException {
    if (!GroupOptions.NAMES.contains(lower(words.getFirst()))) {
      throw unknown(words);
    }
    MonitoredPrimary primary = sentinel.primaries.get(words.get(1));
    if (primary == null) {
      throw new SentinelException(
          "No such master with specified name. No line monitors '" + words.get(1) + "'.");
    }
    return primary;
  }

  private void takeGlobal(String option, List<String> words) throws SentinelException {
    SentinelSettings settings = sentinel.settings();
    String value = words.get(1);
    switch (option) {
      case "myid" -> {
        if (value.length() != 40) {
          throw new SentinelException("Malformed Sentinel id in myid option.");
        }
        sentinel.takeId(value);
      }
      case "current-epoch" -> sentinel.raiseEpoch(epoch(value));
      case "announce-ip" -> settings.announceIp = value.isEmpty() ? null : value;
      case "announce-port" -> settings.announcePort = (int) number(value);
      case "sentinel-user" -> settings.sentinelUser = value.isEmpty() ? null : value;
      case "sentinel-pass" -> settings.sentinelPassword = value.isEmpty() ? null : value;
      case "deny-scripts-reconfig" ->
          settings.denyScriptsReconfig =
              yes(value, "Please specify yes or no for the deny-scripts-reconfig options.");
      case "resolve-hostnames" ->
          settings.resolveHostnames =
              yes(value, "Please specify yes or no for the resolve-hostnames option.");
      case "announce-hostnames" ->
          settings.announceHostnames =
              yes(value, "Please specify yes or no for the announce-hostnames option.");
      default -> throw unknown(words);
    }
  }

  private static boolean yes(String value, String error) throws SentinelException {
    return switch (lower(value)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new SentinelException(error);
    };
  }

  private void takeOption(List<String> words) throws SentinelException {
    MonitoredPrimary primary = group(words);
    String option = lower(words.getFirst());
    String value = words.get(2);
    switch (option) {
      case "config-epoch" -> {
        primary.configEpoch = epoch(value);
        sentinel.raiseEpoch(primary.configEpoch);
      }
      case "leader-epoch" -> primary.leaderEpoch = epoch(value);
      default -> {
        if (!GroupOptions.configure(sentinel, primary, option, value)) {
          throw unknown(words);
        }
      }
    }
  }

  private void takeLong(String option, List<String> words) throws SentinelException {
    switch (option) {
      case "monitor" -> takeMonitor(words);
      case "known-slave", "known-replica" -> takeReplica(words);
      case "known-sentinel" -> takeSentinel(words);
      case "rename-command" -> takeRename(words);
      default -> throw unknown(words);
    }
  }

  private void takeMonitor(List<String> words) throws SentinelException {
    requireSize(words, 5);
    int quorum = (int) number(words.get(4));
    if (quorum <= 0) {
      throw new SentinelException("Quorum must be 1 or greater.");
    }
    long port = number(words.get(3));
    if (port < 1 || port > 65_535) {
      throw new SentinelException(
          "Invalid port number. '" + words.get(3) + "' is not one of 1 to 65535.");
    }
    Address address = new Address(words.get(2), (int) port);
    sentinel.checkHost(address.host());
    sentinel.monitor(words.get(1), address, quorum);
  }

  private void takeReplica(List<String> words) throws SentinelException {
    requireSize(words, 4);
    MonitoredPrimary primary = group(words);
    Address address = new Address(words.get(2), (int) number(words.get(3)));
    if (primary.findReplica(address) == null) {
      primary.addReplica(address);
    }
  }

  private void takeSentinel(List<String> words) throws SentinelException {
    if (words.size() == 4) {
      // The form of the first Sentinels has no id: such an instance is found again by its hello.
      return;
    }
    requireSize(words, 5);
    MonitoredPrimary primary = group(words);
    if (primary.sentinels.containsKey(words.get(4))) {
      throw new SentinelException("Duplicate runid for sentinel.");
    }
    Address address = new Address(words.get(2), (int) number(words.get(3)));
    sentinel.addSentinel(primary, words.get(4), address);
  }

  private void takeRename(List<String> words) throws SentinelException {
    requireSize(words, 4);
    MonitoredPrimary primary = group(words);
    if (primary.renamedCommands.putIfAbsent(lower(words.get(2)), words.get(3)) != null) {
      throw new SentinelException("Same command renamed multiple times with rename-command.");
    }
  }

  private static void requireSize(List<String> words, int size) throws SentinelException {
    if (words.size() != size) {
      throw unknown(words);
    }
  }

  /** A whole number as C's atoi reads it: digits as far as they go, else zero. */
  static long number(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isDigit(text.charAt(end)) || end == 0 && text.charAt(0) == '-')) {
      end++;
    }
    try {
      return Long.parseLong(text.substring(0, end));
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  private static long epoch(String text) throws SentinelException {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException malformed) {
      throw new SentinelException("Epoch '" + text + "' is not a whole number.");
    }
  }
}
