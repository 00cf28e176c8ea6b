package io.vigil.core.node;

import io.vigil.core.base.Numbers;
import io.vigil.core.observe.InfoText;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.session.ClientType;

/**
 * INFO memory. {@code used_memory} is the account of the data set plus what clients and the backlog
 * hold; the heap of the virtual machine is part of the resident size only.
 */
final class MemorySection {
  private final Node node;
  private final Observations observed;
  private final Settings settings;

  MemorySection(Node node, Observations observed) {
    this.node = node;
    this.observed = observed;
    this.settings = observed.settings;
  }

  /** Bytes that clients hold: normal ones, then replicas. */
  private long[] clientBytes() {
    long[] bytes = new long[2];
    node.sessions()
        .forEach(
            session -> {
              int kind = session.type() == ClientType.REPLICA ? 1 : 0;
              bytes[kind] += session.parser().heldBytes() + session.outputBytes();
            });
    return bytes;
  }

  void write(InfoText out) {
    long[] clients = clientBytes();
    long data = node.keyspace().memory().usedBytes();
    long backlog = node.stream().isActive() ? node.stream().historyLength() : 0;
    long overhead = clients[0] + clients[1] + backlog;
    long used = data + overhead;
    long resident = node.services().env().host().residentBytes();
    observed.stats.peakMemoryBytes = Math.max(observed.stats.peakMemoryBytes, used);
    long peak = observed.stats.peakMemoryBytes;
    long committed = node.keyspace().memory().committedBytes();
    bytes(out, "used_memory", used);
    bytes(out, "used_memory_rss", resident);
    bytes(out, "used_memory_peak", peak);
    out.field("used_memory_peak_perc", percent(used, peak));
    out.field("used_memory_overhead", overhead);
    out.field("used_memory_startup", 0);
    out.field("used_memory_dataset", data);
    out.field("used_memory_dataset_perc", percent(data, used));
    out.field("allocator_allocated", data);
    out.field("allocator_active", committed);
    out.field("allocator_resident", committed);
    bytes(out, "total_system_memory", node.services().env().host().physicalMemoryBytes());
    bytes(out, "maxmemory", settings.maxMemoryBytes.get());
    out.field("maxmemory_policy", settings.maxMemoryPolicy.get());
    out.field("allocator_frag_ratio", ratio(committed, data));
    out.field("allocator_frag_bytes", committed - data);
    out.field("allocator_rss_ratio", ratio(committed, committed));
    out.field("allocator_rss_bytes", 0);
    out.field("rss_overhead_ratio", ratio(resident, committed));
    out.field("rss_overhead_bytes", resident - committed);
    out.field("mem_fragmentation_ratio", ratio(resident, used));
    out.field("mem_fragmentation_bytes", resident - used);
    out.field("mem_not_counted_for_evict", clients[1] + backlog);
    out.field("mem_replication_backlog", backlog);
    out.field("mem_total_replication_buffers", clients[1] + backlog);
    out.field("mem_clients_slaves", clients[1]);
    out.field("mem_clients_normal", clients[0]);
    out.field("mem_cluster_links", 0);
    out.field("mem_aof_buffer", 0);
    out.field("mem_allocator", "vigil-pages");
    out.field("active_defrag_running", 0);
    out.field("lazyfree_pending_objects", 0);
    out.field("lazyfreed_objects", 0);
  }

  private static void bytes(InfoText out, String name, long bytes) {
    out.field(name, bytes);
    out.field(name + "_human", Numbers.humanBytes(bytes));
  }

  private static String percent(long part, long whole) {
    return Numbers.fixed(whole == 0 ? 0 : 100.0 * part / whole, 2) + "%";
  }

  private static String ratio(long part, long whole) {
    return Numbers.fixed(whole == 0 ? 0 : (double) part / whole, 2);
  }
}
