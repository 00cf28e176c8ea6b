package io.vigil.core.node;

import io.vigil.core.base.Numbers;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.observe.CommandStats;
import io.vigil.core.observe.InfoRegistry;
import io.vigil.core.observe.InfoText;
import io.vigil.core.observe.LatencyHistogram;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.config.Percentiles;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.persist.store.SaveState;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.Command;

/**
 * What a server says of itself in INFO, except for what its subsystems say themselves: the fields
 * of Redis 7.0.15 in its order. Fields about things that do not exist here (a compiler's version,
 * an interpreter's memory) are left out rather than made up; there are no child processes, so that
 * what counts those is 0.
 */
final class InfoSections {
  private final Node node;
  private final Observations observed;
  private final Settings settings;
  private final Env env;
  private final Sessions sessions;
  private final ProcessSections process;
  private final StatsSection stats;

  InfoSections(Node node, Observations observed) {
    this.node = node;
    this.observed = observed;
    this.settings = observed.settings;
    this.env = node.services().env();
    this.sessions = node.sessions();
    this.stats = new StatsSection(node, observed);
    this.process = new ProcessSections(node.services(), observed);
  }

  /** Adds all sections. */
  void register() {
    InfoRegistry info = observed.info;
    info.section("server", process::server);
    info.section("clients", new ClientsSection(sessions, settings)::write);
    info.section("memory", new MemorySection(node, observed)::write);
    info.section("persistence", this::persistence);
    info.section("stats", stats::write);
    info.section("replication", out -> node.replicationInfo().write(out::field));
    info.section("cpu", process::cpu);
    info.section("commandstats", this::commands);
    info.section("errorstats", observed.errors::write);
    info.section("latencystats", this::latencies);
    info.section("cluster", out -> out.field("cluster_enabled", 0));
    info.section("keyspace", this::keyspace);
  }

  /** Takes a sample of what is shown as a rate. */
  void sample(long nowMs) {
    stats.sample(nowMs);
  }

  private void persistence(InfoText out) {
    LoadState loading = node.loading();
    Persistence persistence = node.persistence();
    SaveState state = persistence.state();
    boolean saving = persistence.isRunning();
    out.field("loading", loading.isLoading() ? 1 : 0);
    out.field("async_loading", loading.isAsync() ? 1 : 0);
    out.field("current_cow_peak", 0);
    out.field("current_cow_size", 0);
    out.field("current_cow_size_age", 0);
    out.field("current_fork_perc", percent(persistence.runningKeys(), saving));
    out.field("current_save_keys_processed", persistence.runningKeys());
    out.field("current_save_keys_total", saving ? node.keyspace().size() : 0);
    out.field("rdb_changes_since_last_save", state.changes);
    out.field("rdb_bgsave_in_progress", saving ? 1 : 0);
    out.field("rdb_last_save_time", state.lastSaveSeconds);
    out.field("rdb_last_bgsave_status", state.lastBackgroundSaveOk ? "ok" : "err");
    out.field("rdb_last_bgsave_time_sec", state.lastBackgroundSaveDurationSeconds);
    out.field("rdb_current_bgsave_time_sec", persistence.runningSeconds());
    out.field("rdb_saves", state.saves);
    out.field("rdb_last_cow_size", 0);
    out.field("rdb_last_load_keys_expired", state.keysExpiredWhileLoading);
    out.field("rdb_last_load_keys_loaded", state.keysLoaded);
    out.field("aof_enabled", 0);
    out.field("aof_rewrite_in_progress", 0);
    out.field("aof_rewrite_scheduled", 0);
    out.field("aof_last_rewrite_time_sec", -1);
    out.field("aof_current_rewrite_time_sec", -1);
    out.field("aof_last_bgrewrite_status", "ok");
    out.field("aof_rewrites", 0);
    out.field("aof_rewrites_consecutive_failures", 0);
    out.field("aof_last_write_status", "ok");
    out.field("aof_last_cow_size", 0);
    out.field("module_fork_in_progress", 0);
    out.field("module_fork_last_cow_size", 0);
    out.field("vigil_snapshot_held_bytes", node.keyspace().snapshotHeldBytes());
    out.field("vigil_snapshot_waiting_writers", sessions.delayedWriters().waitingCount());
    out.field("vigil_snapshot_delayed_writes", sessions.delayedWriters().total());
    if (loading.isActive()) {
      loading(out, loading);
    }
  }

  private String percent(long keys, boolean saving) {
    long all = node.keyspace().size();
    return Numbers.fixed(saving && all > 0 ? Math.min(100.0, 100.0 * keys / all) : 0, 2);
  }

  private void loading(InfoText out, LoadState loading) {
    long elapsed = env.clock().wallMs() / 1000 - loading.startedSeconds();
    long total = loading.totalBytes();
    long loaded = loading.loadedBytes();
    long left = Math.max(0, total - loaded);
    out.field("loading_start_time", loading.startedSeconds());
    out.field("loading_total_bytes", total);
    out.field("loading_rdb_used_mem", 0);
    out.field("loading_loaded_bytes", loaded);
    out.field("loading_loaded_perc", Numbers.fixed(total == 0 ? 0 : 100.0 * loaded / total, 2));
    out.field("loading_eta_seconds", elapsed == 0 || loaded == 0 ? 1 : elapsed * left / loaded);
  }

  private void commands(InfoText out) {
    for (Command command : node.services().table().all()) {
      CommandStats.Entry entry = observed.commands.of(command.id());
      if (entry.wasUsed()) {
        double each = entry.calls() == 0 ? 0 : (double) entry.micros() / entry.calls();
        out.field(
            "cmdstat_" + command.fullName(),
            "calls="
                + entry.calls()
                + ",usec="
                + entry.micros()
                + ",usec_per_call="
                + Numbers.fixed(each, 2)
                + ",rejected_calls="
                + entry.rejected()
                + ",failed_calls="
                + entry.failed());
      }
    }
  }

  private void latencies(InfoText out) {
    for (Command command : node.services().table().all()) {
      LatencyHistogram histogram = observed.commands.of(command.id()).histogram();
      if (histogram == null) {
        continue;
      }
      StringBuilder values = new StringBuilder();
      for (double percentile : settings.latencyPercentiles.get()) {
        values.append(values.isEmpty() ? "p" : ",p").append(Percentiles.shown(percentile));
        double micros = histogram.percentile(percentile) / 1000.0;
        values.append('=').append(Numbers.fixed(micros, 3));
      }
      out.field("latency_percentiles_usec_" + command.fullName(), values.toString());
    }
  }

  private void keyspace(InfoText out) {
    Keyspace keyspace = node.keyspace();
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database database = keyspace.database(i);
      if (database.size() > 0) {
        out.field(
            "db" + i,
            "keys=" + database.size() + ",expires=" + database.deadlineCount() + ",avg_ttl=0");
      }
    }
  }
}
