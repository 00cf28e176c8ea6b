package io.vigil.core.replication;

import io.vigil.core.propagation.ReplicationStream;
import java.util.List;
import java.util.Locale;

/** The replication section of INFO, with the fields of Redis 7.0.15 in its order. */
public final class ReplicationInfo {
  private final PrimarySide primary;
  private final ReplicaSide replica;
  private final ReplicationSettings settings;
  private final ReplicationCounters counters;
  private final Failover failover;

  /** Takes one line of INFO. */
  @FunctionalInterface
  public interface Fields {
    void field(String name, String value);

    default void field(String name, long value) {
      field(name, Long.toString(value));
    }
  }

  public ReplicationInfo(
      PrimarySide primary,
      ReplicaSide replica,
      ReplicationSettings settings,
      ReplicationCounters counters,
      Failover failover) {
    this.primary = primary;
    this.replica = replica;
    this.settings = settings;
    this.counters = counters;
    this.failover = failover;
  }

  public void write(Fields out) {
    out.field("role", replica.isReplica() ? "slave" : "master");
    if (replica.isReplica()) {
      writeReplica(out);
    }
    List<Replica> replicas = primary.replicas();
    out.field("connected_slaves", replicas.size());
    if (settings.minReplicasToWrite > 0 && settings.minReplicasMaxLagSeconds > 0) {
      out.field("min_slaves_good_slaves", primary.goodReplicas());
    }
    int number = 0;
    for (Replica each : replicas) {
      out.field(
          "slave" + number++,
          String.format(
              Locale.ROOT,
              "ip=%s,port=%d,state=%s,offset=%d,lag=%d",
              each.address(),
              each.listeningPort,
              each.state.wireName(),
              each.acknowledgedOffset,
              primary.lagSeconds(each)));
    }
    ReplicationStream stream = primary.stream();
    out.field("master_failover_state", failover.stateName());
    out.field("master_replid", stream.id());
    out.field("master_replid2", stream.secondId());
    out.field("master_repl_offset", stream.offset());
    out.field("second_repl_offset", stream.secondIdLimit());
    out.field("repl_backlog_active", stream.isActive() ? 1 : 0);
    out.field("repl_backlog_size", stream.backlogBytes());
    out.field("repl_backlog_first_byte_offset", stream.firstOffset());
    out.field("repl_backlog_histlen", stream.historyLength());
    writeOurs(out);
  }

  /** What Redis does not have; after all that it has. */
  private void writeOurs(Fields out) {
    out.field("vigil_stream_failures", counters.streamFailures);
    out.field("vigil_backlog_spilled_bytes", primary.stream().spilledBytes());
    out.field("vigil_writers_slowed_ms", counters.writersSlowedMs);
    out.field("vigil_dropped_replicas", counters.droppedReplicas);
    out.field("vigil_last_dropped_replica", counters.lastDroppedReplica);
    out.field("vigil_kept_tail", replica.tail().lastFile());
    out.field("vigil_kept_tail_bytes", replica.tail().lastBytes());
    if (replica.isReplica()) {
      out.field("vigil_full_sync_refused", replica.refusedSync().wireName());
    }
  }

  private void writeReplica(Fields out) {
    PrimaryLink link = replica.link();
    boolean connected = replica.isConnected();
    boolean transfers = replica.state() == ReplicaSide.LinkState.TRANSFER;
    out.field("master_host", replica.host());
    out.field("master_port", replica.port());
    out.field("master_link_status", connected ? "up" : "down");
    out.field("master_last_io_seconds_ago", connected ? secondsSinceHeard(link) : -1);
    out.field("master_sync_in_progress", transfers ? 1 : 0);
    boolean known = connected || replica.isResumable();
    long applied = primary.stream().offset();
    out.field("slave_read_repl_offset", !known ? 1 : connected ? link.readOffset() : applied);
    out.field("slave_repl_offset", known ? applied : 1);
    if (transfers) {
      writeTransfer(out, link);
    }
    if (!connected) {
      out.field("master_link_down_since_seconds", replica.downSeconds());
    }
    out.field("slave_priority", settings.replicaPriority);
    out.field("slave_read_only", settings.replicaReadOnly ? 1 : 0);
    out.field("replica_announced", settings.replicaAnnounced ? 1 : 0);
  }

  private long secondsSinceHeard(PrimaryLink link) {
    return (replica.nowMs() - link.lastHeardMs()) / 1000;
  }

  private void writeTransfer(Fields out, PrimaryLink link) {
    PayloadReceiver payload = link.payload();
    long total = payload == null ? -1 : payload.totalBytes();
    long read = payload == null ? 0 : payload.receivedBytes();
    out.field("master_sync_total_bytes", total);
    out.field("master_sync_read_bytes", read);
    out.field("master_sync_left_bytes", total - read);
    out.field(
        "master_sync_perc",
        String.format(java.util.Locale.ROOT, "%.2f", total == 0 ? 0.0 : 100.0 * read / total));
    out.field("master_sync_last_io_seconds_ago", secondsSinceHeard(link));
  }
}
