package io.vigil.core.sentinel;

import io.vigil.core.resp.ReplyWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The field lists of SENTINEL MASTER, REPLICAS and SENTINELS, in Redis's words and order. */
final class InstanceReply {
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final long nowMs;

  private InstanceReply(long nowMs) {
    this.nowMs = nowMs;
  }

  static void write(Instance instance, ReplyWriter reply) {
    InstanceReply fields = new InstanceReply(instance.sentinel.nowMs());
    fields.addCommon(instance);
    switch (instance) {
      case MonitoredPrimary primary -> {
        fields.addDataNode(primary);
        fields.addPrimary(primary);
      }
      case MonitoredReplica replica -> {
        fields.addDataNode(replica);
        fields.addReplica(replica);
      }
      case OtherSentinel other -> fields.addSentinel(other);
    }
    reply.map(fields.fields.size());
    for (Map.Entry<String, String> field : fields.fields.entrySet()) {
      reply.bulk(field.getKey());
      reply.bulk(field.getValue());
    }
  }

  private void add(String name, String value) {
    fields.put(name, value);
  }

  private void add(String name, long value) {
    fields.put(name, Long.toString(value));
  }

  private void addCommon(Instance instance) {
    InstanceLink link = instance.link;
    add("name", instance.name);
    add("ip", instance.address.host());
    add("port", instance.address.port());
    add("runid", instance.runId == null ? "" : instance.runId);
    add("flags", instance.flags());
    add("link-pending-commands", link.pendingCommands);
    add("link-refcount", link.userCount());
    if (instance instanceof MonitoredPrimary primary && primary.failover.inProgress()) {
      add("failover-state", primary.failover.state().word);
    }
    add("last-ping-sent", link.activePingMs == 0 ? 0 : nowMs - link.activePingMs);
    add("last-ok-ping-reply", nowMs - link.lastAvailableMs);
    add("last-ping-reply", nowMs - link.lastPongMs);
    if (instance.subjectivelyDown) {
      add("s-down-time", nowMs - instance.subjectivelyDownSinceMs);
    }
    if (instance instanceof MonitoredPrimary primary && primary.objectivelyDown) {
      add("o-down-time", nowMs - primary.objectivelyDownSinceMs);
    }
    add("down-after-milliseconds", instance.downAfterMs());
  }

  private void addDataNode(DataNode node) {
    add("info-refresh", node.infoRefreshMs == 0 ? 0 : nowMs - node.infoRefreshMs);
    add("role-reported", node.reportedPrimary ? "master" : "slave");
    add("role-reported-time", nowMs - node.roleReportedSinceMs);
  }

  private void addPrimary(MonitoredPrimary primary) {
    add("config-epoch", Long.toUnsignedString(primary.configEpoch));
    add("num-slaves", primary.replicas.size());
    add("num-other-sentinels", primary.sentinels.size());
    add("quorum", primary.quorum);
    add("failover-timeout", primary.failoverTimeoutMs);
    add("parallel-syncs", primary.parallelSyncs);
    if (primary.notificationScript != null) {
      add("notification-script", primary.notificationScript);
    }
    if (primary.clientReconfigScript != null) {
      add("client-reconfig-script", primary.clientReconfigScript);
    }
  }

  private void addReplica(MonitoredReplica replica) {
    add("master-link-down-time", replica.linkDownMs);
    add("master-link-status", replica.linkUp ? "ok" : "err");
    add("master-host", replica.reportedPrimaryHost == null ? "?" : replica.reportedPrimaryHost);
    add("master-port", replica.reportedPrimaryPort);
    add("slave-priority", replica.priority);
    add("slave-repl-offset", replica.offset);
    add("replica-announced", replica.announced ? 1 : 0);
  }

  private void addSentinel(OtherSentinel other) {
    add("last-hello-message", nowMs - other.lastHelloMs);
    add("voted-leader", other.votedLeader == null ? "?" : other.votedLeader);
    add("voted-leader-epoch", other.votedEpoch);
  }
}
