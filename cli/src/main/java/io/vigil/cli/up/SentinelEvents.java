package io.vigil.cli.up;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Puts the events of Sentinels into words. Every Sentinel tells its own story: what one sees alone
 * ({@code +sdown}, a vote) is said for each, what is a fact of the group ({@code +switch-master})
 * once.
 */
final class SentinelEvents {
  private final Map<String, Integer> portsByRunId = new HashMap<>();
  private final Set<String> switchesSaid = new HashSet<>();

  /** Learns which Sentinel a run id belongs to. */
  void identify(String runId, int port) {
    portsByRunId.put(runId, port);
  }

  /**
   * The line for an event.
   *
   * @return null if there is nothing to say
   */
  String describe(String name, String details) {
    String[] words = details.split(" ");
    return switch (name) {
      case "+sdown", "-sdown" ->
          name
              + "  "
              + instance(words)
              + (name.startsWith("+") ? " does not answer" : " answers again");
      case "+odown" -> name + "  " + instance(words) + " is down, " + afterHash(details);
      case "-odown" -> name + "  " + instance(words) + " is no longer agreed to be down";
      case "+new-epoch" -> name + "  epoch " + details;
      case "+try-failover" -> name + "  wants to lead a failover of " + instance(words);
      case "+vote-for-leader" ->
          name + "  votes for " + voter(words[0]) + " in epoch " + last(words);
      case "+elected-leader" -> name + "  is elected to lead the failover of " + instance(words);
      case "+selected-slave" -> name + "  " + instance(words) + " is to become the primary";
      case "+promoted-slave" -> name + "  " + instance(words) + " is promoted";
      case "+slave-reconf-done" -> name + "  " + instance(words) + " follows the new primary";
      case "+convert-to-slave" -> name + "  " + instance(words) + " is told to be a replica";
      case "-failover-abort-no-good-slave", "-failover-abort-not-elected" -> name + "  " + details;
      case "+failover-end", "+failover-end-for-timeout" -> name + "  the failover is over";
      case "+switch-master" -> switched(name, words);
      case "+reboot" -> name + "  " + instance(words) + " was started again";
      case "+tilt", "-tilt" -> name + "  " + details;
      default -> null;
    };
  }

  private String switched(String name, String[] words) {
    if (words.length != 5) {
      return name + "  " + String.join(" ", words);
    }
    String said = words[2] + ">" + words[4];
    if (!switchesSaid.add(said)) {
      return null;
    }
    switchesSaid.removeIf(each -> !each.equals(said));
    return name + "  " + words[4] + " is the primary now, " + words[2] + " was";
  }

  private String voter(String runId) {
    Integer port = portsByRunId.get(runId);
    return "sentinel " + (port != null ? port.toString() : runId);
  }

  /**
   * {@code master mymaster IP PORT}, {@code slave NAME IP PORT @ ...}, {@code sentinel NAME IP
   * PORT @ ...}.
   */
  private static String instance(String[] words) {
    if (words.length < 4) {
      return String.join(" ", words);
    }
    String role =
        switch (words[0]) {
          case "master" -> "primary";
          case "slave" -> "replica";
          default -> words[0];
        };
    return role + " " + words[3];
  }

  private static String afterHash(String details) {
    int hash = details.indexOf('#');
    return hash >= 0 ? details.substring(hash + 1) : details;
  }

  private static String last(String[] words) {
    return words[words.length - 1];
  }
}
