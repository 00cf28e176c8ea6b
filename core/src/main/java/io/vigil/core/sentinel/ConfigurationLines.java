package io.vigil.core.sentinel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The state of a Sentinel as configuration statements, in the words and order of Redis 7.0. */
final class ConfigurationLines {
  private final List<List<String>> lines = new ArrayList<>();

  private ConfigurationLines() {}

  static List<List<String>> of(Sentinel sentinel) {
    ConfigurationLines writer = new ConfigurationLines();
    writer.addGlobal(sentinel);
    for (MonitoredPrimary primary : sentinel.primaries.values()) {
      writer.addGroup(sentinel, primary);
    }
    writer.add("current-epoch", Long.toUnsignedString(sentinel.currentEpoch()));
    writer.addIdentity(sentinel.settings());
    return writer.lines;
  }

  private void add(String... words) {
    lines.add(List.of(words));
  }

  private void addGlobal(Sentinel sentinel) {
    SentinelSettings settings = sentinel.settings();
    add("myid", sentinel.myId());
    if (!settings.denyScriptsReconfig) {
      add("deny-scripts-reconfig", "no");
    }
    if (settings.resolveHostnames) {
      add("resolve-hostnames", "yes");
    }
    if (settings.announceHostnames) {
      add("announce-hostnames", "yes");
    }
  }

  private void addIdentity(SentinelSettings settings) {
    if (settings.announceIp != null) {
      add("announce-ip", settings.announceIp);
    }
    if (settings.announcePort != 0) {
      add("announce-port", Integer.toString(settings.announcePort));
    }
    if (settings.sentinelUser != null) {
      add("sentinel-user", settings.sentinelUser);
    }
    if (settings.sentinelPassword != null) {
      add("sentinel-pass", settings.sentinelPassword);
    }
  }

  private void addGroup(Sentinel sentinel, MonitoredPrimary primary) {
    Address current = primary.currentAddress();
    String name = primary.name;
    add("monitor", name, current.host(), port(current), Integer.toString(primary.quorum));
    addOptions(sentinel, primary);
    add("config-epoch", name, Long.toUnsignedString(primary.configEpoch));
    add("leader-epoch", name, Long.toUnsignedString(primary.leaderEpoch));
    for (MonitoredReplica replica : primary.replicas.values()) {
      // Once the promoted replica is the group's address, its own line stands for the old primary.
      Address address = replica.address.equals(current) ? primary.address : replica.address;
      add("known-replica", name, address.host(), port(address));
    }
    for (OtherSentinel other : primary.sentinels.values()) {
      add("known-sentinel", name, other.address.host(), port(other.address), other.runId);
    }
    for (Map.Entry<String, String> renamed : primary.renamedCommands.entrySet()) {
      add("rename-command", name, renamed.getKey(), renamed.getValue());
    }
  }

  private void addOptions(Sentinel sentinel, MonitoredPrimary primary) {
    String name = primary.name;
    if (primary.downAfterMs != sentinel.timings().defaultDownAfterMs) {
      add("down-after-milliseconds", name, Long.toString(primary.downAfterMs));
    }
    if (primary.failoverTimeoutMs != sentinel.timings().defaultFailoverTimeoutMs) {
      add("failover-timeout", name, Long.toString(primary.failoverTimeoutMs));
    }
    if (primary.parallelSyncs != 1) {
      add("parallel-syncs", name, Integer.toString(primary.parallelSyncs));
    }
    addText("notification-script", name, primary.notificationScript);
    addText("client-reconfig-script", name, primary.clientReconfigScript);
    addText("auth-pass", name, primary.authPassword);
    addText("auth-user", name, primary.authUser);
    if (primary.rebootDownAfterMs != 0) {
      add("master-reboot-down-after-period", name, Long.toString(primary.rebootDownAfterMs));
    }
  }

  private void addText(String option, String name, String value) {
    if (value != null) {
      add(option, name, value);
    }
  }

  private static String port(Address address) {
    return Integer.toString(address.port());
  }
}
