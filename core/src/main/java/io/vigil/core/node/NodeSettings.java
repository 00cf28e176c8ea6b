package io.vigil.core.node;

import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.persist.store.PersistenceSettings;
import io.vigil.core.propagation.KeyspaceEvents;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.replication.ReplicationSettings;
import io.vigil.core.replication.ReplicationSettings.DisklessLoad;
import io.vigil.core.session.SessionLimits;
import java.nio.charset.StandardCharsets;

/** Hands configured values to the parts that use them, at the start and after each CONFIG SET. */
final class NodeSettings {
  private static final String[] DATA = {
    "lfu-log-factor",
    "lfu-decay-time",
    "hll-sparse-max-bytes",
    "hash-max-listpack-entries",
    "hash-max-listpack-value",
    "set-max-intset-entries",
    "zset-max-listpack-entries",
    "zset-max-listpack-value",
    "maxmemory-policy",
    "notify-keyspace-events",
    "save",
    "dbfilename",
    "rdbcompression",
    "stop-writes-on-bgsave-error",
    "rdb-key-save-delay",
    "key-load-delay"
  };
  private static final String[] REPLICATION = {
    "repl-timeout",
    "repl-ping-replica-period",
    "repl-diskless-sync",
    "repl-diskless-sync-delay",
    "repl-diskless-sync-max-replicas",
    "repl-diskless-load",
    "repl-backlog-size",
    "repl-backlog-ttl",
    "min-replicas-to-write",
    "min-replicas-max-lag",
    "masterauth",
    "masteruser",
    "replica-announce-ip",
    "replica-announce-port",
    "bind-source-addr",
    "replica-priority",
    "replica-read-only",
    "replica-announced",
    "rdb-del-sync-files",
    "vigil-tail-files",
    "vigil-tail-size",
    "vigil-backlog-memory",
    "vigil-backlog-limit"
  };

  private final Settings settings;
  private final SessionLimits clients;
  private final Keyspace keyspace;
  private final KeyspaceEvents events;
  private final PersistenceSettings persistence;
  private final ReplicationSettings replication;
  private final ReplicationStream stream;
  private Runnable changed = () -> {};

  NodeSettings(
      ConfigRegistry registry,
      SessionLimits clients,
      Keyspace keyspace,
      KeyspaceEvents events,
      PersistenceSettings persistence,
      ReplicationSettings replication,
      ReplicationStream stream) {
    this.settings = registry.settings();
    this.clients = clients;
    this.keyspace = keyspace;
    this.events = events;
    this.persistence = persistence;
    this.replication = replication;
    this.stream = stream;
    follow(registry, this::applyClients, ClientSettings.NAMES);
    follow(registry, this::applyData, DATA);
    follow(registry, this::applyReplication, REPLICATION);
    applyClients();
    applyData();
    applyReplication();
  }

  /** Calls {@code action} after each change, for what is derived from more than the settings. */
  void onChange(Runnable action) {
    changed = action;
  }

  private void follow(ConfigRegistry registry, Runnable apply, String[] names) {
    ConfigRegistry.ChangeHook hook =
        () -> {
          apply.run();
          changed.run();
          return null;
        };
    for (String name : names) {
      registry.onChange(name, hook);
    }
  }

  private void applyClients() {
    ClientSettings.apply(settings, clients);
  }

  private void applyData() {
    keyspace.settings().lfu = settings.maxMemoryPolicy.get().endsWith("-lfu");
    keyspace.settings().lfuLogFactor = settings.lfuLogFactor.getInt();
    keyspace.settings().lfuDecayMinutes = settings.lfuDecayMinutes.getInt();
    keyspace.settings().hllSparseMaxBytes =
        (int) Math.min(settings.hllSparseMaxBytes.get(), Integer.MAX_VALUE);
    applyThresholds();
    int classes = 0;
    for (NotifyClass each : NotifyClass.values()) {
      classes |= settings.notifyEvents.includes(each.letter()) ? each.mask() : 0;
    }
    events.classes(classes);
    keyspace.settings().tellsNewKeys = (classes & NotifyClass.NEW.mask()) != 0;
    persistence.dataFileName = settings.dbFilename.get();
    persistence.packsStrings = settings.rdbCompression.get();
    persistence.checksums = settings.rdbChecksum.get();
    persistence.stopsWritesOnError = settings.stopWritesOnBgsaveError.get();
    persistence.keySaveDelayMicros = settings.rdbKeySaveDelayMicros.getInt();
    persistence.keyLoadDelayMicros = settings.keyLoadDelayMicros.getInt();
    persistence.databases = settings.databases.getInt();
    persistence.savePoints =
        settings.savePoints.get().stream()
            .map(point -> new PersistenceSettings.SavePoint(point.seconds(), point.changes()))
            .toList();
    replication.dataFileName = settings.dbFilename.get();
  }

  private void applyThresholds() {
    keyspace.settings().hashMaxListpackEntries = settings.hashMaxListpackEntries.get();
    keyspace.settings().hashMaxListpackValue = settings.hashMaxListpackValue.get();
    keyspace.settings().setMaxIntsetEntries = settings.setMaxIntsetEntries.get();
    keyspace.settings().zsetMaxListpackEntries = settings.zsetMaxListpackEntries.get();
    keyspace.settings().zsetMaxListpackValue = settings.zsetMaxListpackValue.get();
  }

  private void applyReplication() {
    replication.timeoutSeconds = settings.replTimeoutSeconds.getInt();
    replication.pingPeriodSeconds = settings.replPingReplicaPeriodSeconds.getInt();
    replication.disklessSync = settings.replDisklessSync.get();
    replication.disklessSyncDelaySeconds = settings.replDisklessSyncDelaySeconds.getInt();
    replication.disklessSyncMaxReplicas = settings.replDisklessSyncMaxReplicas.getInt();
    replication.disklessLoad =
        switch (settings.replDisklessLoad.get()) {
          case "swapdb" -> DisklessLoad.SWAPDB;
          case "on-empty-db" -> DisklessLoad.WHEN_EMPTY;
          default -> DisklessLoad.DISABLED;
        };
    replication.backlogTtlSeconds = settings.replBacklogTtlSeconds.get();
    replication.minReplicasToWrite = settings.minReplicasToWrite.getInt();
    replication.minReplicasMaxLagSeconds = settings.minReplicasMaxLagSeconds.getInt();
    replication.primaryPassword = bytes(settings.masterAuth.get());
    replication.primaryUser = bytes(settings.masterUser.get());
    replication.announcedAddress = settings.replicaAnnounceIp.get();
    replication.bindSourceAddress = settings.bindSourceAddr.get();
    replication.replicaPriority = settings.replicaPriority.getInt();
    replication.replicaReadOnly = settings.replicaReadOnly.get();
    replication.replicaAnnounced = settings.replicaAnnounced.get();
    replication.deletesSyncFiles = settings.rdbDelSyncFiles.get();
    replication.tailFiles = settings.vigilTailFiles.getInt();
    replication.tailBytes = settings.vigilTailBytes.get();
    replication.backlogMemoryBytes = settings.vigilBacklogMemoryBytes.get();
    replication.backlogLimitBytes = settings.vigilBacklogLimitBytes.get();
    clients.backlogBytes = settings.replBacklogBytes.get();
    stream.backlogBytes(settings.replBacklogBytes.get());
    applyPort();
  }

  /**
   * The port others are told may move with the listening one, whose hook belongs to the process.
   */
  void applyPort() {
    replication.listeningPort = settings.port.getInt();
    int announced = settings.replicaAnnouncePort.getInt();
    replication.announcedPort = announced != 0 ? announced : settings.port.getInt();
  }

  private static byte[] bytes(String text) {
    return text == null || text.isEmpty() ? null : text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
