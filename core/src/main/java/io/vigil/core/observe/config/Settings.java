package io.vigil.core.observe.config;

import static io.vigil.core.observe.config.Directive.Rule.DENY_LOADING;
import static io.vigil.core.observe.config.Directive.Rule.HIDDEN;
import static io.vigil.core.observe.config.Directive.Rule.IMMUTABLE;
import static io.vigil.core.observe.config.Directive.Rule.MULTIPLE;
import static io.vigil.core.observe.config.Directive.Rule.PROTECTED;
import static io.vigil.core.observe.config.Directive.Rule.SENSITIVE;

import io.vigil.core.base.Version;
import io.vigil.core.env.Host;
import java.util.ArrayList;
import java.util.List;

/**
 * Every directive of Redis 7.0.15 that has a value, declared once: name, older name, type, range,
 * initial value and rules. Names, ranges and initial values are those of Redis; a field's name ends
 * in its unit where it has one. {@link ConfigRegistry} reads and changes them by name.
 *
 * <p>Some directives steer what this version does not have. Their initial values are taken, and so
 * is any value that changes nothing; a value that asks for the missing thing is refused (see {@link
 * #refuseWhatIsMissing}). Some have no meaning on a Java virtual machine (the defragmenter,
 * jemalloc, transparent huge pages); they are kept and shown, and docs/differences.md lists them.
 *
 * <p>One instance per node, read and changed inside the core only.
 */
public final class Settings {
  private static final long INT_MAX = Integer.MAX_VALUE;
  private static final long LONG_MAX = Long.MAX_VALUE;
  private static final String SAVE_AND_NOSAVE =
      "shutdown options SAVE and NOSAVE can't be used simultaneously";
  private static final String NO_DEFRAGMENTATION =
      "Active defragmentation cannot be enabled: it requires a Redis server compiled with a"
          + " modified Jemalloc like the one shipped by default with the Redis source distribution";

  private final List<Directive> all = new ArrayList<>();

  // ---- yes or no

  public final FlagDirective rdbChecksum = with(flag("rdbchecksum", true), IMMUTABLE);
  public final FlagDirective daemonize = with(flag("daemonize", false), IMMUTABLE);
  public final FlagDirective ioThreadsDoReads = with(flag("io-threads-do-reads", false), IMMUTABLE);
  public final FlagDirective alwaysShowLogo = with(flag("always-show-logo", false), IMMUTABLE);
  public final FlagDirective protectedMode = flag("protected-mode", true);
  public final FlagDirective rdbCompression = flag("rdbcompression", true);
  public final FlagDirective rdbDelSyncFiles = flag("rdb-del-sync-files", false);
  public final FlagDirective activeRehashing = flag("activerehashing", true);
  public final FlagDirective stopWritesOnBgsaveError = flag("stop-writes-on-bgsave-error", true);
  public final FlagDirective setProcTitle = with(flag("set-proc-title", true), IMMUTABLE);
  public final FlagDirective dynamicHz = flag("dynamic-hz", true);
  public final FlagDirective lazyfreeLazyEviction = flag("lazyfree-lazy-eviction", false);
  public final FlagDirective lazyfreeLazyExpire = flag("lazyfree-lazy-expire", false);
  public final FlagDirective lazyfreeLazyServerDel = flag("lazyfree-lazy-server-del", false);
  public final FlagDirective lazyfreeLazyUserDel = flag("lazyfree-lazy-user-del", false);
  public final FlagDirective lazyfreeLazyUserFlush = flag("lazyfree-lazy-user-flush", false);
  public final FlagDirective replDisableTcpNodelay = flag("repl-disable-tcp-nodelay", false);
  public final FlagDirective replDisklessSync = flag("repl-diskless-sync", true);
  public final FlagDirective aofRewriteIncrementalFsync =
      flag("aof-rewrite-incremental-fsync", true);
  public final FlagDirective noAppendfsyncOnRewrite = flag("no-appendfsync-on-rewrite", false);
  public final FlagDirective clusterRequireFullCoverage =
      flag("cluster-require-full-coverage", true);
  public final FlagDirective rdbSaveIncrementalFsync = flag("rdb-save-incremental-fsync", true);
  public final FlagDirective aofLoadTruncated = flag("aof-load-truncated", true);
  public final FlagDirective aofUseRdbPreamble = flag("aof-use-rdb-preamble", true);
  public final FlagDirective aofTimestampEnabled = flag("aof-timestamp-enabled", false);
  public final FlagDirective clusterReplicaNoFailover =
      alias(flag("cluster-replica-no-failover", false), "cluster-slave-no-failover");
  public final FlagDirective replicaLazyFlush =
      alias(flag("replica-lazy-flush", false), "slave-lazy-flush");
  public final FlagDirective replicaServeStaleData =
      alias(flag("replica-serve-stale-data", true), "slave-serve-stale-data");
  public final FlagDirective replicaReadOnly =
      alias(flag("replica-read-only", true), "slave-read-only");
  public final FlagDirective replicaIgnoreMaxmemory =
      alias(flag("replica-ignore-maxmemory", true), "slave-ignore-maxmemory");
  public final FlagDirective jemallocBgThread = flag("jemalloc-bg-thread", true);
  public final FlagDirective activeDefrag =
      flag("activedefrag", false).neverYes(NO_DEFRAGMENTATION);
  public final FlagDirective syslogEnabled = with(flag("syslog-enabled", false), IMMUTABLE);
  public final FlagDirective clusterEnabled = with(flag("cluster-enabled", false), IMMUTABLE);
  public final FlagDirective appendOnly = with(flag("appendonly", false), DENY_LOADING);
  public final FlagDirective clusterAllowReadsWhenDown =
      flag("cluster-allow-reads-when-down", false);
  public final FlagDirective clusterAllowPubsubshardWhenDown =
      flag("cluster-allow-pubsubshard-when-down", true);
  public final FlagDirective crashLogEnabled = flag("crash-log-enabled", true);
  public final FlagDirective crashMemcheckEnabled = flag("crash-memcheck-enabled", true);
  public final FlagDirective useExitOnPanic = with(flag("use-exit-on-panic", false), HIDDEN);
  public final FlagDirective disableThp = with(flag("disable-thp", true), IMMUTABLE);
  public final FlagDirective clusterAllowReplicaMigration =
      flag("cluster-allow-replica-migration", true);
  public final FlagDirective replicaAnnounced = flag("replica-announced", true);
  public final FlagDirective latencyTracking = flag("latency-tracking", true);
  public final FlagDirective aofDisableAutoGc = flag("aof-disable-auto-gc", false);
  public final FlagDirective replicaIgnoreDiskWriteErrors =
      flag("replica-ignore-disk-write-errors", false);
  public final FlagDirective luaEnableDeprecatedApi =
      with(flag("lua-enable-deprecated-api", false), IMMUTABLE, HIDDEN);

  // ---- text

  public final TextDirective aclFile = with(text("aclfile", ""), IMMUTABLE);
  public final TextDirective unixSocket = with(text("unixsocket", null), IMMUTABLE);
  public final TextDirective pidFile = with(text("pidfile", null), IMMUTABLE);
  public final TextDirective replicaAnnounceIp =
      alias(text("replica-announce-ip", null), "slave-announce-ip");
  public final TextDirective masterUser = with(text("masteruser", null), SENSITIVE);
  public final TextDirective clusterAnnounceIp = text("cluster-announce-ip", null);
  public final TextDirective clusterConfigFile =
      with(text("cluster-config-file", "nodes.conf"), IMMUTABLE);
  public final TextDirective clusterAnnounceHostname =
      text("cluster-announce-hostname", null).check(TextRules::hostname);
  public final TextDirective syslogIdent = with(text("syslog-ident", "redis"), IMMUTABLE);
  public final TextDirective dbFilename =
      with(text("dbfilename", "dump.rdb").check(TextRules::dataFile), PROTECTED);
  public final TextDirective appendFilename =
      with(text("appendfilename", "appendonly.aof").check(TextRules::appendFile), IMMUTABLE);
  public final TextDirective appendDirname =
      with(text("appenddirname", "appendonlydir").check(TextRules::appendDirectory), IMMUTABLE);
  public final TextDirective serverCpulist = with(text("server_cpulist", null), IMMUTABLE);
  public final TextDirective bioCpulist = with(text("bio_cpulist", null), IMMUTABLE);
  public final TextDirective aofRewriteCpulist = with(text("aof_rewrite_cpulist", null), IMMUTABLE);
  public final TextDirective bgsaveCpulist = with(text("bgsave_cpulist", null), IMMUTABLE);
  public final TextDirective ignoreWarnings = text("ignore-warnings", "");
  public final TextDirective procTitleTemplate =
      text("proc-title-template", "{title} {listen-addr} {server-mode}")
          .check(TextRules::processTitle);
  public final TextDirective bindSourceAddr = text("bind-source-addr", null);
  public final TextDirective logFile = with(text("logfile", ""), IMMUTABLE);

  // ---- secrets

  public final TextDirective masterAuth = with(text("masterauth", null), SENSITIVE);
  public final TextDirective requirePass = with(text("requirepass", null), SENSITIVE);

  // ---- one of a few words

  public final ChoiceDirective supervised =
      with(choice("supervised", "no", "upstart", "systemd", "auto", "no"), IMMUTABLE);
  public final ChoiceDirective syslogFacility =
      with(
          choice(
              "syslog-facility",
              "local0",
              "user",
              "local0",
              "local1",
              "local2",
              "local3",
              "local4",
              "local5",
              "local6",
              "local7"),
          IMMUTABLE);
  public final ChoiceDirective replDisklessLoad =
      with(
          choice("repl-diskless-load", "disabled", "disabled", "on-empty-db", "swapdb"),
          DENY_LOADING);
  public final ChoiceDirective logLevel =
      choice("loglevel", "notice", "debug", "verbose", "notice", "warning");
  public final ChoiceDirective maxMemoryPolicy =
      choice(
          "maxmemory-policy",
          "noeviction",
          "volatile-lru",
          "volatile-lfu",
          "volatile-random",
          "volatile-ttl",
          "allkeys-lru",
          "allkeys-lfu",
          "allkeys-random",
          "noeviction");
  public final ChoiceDirective appendFsync =
      choice("appendfsync", "everysec", "everysec", "always", "no");
  public final ChoiceDirective oomScoreAdj =
      choice("oom-score-adj", "no", "no", "yes", "relative", "absolute").synonym("relative", "yes");
  public final ChoiceDirective aclPubsubDefault =
      choice("acl-pubsub-default", "resetchannels", "allchannels", "resetchannels");
  public final ChoiceDirective sanitizeDumpPayload =
      choice("sanitize-dump-payload", "no", "no", "yes", "clients");
  public final ChoiceDirective enableProtectedConfigs =
      with(choice("enable-protected-configs", "no", "no", "yes", "local"), IMMUTABLE);
  public final ChoiceDirective enableDebugCommand =
      with(choice("enable-debug-command", "no", "no", "yes", "local"), IMMUTABLE);
  public final ChoiceDirective enableModuleCommand =
      with(choice("enable-module-command", "no", "no", "yes", "local"), IMMUTABLE);
  public final ChoiceDirective clusterPreferredEndpointType =
      choice("cluster-preferred-endpoint-type", "ip", "ip", "hostname", "unknown-endpoint");
  public final ChoiceDirective propagationErrorBehavior =
      choice("propagation-error-behavior", "ignore", "ignore", "panic", "panic-on-replicas");
  public final ChoiceDirective shutdownOnSigint =
      with(
          choice("shutdown-on-sigint", "default", "default", "save", "nosave", "now", "force")
              .exclusive("save", "nosave", SAVE_AND_NOSAVE),
          MULTIPLE);
  public final ChoiceDirective shutdownOnSigterm =
      with(
          choice("shutdown-on-sigterm", "default", "default", "save", "nosave", "now", "force")
              .exclusive("save", "nosave", SAVE_AND_NOSAVE),
          MULTIPLE);

  // ---- numbers

  public final NumberDirective databases = with(number("databases", 1, INT_MAX, 16), IMMUTABLE);
  public final NumberDirective port = number("port", 0, 65535, 6379);
  public final NumberDirective ioThreads = with(number("io-threads", 1, 128, 1), IMMUTABLE);
  public final NumberDirective autoAofRewritePercentage =
      number("auto-aof-rewrite-percentage", 0, INT_MAX, 100);
  public final NumberDirective clusterReplicaValidityFactor =
      alias(
          number("cluster-replica-validity-factor", 0, INT_MAX, 10),
          "cluster-slave-validity-factor");
  public final NumberDirective listMaxListpackSize =
      alias(
          number("list-max-listpack-size", Integer.MIN_VALUE, INT_MAX, -2),
          "list-max-ziplist-size");
  public final NumberDirective tcpKeepaliveSeconds = number("tcp-keepalive", 0, INT_MAX, 300);
  public final NumberDirective clusterMigrationBarrier =
      number("cluster-migration-barrier", 0, INT_MAX, 1);
  public final NumberDirective activeDefragCycleMin = number("active-defrag-cycle-min", 1, 99, 1);
  public final NumberDirective activeDefragCycleMax = number("active-defrag-cycle-max", 1, 99, 25);
  public final NumberDirective activeDefragThresholdLower =
      number("active-defrag-threshold-lower", 0, 1000, 10);
  public final NumberDirective activeDefragThresholdUpper =
      number("active-defrag-threshold-upper", 0, 1000, 100);
  public final NumberDirective lfuLogFactor = number("lfu-log-factor", 0, INT_MAX, 10);
  public final NumberDirective lfuDecayMinutes = number("lfu-decay-time", 0, INT_MAX, 1);
  public final NumberDirective replicaPriority =
      alias(number("replica-priority", 0, INT_MAX, 100), "slave-priority");
  public final NumberDirective replDisklessSyncDelaySeconds =
      number("repl-diskless-sync-delay", 0, INT_MAX, 5);
  public final NumberDirective maxMemorySamples = number("maxmemory-samples", 1, INT_MAX, 5);
  public final NumberDirective maxMemoryEvictionTenacity =
      number("maxmemory-eviction-tenacity", 0, 100, 10);
  public final NumberDirective timeoutSeconds = number("timeout", 0, INT_MAX, 0);
  public final NumberDirective replicaAnnouncePort =
      alias(number("replica-announce-port", 0, 65535, 0), "slave-announce-port");
  public final NumberDirective tcpBacklog = with(number("tcp-backlog", 0, INT_MAX, 511), IMMUTABLE);
  public final NumberDirective clusterPort = with(number("cluster-port", 0, 65535, 0), IMMUTABLE);
  public final NumberDirective clusterAnnounceBusPort =
      number("cluster-announce-bus-port", 0, 65535, 0);
  public final NumberDirective clusterAnnouncePort = number("cluster-announce-port", 0, 65535, 0);
  public final NumberDirective clusterAnnounceTlsPort =
      number("cluster-announce-tls-port", 0, 65535, 0);
  public final NumberDirective replTimeoutSeconds = number("repl-timeout", 1, INT_MAX, 60);
  public final NumberDirective replPingReplicaPeriodSeconds =
      alias(number("repl-ping-replica-period", 1, INT_MAX, 10), "repl-ping-slave-period");
  public final NumberDirective listCompressDepth = number("list-compress-depth", 0, INT_MAX, 0);
  public final NumberDirective rdbKeySaveDelayMicros =
      with(number("rdb-key-save-delay", Integer.MIN_VALUE, INT_MAX, 0), HIDDEN);
  public final NumberDirective keyLoadDelayMicros =
      with(number("key-load-delay", Integer.MIN_VALUE, INT_MAX, 0), HIDDEN);
  public final NumberDirective activeExpireEffort = number("active-expire-effort", 1, 10, 1);
  public final NumberDirective hz = number("hz", 0, INT_MAX, 10).clamped(1, 500);
  public final NumberDirective minReplicasToWrite =
      alias(number("min-replicas-to-write", 0, INT_MAX, 0), "min-slaves-to-write");
  public final NumberDirective minReplicasMaxLagSeconds =
      alias(number("min-replicas-max-lag", 0, INT_MAX, 10), "min-slaves-max-lag");
  public final NumberDirective watchdogPeriodMs =
      with(number("watchdog-period", 0, INT_MAX, 0), HIDDEN);
  public final NumberDirective shutdownTimeoutSeconds = number("shutdown-timeout", 0, INT_MAX, 10);
  public final NumberDirective replDisklessSyncMaxReplicas =
      number("repl-diskless-sync-max-replicas", 0, INT_MAX, 0);

  // ---- unsigned numbers

  public final NumberDirective maxClients = unsignedNumber("maxclients", 1, 0xffff_ffffL, 10000);
  public final NumberDirective unixSocketPermissions =
      with(octal("unixsocketperm", 0, 0777, 0), IMMUTABLE);
  public final NumberDirective socketMarkId =
      with(unsignedNumber("socket-mark-id", 0, 0xffff_ffffL, 0), IMMUTABLE);
  public final NumberDirective activeDefragMaxScanFields =
      number("active-defrag-max-scan-fields", 1, LONG_MAX, 1000);
  public final NumberDirective slowlogMaxLen = number("slowlog-max-len", 0, LONG_MAX, 128);
  public final NumberDirective aclLogMaxLen = number("acllog-max-len", 0, LONG_MAX, 128);
  public final NumberDirective busyReplyThresholdMs =
      alias(number("busy-reply-threshold", 0, LONG_MAX, 5000), "lua-time-limit");
  public final NumberDirective clusterNodeTimeoutMs =
      number("cluster-node-timeout", 0, LONG_MAX, 15000);
  public final NumberDirective slowlogLogSlowerThanMicros =
      number("slowlog-log-slower-than", -1, LONG_MAX, 10000);
  public final NumberDirective latencyMonitorThresholdMs =
      number("latency-monitor-threshold", 0, LONG_MAX, 0);
  public final NumberDirective protoMaxBulkBytes =
      bytes("proto-max-bulk-len", 1L << 20, LONG_MAX, 512L << 20);
  public final NumberDirective streamNodeMaxEntries =
      number("stream-node-max-entries", 0, LONG_MAX, 100);
  public final NumberDirective replBacklogBytes =
      bytes("repl-backlog-size", 1, LONG_MAX, 1L << 20).clamped(16 << 10, LONG_MAX);
  public final NumberDirective maxMemoryBytes = unsignedBytes("maxmemory", 0, -1, 0);
  public final NumberDirective clusterLinkSendbufLimitBytes =
      unsignedBytes("cluster-link-sendbuf-limit", 0, -1, 0);
  public final NumberDirective hashMaxListpackEntries =
      alias(
          unsignedNumber("hash-max-listpack-entries", 0, LONG_MAX, 512),
          "hash-max-ziplist-entries");
  public final NumberDirective setMaxIntsetEntries =
      unsignedNumber("set-max-intset-entries", 0, LONG_MAX, 512);
  public final NumberDirective zsetMaxListpackEntries =
      alias(
          unsignedNumber("zset-max-listpack-entries", 0, LONG_MAX, 128),
          "zset-max-ziplist-entries");
  public final NumberDirective activeDefragIgnoreBytes =
      unsignedBytes("active-defrag-ignore-bytes", 1, LONG_MAX, 100L << 20);
  public final NumberDirective hashMaxListpackValue =
      alias(unsignedBytes("hash-max-listpack-value", 0, LONG_MAX, 64), "hash-max-ziplist-value");
  public final NumberDirective streamNodeMaxBytes =
      unsignedBytes("stream-node-max-bytes", 0, LONG_MAX, 4096);
  public final NumberDirective zsetMaxListpackValue =
      alias(unsignedBytes("zset-max-listpack-value", 0, LONG_MAX, 64), "zset-max-ziplist-value");
  public final NumberDirective hllSparseMaxBytes =
      unsignedBytes("hll-sparse-max-bytes", 0, LONG_MAX, 3000);
  public final NumberDirective trackingTableMaxKeys =
      unsignedNumber("tracking-table-max-keys", 0, LONG_MAX, 1_000_000);
  public final NumberDirective clientQueryBufferLimitBytes =
      unsignedBytes("client-query-buffer-limit", 1L << 20, LONG_MAX, 1L << 30);
  public final NumberDirective maxMemoryClients =
      bytesOrPercent("maxmemory-clients", -100, LONG_MAX, 0);
  public final NumberDirective replBacklogTtlSeconds =
      number("repl-backlog-ttl", 0, LONG_MAX, 3600);
  public final NumberDirective autoAofRewriteMinBytes =
      bytes("auto-aof-rewrite-min-size", 0, LONG_MAX, 64L << 20);
  public final NumberDirective loadingProcessEventsIntervalBytes =
      with(number("loading-process-events-interval-bytes", 1024, INT_MAX, 2L << 20), HIDDEN);

  // ---- TLS

  public final NumberDirective tlsPort = number("tls-port", 0, 65535, 0);
  public final NumberDirective tlsSessionCacheSize =
      number("tls-session-cache-size", 0, INT_MAX, 20 * 1024);
  public final NumberDirective tlsSessionCacheTimeoutSeconds =
      number("tls-session-cache-timeout", 0, INT_MAX, 300);
  public final FlagDirective tlsCluster = flag("tls-cluster", false);
  public final FlagDirective tlsReplication = flag("tls-replication", false);
  public final ChoiceDirective tlsAuthClients =
      choice("tls-auth-clients", "yes", "no", "yes", "optional");
  public final FlagDirective tlsPreferServerCiphers = flag("tls-prefer-server-ciphers", false);
  public final FlagDirective tlsSessionCaching = flag("tls-session-caching", true);
  public final TextDirective tlsCertFile = text("tls-cert-file", null);
  public final TextDirective tlsKeyFile = text("tls-key-file", null);
  public final TextDirective tlsKeyFilePass = text("tls-key-file-pass", null);
  public final TextDirective tlsClientCertFile = text("tls-client-cert-file", null);
  public final TextDirective tlsClientKeyFile = text("tls-client-key-file", null);
  public final TextDirective tlsClientKeyFilePass = text("tls-client-key-file-pass", null);
  public final TextDirective tlsDhParamsFile = text("tls-dh-params-file", null);
  public final TextDirective tlsCaCertFile = text("tls-ca-cert-file", null);
  public final TextDirective tlsCaCertDir = text("tls-ca-cert-dir", null);
  public final TextDirective tlsProtocols = text("tls-protocols", null);
  public final TextDirective tlsCiphers = text("tls-ciphers", null);
  public final TextDirective tlsCiphersuites = text("tls-ciphersuites", null);

  // ---- of Vigil alone; docs/differences.md says what they do

  public final NumberDirective vigilTailFiles = number("vigil-tail-files", 0, 1000, 8);
  public final NumberDirective vigilSnapshotMemoryPercent =
      number("vigil-snapshot-memory-percent", 0, 100, 10);
  public final NumberDirective vigilTailBytes = bytes("vigil-tail-size", 1, 1L << 30, 64L << 20);

  public final NumberDirective vigilBacklogMemoryBytes =
      bytes("vigil-backlog-memory", 1L << 20, LONG_MAX, 64L << 20);
  public final NumberDirective vigilBacklogLimitBytes =
      bytes("vigil-backlog-limit", 1L << 20, LONG_MAX, 4L << 30);

  // ---- with a form of their own

  public final WorkingDirectory workingDirectory;
  public final SavePoints savePoints = declare(new SavePoints());
  public final OutputLimits outputLimits = declare(new OutputLimits());
  public final OomScores oomScores = declare(new OomScores());
  public final NotifyEvents notifyEvents = declare(new NotifyEvents());
  public final BindAddresses bindAddresses = declare(new BindAddresses());
  public final ReplicaOf replicaOf = declare(new ReplicaOf());
  public final Percentiles latencyPercentiles = declare(new Percentiles());

  /** The initial values; {@code host} holds the working directory that {@code dir} shows. */
  public Settings(Host host) {
    workingDirectory = declare(new WorkingDirectory(host));
    refuseWhatIsMissing();
  }

  /** All directives, in the order of their declaration. */
  List<Directive> all() {
    return all;
  }

  // ---- what this version does not have

  private void refuseWhatIsMissing() {
    missing(appendOnly, "append-only files");
    missing(clusterEnabled, "cluster mode");
    missing(tlsReplication, "TLS");
    missing(tlsCluster, "TLS");
    missing(syslogEnabled, "logging to syslog");
    missing(tlsPort, "TLS");
    missing(maxMemoryClients, "eviction of clients");
    missing(socketMarkId, "marking of sockets");
    missing(aclFile, "access control lists");
    for (TextDirective list :
        List.of(serverCpulist, bioCpulist, aofRewriteCpulist, bgsaveCpulist)) {
      missing(list, "binding to processors (taskset does it from outside)");
    }
    maxMemoryPolicy.setUnavailable(
        () ->
            maxMemoryBytes.get() == 0 || maxMemoryPolicy.is("noeviction")
                ? null
                : needs(maxMemoryPolicy, "eviction of keys") + "; use noeviction or maxmemory 0");
  }

  private static void missing(FlagDirective directive, String what) {
    directive.setUnavailable(() -> directive.get() ? needs(directive, what) : null);
  }

  private static void missing(NumberDirective directive, String what) {
    directive.setUnavailable(() -> directive.get() != 0 ? needs(directive, what) : null);
  }

  private static void missing(TextDirective directive, String what) {
    directive.setUnavailable(() -> directive.isSet() ? needs(directive, what) : null);
  }

  private static String needs(Directive directive, String what) {
    return missing(directive.name() + " " + directive.text(), what);
  }

  /** The text of a refusal: {@code asked} needs {@code what}. */
  static String missing(String asked, String what) {
    return "'" + asked + "' needs " + what + ", which vigil " + Version.VIGIL + " does not have";
  }

  // ---- declarations

  private <D extends Directive> D declare(D directive) {
    all.add(directive);
    return directive;
  }

  private FlagDirective flag(String name, boolean initial) {
    return declare(new FlagDirective(name, initial));
  }

  private TextDirective text(String name, String initial) {
    return declare(new TextDirective(name, initial));
  }

  private ChoiceDirective choice(String name, String initial, String... choices) {
    return declare(new ChoiceDirective(name, initial, choices));
  }

  private NumberDirective number(String name, long low, long high, long initial) {
    return declare(
        new NumberDirective(name, NumberDirective.Form.INTEGER, false, low, high, initial));
  }

  private NumberDirective unsignedNumber(String name, long low, long high, long initial) {
    return declare(
        new NumberDirective(name, NumberDirective.Form.INTEGER, true, low, high, initial));
  }

  private NumberDirective bytes(String name, long low, long high, long initial) {
    return declare(
        new NumberDirective(name, NumberDirective.Form.MEMORY, false, low, high, initial));
  }

  private NumberDirective unsignedBytes(String name, long low, long high, long initial) {
    return declare(
        new NumberDirective(name, NumberDirective.Form.MEMORY, true, low, high, initial));
  }

  private NumberDirective bytesOrPercent(String name, long low, long high, long initial) {
    return declare(
        new NumberDirective(
            name, NumberDirective.Form.MEMORY_OR_PERCENT, false, low, high, initial));
  }

  private NumberDirective octal(String name, long low, long high, long initial) {
    return declare(new NumberDirective(name, NumberDirective.Form.OCTAL, true, low, high, initial));
  }

  private static <D extends Directive> D alias(D directive, String older) {
    directive.setAlias(older);
    return directive;
  }

  private static <D extends Directive> D with(D directive, Directive.Rule... rules) {
    for (Directive.Rule rule : rules) {
      directive.add(rule);
    }
    return directive;
  }
}
