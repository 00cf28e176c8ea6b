package io.vigil.core.sentinel;

import java.util.List;

/** The options of one group that the configuration file sets. */
final class GroupOptions {
  /** First words of statements whose second word is a group's name. */
  static final List<String> NAMES =
      List.of(
          "down-after-milliseconds",
          "failover-timeout",
          "parallel-syncs",
          "notification-script",
          "client-reconfig-script",
          "auth-pass",
          "auth-user",
          "config-epoch",
          "leader-epoch",
          "known-slave",
          "known-replica",
          "known-sentinel",
          "rename-command",
          "master-reboot-down-after-period");

  private GroupOptions() {}

  /** Sets an option of a group; false when a line of three words has no such option. */
  static boolean configure(Sentinel sentinel, MonitoredPrimary primary, String option, String value)
      throws SentinelException {
    switch (option) {
      case "down-after-milliseconds" -> primary.downAfterMs = positive(value);
      case "failover-timeout" -> primary.failoverTimeoutMs = positive(value);
      case "parallel-syncs" -> primary.parallelSyncs = (int) ConfigurationReader.number(value);
      case "notification-script" -> {
        requireExecutable(
            sentinel, value, "Notification script seems non existing or non executable.");
        primary.notificationScript = value;
      }
      case "client-reconfig-script" -> {
        requireExecutable(
            sentinel, value, "Client reconfiguration script seems non existing or non executable.");
        primary.clientReconfigScript = value;
      }
      case "auth-pass" -> primary.authPassword = value;
      case "auth-user" -> primary.authUser = value;
      case "master-reboot-down-after-period" -> {
        primary.rebootDownAfterMs = ConfigurationReader.number(value);
        if (primary.rebootDownAfterMs < 0) {
          throw new SentinelException("negative time parameter.");
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static long positive(String value) throws SentinelException {
    long number = ConfigurationReader.number(value);
    if (number <= 0) {
      throw new SentinelException(
          "negative or zero time parameter. '" + value + "' is not a number above 0.");
    }
    return number;
  }

  private static void requireExecutable(Sentinel sentinel, String path, String error)
      throws SentinelException {
    if (!sentinel.env().processes().isExecutable(path)) {
      throw new SentinelException(error);
    }
  }
}
