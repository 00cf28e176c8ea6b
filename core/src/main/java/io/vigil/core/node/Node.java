package io.vigil.core.node;

import io.vigil.core.base.Hex;
import io.vigil.core.base.PlantedBug;
import io.vigil.core.base.Version;
import io.vigil.core.command.common.ClientCommands;
import io.vigil.core.command.common.ConfigCommands;
import io.vigil.core.command.common.ConnectionCommands;
import io.vigil.core.command.common.IntrospectionCommands;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.common.LatencyCommands;
import io.vigil.core.command.common.Monitors;
import io.vigil.core.command.common.PubSubCommands;
import io.vigil.core.command.common.ServerRole;
import io.vigil.core.command.common.Services;
import io.vigil.core.command.common.ShutdownCommand;
import io.vigil.core.command.common.ShutdownRequest;
import io.vigil.core.command.common.StatusCommands;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.server.DebugCommands;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.ExpiryMode;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.observe.InfoRegistry;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.StepTimes;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.persist.store.DumpCommands;
import io.vigil.core.persist.store.FileFacts;
import io.vigil.core.persist.store.KeyspaceDataSet;
import io.vigil.core.persist.store.KeyspaceSnapshot;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.persist.store.PersistenceSettings;
import io.vigil.core.persist.store.SaveCommands;
import io.vigil.core.persist.store.SaveState;
import io.vigil.core.propagation.KeyspaceEvents;
import io.vigil.core.propagation.Propagation;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.pubsub.PubSub;
import io.vigil.core.replication.Failover;
import io.vigil.core.replication.MigrateCommand;
import io.vigil.core.replication.PrimarySide;
import io.vigil.core.replication.ReplicaSide;
import io.vigil.core.replication.ReplicationCommands;
import io.vigil.core.replication.ReplicationCounters;
import io.vigil.core.replication.ReplicationInfo;
import io.vigil.core.replication.ReplicationSettings;
import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.Session;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.CommandTable;
import io.vigil.core.spec.Dispatcher;
import io.vigil.core.spec.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One server: the place where its parts are made and bound to each other. It has no thread of its
 * own: the environment calls in with connections, bytes, timers and completions.
 *
 * <pre>
 *   env.network -> Sessions -> Session -> CommandCore -> Dispatcher -> guards -> handler
 *                                                                                  |
 *   replicas <- PrimarySide <- ReplicationStream <- Propagation <- Aftermath <-----+
 *   primary  -> ReplicaSide -> CommandCore, and the same bytes -> ReplicationStream
 *   Housekeeper: expiry, moving of records, client timeouts, save points
 * </pre>
 */
public final class Node implements ServerRole {
  private final Env env;
  private final Settings settings;
  private final CommandClock clock;
  private final CommandTable table;
  private final Sessions sessions;
  private final PubSub pubSub = new PubSub();
  private final Monitors monitors = new Monitors();
  private final Services services;
  private final Keyspace keyspace;
  private final KeyspaceEvents events;
  private final NodeEffects effects;
  private final ReplicationStream stream;
  private final Propagation propagation;
  private final Dispatcher dispatcher;
  private final CommandCore core;
  private final LoadState loading = new LoadState();
  private final NodeConditions conditions;
  private final Persistence persistence;
  private final ReplicationSettings replicationSettings = new ReplicationSettings();
  private final ReplicationCounters replicationCounters = new ReplicationCounters();
  private final PrimarySide primary;
  private final ReplicaSide replica;
  private final Failover failover;
  private final MigrateCommand migrate;
  private final NodeSettings nodeSettings;
  private final Housekeeper housekeeper;
  private final OutOfMemoryScore outOfMemoryScore;
  private final Observations observed;
  private final Statistics statistics;
  private final InfoSections info;
  private ShutdownSequence shutdown;

  /** A node with the initial value of every setting. */
  public Node(Env env) {
    this(env, new ConfigRegistry(new Settings(env.host())));
  }

  /** As the next, with a mistake made on purpose: for tests of the simulator. */
  public Node(Env env, ConfigRegistry config, PlantedBug bug) {
    this(env, config);
    replicationSettings.plantedBug = bug;
  }

  public Node(Env env, ConfigRegistry config) {
    this.env = env;
    this.settings = config.settings();
    this.observed = new Observations(config, InfoRegistry.ofServer());
    this.clock = new CommandClock(env.clock());
    this.sessions = new Sessions(env.clock(), env.timers(), env.log());
    this.stream = new ReplicationStream(randomId(), settings.replBacklogBytes.get());
    this.propagation = new Propagation(stream);
    this.keyspace = new Keyspace(keyspaceOptions());
    this.conditions = new NodeConditions(settings, keyspace, loading);
    this.table = new CommandTable(Guards.inOrder(conditions, this::protect));
    this.services = new Services(env, clock, table, sessions, pubSub, monitors, this, randomId());
    PersistenceSettings persistenceSettings = new PersistenceSettings();
    this.persistence =
        new Persistence(
            env,
            persistenceSettings,
            new SaveState(),
            () -> new KeyspaceSnapshot(keyspace),
            this::factsForFile);
    statistics = new Statistics(observed, clock);
    this.dispatcher =
        new Dispatcher(table, clock, List.of(statistics, aftermath()), statistics::rejected);
    this.events = new KeyspaceEvents(pubSub);
    this.effects = new NodeEffects(sessions.watches(), events, propagation, keyspace);
    keyspace.bindEffects(effects);
    DataInvocation invocation = new DataInvocation(services, dispatcher, keyspace, effects);
    this.core = new CommandCore(dispatcher, invocation, clock, sessions.pause());
    this.replica =
        new ReplicaSide(
            env,
            stream,
            replicationSettings,
            replicationCounters,
            persistence,
            new KeyspaceDataSet(keyspace),
            loading,
            sessions,
            core);
    this.primary =
        new PrimarySide(
            env,
            propagation,
            stream,
            replicationSettings,
            replicationCounters,
            persistence,
            replica);
    this.failover = new Failover(env, primary, replica, sessions.pause());
    this.migrate =
        new MigrateCommand(
            env, keyspace, effects, persistence.state(), persistence.settings(), sessions.pause());
    this.nodeSettings =
        new NodeSettings(
            config,
            sessions.limits(),
            keyspace,
            events,
            persistenceSettings,
            replicationSettings,
            stream);
    this.housekeeper =
        new Housekeeper(env.timers(), clock, keyspace, sessions, observed.steps, new Chores());
    this.outOfMemoryScore =
        new OutOfMemoryScore(env.host(), env.log(), settings, replica::isReplica);
    this.info = new InfoSections(this, observed);
    bind(config);
    applyRole();
  }

  private Aftermath aftermath() {
    return new Aftermath(
        monitors, propagation, clock, persistence.state(), keyspace, observed.steps);
  }

  /** A command that waited has been run: its effects go out, and it is told of. */
  private void servedBlocked(DataInvocation invocation, long nanos) {
    statistics.served(invocation, nanos);
    persistence.state().changes += invocation.dirtyCount();
    if (invocation.mustPropagate()) {
      propagation.command(invocation.databaseIndex(), invocation.propagatedWords());
    }
    propagation.flushOutsideUnit();
  }

  /** Tells the parts of each other, once all are made. */
  private void bind(ConfigRegistry config) {
    sessions.runner(core);
    sessions.onError(observed.errors::count);
    sessions.onCutShort(statistics::cutShort);
    sessions.onDeparture(pubSub::forget);
    sessions.onDeparture(monitors::remove);
    config.onChange("oom-score-adj", outOfMemoryScore::apply);
    config.onChange("oom-score-adj-values", outOfMemoryScore::apply);
    conditions.bind(persistence, primary, replica);
    persistence.onStep(
        nanos -> {
          observed.steps.add(StepTimes.Kind.SNAPSHOT, nanos);
          releaseWriters();
        });
    persistence.onClosed(sessions.delayedWriters()::releaseAll);
    loading.onStep(nanos -> observed.steps.add(StepTimes.Kind.LOAD, nanos));
    replica.primarySide(primary);
    replica.onRoleChange(this::roleChanged);
    replica.onReplacement(this::allDataChange);
    effects.onServed(this::servedBlocked);
    effects.onFlushOfEverything(persistence::cancel);
    primary.pingGate(() -> !sessions.pause().freezesStream());
    primary.brake(sessions.pause());
    nodeSettings.onChange(this::applyRole);
    commands().forEach(table::add);
    info.register();
    observed.onReset(keyspace.stats()::reset);
    observed.onReset(sessions.counters()::reset);
    observed.onReset(replicationCounters::reset);
  }

  /** The open snapshot has made a step: it may hold more again. */
  private void releaseWriters() {
    if (keyspace.snapshotHeldBytes() == 0) {
      sessions.delayedWriters().releaseAll();
    } else if (!conditions.isSnapshotFull()) {
      sessions.delayedWriters().releaseOne();
    }
  }

  private List<CommandSpec> commands() {
    List<CommandSpec> specs = new ArrayList<>();
    specs.addAll(ClientCommands.all());
    specs.addAll(ConnectionCommands.all());
    specs.addAll(IntrospectionCommands.all());
    specs.addAll(PubSubCommands.all());
    specs.add(ShutdownCommand.SHUTDOWN);
    specs.addAll(DataCommands.all());
    specs.addAll(
        DebugCommands.all(
            new NodeLevers(env, stream, observed, new DataReload(env, persistence, loading))));
    StatusCommands status = new StatusCommands(observed);
    specs.add(status.info());
    specs.add(status.slowLog());
    specs.add(new ConfigCommands(observed, loading::isActive).config());
    specs.add(new LatencyCommands(observed).latency());
    specs.addAll(new SaveCommands(persistence).all());
    specs.addAll(new DumpCommands(persistence.settings()).all());
    specs.addAll(new ReplicationCommands(env, primary, replica, failover).all());
    specs.add(migrate.spec());
    return specs;
  }

  private Keyspace.Options keyspaceOptions() {
    byte[] seed = new byte[8];
    env.entropy().fill(seed);
    return new Keyspace.Options(
        settings.databases.getInt(),
        ByteBuffer.wrap(seed).getLong(),
        env.host().dataLimitBytes(),
        env.host().checksMemory());
  }

  /** 40 random hexadecimal digits. */
  private String randomId() {
    byte[] bytes = new byte[20];
    env.entropy().fill(bytes);
    return Hex.of(bytes);
  }

  // ---- start and end

  /**
   * Loads the data file, then starts to follow a primary, if one is configured, and the clockwork.
   */
  public void start(Runnable ready) {
    String primaryHost = settings.replicaOf.host();
    if (primaryHost != null) {
      replica.configure(primaryHost, settings.replicaOf.port());
      applyRole();
    }
    outOfMemoryScore.apply();
    new DataFileLoad(
            env,
            persistence,
            loading,
            new KeyspaceDataSet(keyspace).loadBeside(),
            primaryHost != null,
            facts -> loaded(facts, ready))
        .start();
  }

  private void loaded(FileFacts facts, Runnable ready) {
    if (facts != null && facts.knowsHistory()) {
      if (replica.isReplica()) {
        replica.resumeFrom(
            facts.replicationId(), facts.replicationOffset(), facts.streamDatabase());
      } else {
        stream.activate();
        stream.continueHistory(facts.replicationId(), facts.replicationOffset());
      }
    }
    housekeeper.start();
    primary.start();
    replica.start();
    ready.run();
  }

  /** Stops the clockwork and lets go of the primary; for a node that ends without its process. */
  public void stop() {
    housekeeper.stop();
    primary.stop();
    replica.stop();
  }

  /** This node's part in the end of its process; {@code pidFile} is null when there is none. */
  public ShutdownSequence.Owner shutdownOwner(String pidFile, Runnable stopListening) {
    return new NodeEnd(
        settings, persistence, loading, primary, sessions.pause(), pidFile, stopListening);
  }

  /** Binds what SHUTDOWN asks for. */
  public void shutdownSequence(ShutdownSequence sequence) {
    shutdown = sequence;
  }

  /** Facts at the head of a data file written now. */
  private Map<String, String> factsForFile() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("redis-ver", Version.REDIS);
    facts.put("redis-bits", "64");
    facts.put("ctime", Long.toString(env.clock().wallMs() / 1000));
    facts.put("used-mem", Long.toString(keyspace.memory().usedBytes()));
    int database = replica.isReplica() ? replica.streamDatabase() : stream.database();
    if (stream.isActive() && database != ReplicationStream.NO_DATABASE) {
      facts.put("repl-stream-db", Integer.toString(database));
    } else if (stream.isActive()) {
      // Every stream begins with a SELECT, so any database will do.
      facts.put("repl-stream-db", "0");
    }
    if (stream.isActive()) {
      facts.put("repl-id", stream.id());
      facts.put("repl-offset", Long.toString(stream.offset()));
    }
    facts.put("aof-base", "0");
    return facts;
  }

  // ---- the role

  private void roleChanged() {
    applyRole();
    outOfMemoryScore.apply();
    effects.localDeadlines().clear();
    settings.replicaOf.adjust(replica.host(), replica.host() == null ? 0 : replica.port());
    sessions.forEach(Node::endWaitOnRoleChange);
  }

  /** Whoever watches a key that is there hears that it changes. */
  private void allDataChange() {
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      effects.modifiedDatabase(i, -1);
    }
  }

  private static void endWaitOnRoleChange(Session session) {
    if (session.blockedReason() == BlockedReason.KEYS) {
      session.unblockWithError(
          "UNBLOCKED force unblock from blocking operation, instance state changed (master ->"
              + " replica?)");
    }
  }

  /** What follows from being a primary or a replica. */
  private void applyRole() {
    boolean isReplica = replica.isReplica();
    propagation.primary(!isReplica);
    if (!isReplica) {
      core.clientExpiry(ExpiryMode.DELETE);
    } else if (settings.replicaReadOnly.get()) {
      core.clientExpiry(ExpiryMode.HIDE);
    } else {
      core.clientExpiry(ExpiryMode.HIDE_UNLESS_WRITTEN);
    }
  }

  /** What the clockwork asks and does. */
  private final class Chores implements Housekeeper.Tasks {
    @Override
    public int runsPerSecond() {
      return settings.hz.getInt();
    }

    @Override
    public boolean mayExpire() {
      return keyspace.settings().activeExpiry
          && !replica.isReplica()
          && !sessions.pause().isActive()
          && !loading.isLoading()
          && !conditions.isSnapshotFull();
    }

    @Override
    public long expire(long workUnits) {
      long startNanos = clock.monotonicNanos();
      effects.lazyExpiry(settings.lazyfreeLazyExpire.get());
      effects.alone(true);
      long used = keyspace.expireStep(workUnits);
      observed.expireCycle(clock.monotonicNanos() - startNanos, clock.wallMs() / 1000);
      effects.alone(false);
      return used;
    }

    @Override
    public void everyRun() {
      persistence.tick();
      expireLocal();
      info.sample(clock.monotonicMs());
    }

    private void expireLocal() {
      if (effects.localDeadlines().count() > 0 && keyspace.settings().activeExpiry) {
        keyspace.setWallMs(clock.wallMs());
        effects.alone(true);
        effects.localDeadlines().expire();
        effects.alone(false);
      }
    }

    @Override
    public void everySecond() {
      nodeSettings.applyPort();
    }
  }

  // ---- what commands ask

  /** DEBUG and its like need a setting that allows them. */
  private Refusal protect(Invocation in, CommandSpec spec) {
    String allowed = settings.enableDebugCommand.get();
    boolean local = Sessions.isLocal(in.session().connection());
    if (allowed.equals("yes") || (allowed.equals("local") && local)) {
      return null;
    }
    return Refusal.error(
        "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
            + " can run it from a local connection, otherwise you need to set this option in the"
            + " configuration file, and then restart the server.");
  }

  @Override
  public String roleName() {
    return replica.isReplica() ? "replica" : "master";
  }

  @Override
  public String mode() {
    return "standalone";
  }

  @Override
  public int databases() {
    return settings.databases.getInt();
  }

  @Override
  public void shutdown(ShutdownRequest request, Invocation in) {
    ShutdownEnd.of(shutdown, request, in);
  }

  // ---- parts

  public Sessions sessions() {
    return sessions;
  }

  public Services services() {
    return services;
  }

  /** What this node knows of itself. */
  public Observations observed() {
    return observed;
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  public ReplicationStream stream() {
    return stream;
  }

  public Propagation propagation() {
    return propagation;
  }

  public Persistence persistence() {
    return persistence;
  }

  public LoadState loading() {
    return loading;
  }

  public PrimarySide primary() {
    return primary;
  }

  public ReplicaSide replica() {
    return replica;
  }

  /** The replication section of INFO. */
  public ReplicationInfo replicationInfo() {
    return new ReplicationInfo(
        primary, replica, replicationSettings, replicationCounters, failover);
  }

  /** Connections that MIGRATE keeps to other servers. */
  int migrateConnections() {
    return migrate.keptConnections();
  }

  public ReplicationCounters replicationCounters() {
    return replicationCounters;
  }
}
