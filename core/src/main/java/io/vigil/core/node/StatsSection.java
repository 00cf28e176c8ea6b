package io.vigil.core.node;

import io.vigil.core.base.Numbers;
import io.vigil.core.keyspace.KeyspaceStats;
import io.vigil.core.observe.InfoText;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.Rate;
import io.vigil.core.observe.Stats;
import io.vigil.core.pubsub.PubSub;
import io.vigil.core.replication.ReplicationCounters;
import io.vigil.core.session.SessionCounters;

/** INFO stats. */
final class StatsSection {
  private final Node node;
  private final Observations observed;

  StatsSection(Node node, Observations observed) {
    this.node = node;
    this.observed = observed;
  }

  void write(InfoText out) {
    Stats stats = observed.stats;
    SessionCounters clients = node.sessions().counters();
    out.field("total_connections_received", clients.connectionsReceived);
    out.field("total_commands_processed", stats.commands);
    out.field("instantaneous_ops_per_sec", (long) stats.commandRate.perSecond());
    out.field("total_net_input_bytes", clients.inputBytes);
    out.field("total_net_output_bytes", node.sessions().outputBytes(false));
    out.field("total_net_repl_input_bytes", replicationInputBytes());
    out.field("total_net_repl_output_bytes", node.sessions().outputBytes(true));
    out.field("instantaneous_input_kbps", kilobytes(stats.inputRate));
    out.field("instantaneous_output_kbps", kilobytes(stats.outputRate));
    out.field("instantaneous_input_repl_kbps", kilobytes(stats.replicationInputRate));
    out.field("instantaneous_output_repl_kbps", kilobytes(stats.replicationOutputRate));
    out.field("rejected_connections", clients.connectionsRejected);
    synchronisations(out, node.replicationCounters());
    keys(out, stats, node.keyspace().stats());
    channels(out, node.services().pubSub());
    out.field("latest_fork_usec", 0);
    out.field("total_forks", 0);
    out.field("migrate_cached_sockets", node.migrateConnections());
    unused(out);
    out.field("unexpected_error_replies", 0);
    out.field("total_error_replies", observed.errors.total());
    out.field("dump_payload_sanitizations", 0);
    out.field("total_reads_processed", clients.reads);
    out.field("total_writes_processed", clients.writes);
    out.field("io_threaded_reads_processed", 0);
    out.field("io_threaded_writes_processed", 0);
    out.field("reply_buffer_shrinks", 0);
    out.field("reply_buffer_expands", 0);
    observed.steps.write(out);
  }

  /** Takes a sample of the counters whose growth is shown; about ten times a second. */
  void sample(long nowMs) {
    Stats stats = observed.stats;
    SessionCounters clients = node.sessions().counters();
    long used = node.keyspace().memory().usedBytes();
    stats.peakMemoryBytes = Math.max(stats.peakMemoryBytes, used);
    stats.commandRate.sample(stats.commands, nowMs);
    stats.inputRate.sample(clients.inputBytes, nowMs);
    stats.outputRate.sample(node.sessions().outputBytes(false), nowMs);
    stats.replicationInputRate.sample(replicationInputBytes(), nowMs);
    stats.replicationOutputRate.sample(node.sessions().outputBytes(true), nowMs);
  }

  /**
   * What came from replicas over their sessions, and from our primary over the link that is no
   * session.
   */
  private long replicationInputBytes() {
    return node.sessions().counters().replicationInputBytes
        + node.replicationCounters().receivedBytes;
  }

  private static String kilobytes(Rate rate) {
    return Numbers.fixed(rate.perSecond() / 1024, 2);
  }

  private static void synchronisations(InfoText out, ReplicationCounters counters) {
    out.field("sync_full", counters.fullSyncs);
    out.field("sync_partial_ok", counters.partialSyncs);
    out.field("sync_partial_err", counters.partialSyncsRefused);
  }

  private static void keys(InfoText out, Stats stats, KeyspaceStats keys) {
    out.field("expired_keys", keys.expiredKeys);
    out.field("expired_stale_perc", "0.00");
    out.field("expired_time_cap_reached_count", 0);
    out.field("expire_cycle_cpu_milliseconds", stats.expireCycleMicros / 1000);
    out.field("evicted_keys", 0);
    out.field("evicted_clients", 0);
    out.field("total_eviction_exceeded_time", 0);
    out.field("current_eviction_exceeded_time", 0);
    out.field("keyspace_hits", keys.hits);
    out.field("keyspace_misses", keys.misses);
  }

  private static void channels(InfoText out, PubSub pubSub) {
    out.field("pubsub_channels", pubSub.names(PubSub.Kind.CHANNEL));
    out.field("pubsub_patterns", pubSub.names(PubSub.Kind.PATTERN));
    out.field("pubsubshard_channels", pubSub.names(PubSub.Kind.SHARD_CHANNEL));
  }

  /** Fields of things that never happen here: forks, the defragmenter, tracking. */
  private static void unused(InfoText out) {
    for (String name :
        new String[] {
          "slave_expires_tracked_keys",
          "active_defrag_hits",
          "active_defrag_misses",
          "active_defrag_key_hits",
          "active_defrag_key_misses",
          "total_active_defrag_time",
          "current_active_defrag_time",
          "tracking_total_keys",
          "tracking_total_items",
          "tracking_total_prefixes"
        }) {
      out.field(name, 0);
    }
  }
}
