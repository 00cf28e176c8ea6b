package io.vigil.core.sentinel;

import io.vigil.core.base.Arguments;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * SENTINEL SET: options are taken one after the other, each told as a {@code +set} event; the first
 * wrong one ends it, and what was taken before stays and is saved.
 */
final class GroupSettingCommand {
  private static final String DENIED =
      "ERR Reconfiguration of scripts path is denied for security reasons. Check the"
          + " deny-scripts-reconfig configuration directive in your Sentinel configuration";

  private final Sentinel sentinel;
  private final MonitoredPrimary primary;
  private final Arguments words;
  private int at;
  private int changes;

  GroupSettingCommand(Sentinel sentinel, MonitoredPrimary primary, Arguments words) {
    this.sentinel = sentinel;
    this.primary = primary;
    this.words = words;
  }

  /** Takes the options from word {@code first} on; the error text, or null when all were right. */
  String run(int first) {
    at = first;
    while (at < words.count()) {
      String option = words.text(at);
      int start = at;
      String error = take(option, words.count() - 1 - at);
      if (error != null) {
        return error;
      }
      changes++;
      tell(start);
      at++;
    }
    return null;
  }

  boolean changed() {
    return changes > 0;
  }

  private void tell(int start) {
    StringBuilder text = new StringBuilder();
    for (int i = start; i <= at; i++) {
      boolean secret = i > start && words.is(start, "AUTH-PASS");
      text.append(' ').append(secret ? "******" : words.text(i));
    }
    sentinel.events().warning("+set", primary, text.toString());
  }

  private String take(String option, int left) {
    String name = option.toLowerCase(Locale.ROOT);
    if (name.equals("rename-command") && left > 1) {
      return rename(option);
    }
    if (left < 1) {
      return unknown(option);
    }
    return switch (name) {
      case "down-after-milliseconds" -> {
        long value = number(1);
        primary.downAfterMs = value > 0 ? value : primary.downAfterMs;
        yield value > 0 ? accept() : invalid(option);
      }
      case "failover-timeout" -> {
        long value = number(1);
        primary.failoverTimeoutMs = value > 0 ? value : primary.failoverTimeoutMs;
        yield value > 0 ? accept() : invalid(option);
      }
      case "parallel-syncs" -> {
        long value = number(1);
        primary.parallelSyncs =
            value > 0 ? (int) Math.min(value, Integer.MAX_VALUE) : primary.parallelSyncs;
        yield value > 0 ? accept() : invalid(option);
      }
      case "quorum" -> {
        long value = number(1);
        primary.quorum = value > 0 ? (int) Math.min(value, Integer.MAX_VALUE) : primary.quorum;
        yield value > 0 ? accept() : invalid(option);
      }
      case "master-reboot-down-after-period" -> {
        long value = number(0);
        primary.rebootDownAfterMs = value >= 0 ? value : primary.rebootDownAfterMs;
        yield value >= 0 ? accept() : invalid(option);
      }
      case "notification-script", "client-reconfig-script" -> script(name);
      case "auth-pass", "auth-user" -> credentials(name);
      default -> unknown(option);
    };
  }

  /** The next word as a number of at least {@code minimum}; -1 when it is not one. */
  private long number(long minimum) {
    OptionalLong value = io.vigil.core.base.Numbers.parseLong(words.text(at + 1));
    return value.isPresent() && value.getAsLong() >= minimum ? value.getAsLong() : -1;
  }

  private String accept() {
    at++;
    return null;
  }

  private String invalid(String option) {
    return "ERR Invalid argument '" + words.text(at + 1) + "' for SENTINEL SET '" + option + "'";
  }

  private static String unknown(String option) {
    return "ERR Unknown option or number of arguments for SENTINEL SET '" + option + "'";
  }

  private String script(String option) {
    String path = words.text(at + 1);
    boolean notification = option.equals("notification-script");
    if (sentinel.settings().denyScriptsReconfig) {
      return DENIED;
    }
    if (!path.isEmpty() && !sentinel.env().processes().isExecutable(path)) {
      String what = notification ? "Notification script" : "Client reconfiguration script";
      return "ERR " + what + " seems non existing or non executable";
    }
    String value = path.isEmpty() ? null : path;
    if (notification) {
      primary.notificationScript = value;
    } else {
      primary.clientReconfigScript = value;
    }
    return accept();
  }

  private String credentials(String option) {
    String value = words.length(at + 1) == 0 ? null : words.text(at + 1);
    if (option.equals("auth-pass")) {
      primary.authPassword = value;
    } else {
      primary.authUser = value;
    }
    primary.reconnect();
    return accept();
  }

  private String rename(String option) {
    String from = words.text(at + 1);
    String to = words.text(at + 2);
    if (from.isEmpty() || to.isEmpty()) {
      return "ERR Invalid argument '' for SENTINEL SET '" + option + "'";
    }
    String key = from.toLowerCase(Locale.ROOT);
    primary.renamedCommands.remove(key);
    if (!from.equalsIgnoreCase(to)) {
      primary.renamedCommands.put(key, to);
    }
    at += 2;
    return null;
  }
}
