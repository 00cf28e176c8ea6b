package io.vigil.core.node;

import io.vigil.core.base.Hex;
import io.vigil.core.command.common.ClientCommands;
import io.vigil.core.command.common.ConnectionCommands;
import io.vigil.core.command.common.IntrospectionCommands;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.common.Monitors;
import io.vigil.core.command.common.PubSubCommands;
import io.vigil.core.command.common.ServerRole;
import io.vigil.core.command.common.Services;
import io.vigil.core.command.common.ShutdownRequest;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.propagation.KeyspaceEvents;
import io.vigil.core.propagation.Propagation;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.pubsub.PubSub;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.CommandTable;
import io.vigil.core.spec.Dispatcher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One server: the place where its parts are made and bound to each other. It has no thread of its
 * own: the environment calls in with connections, bytes, timers and completions.
 *
 * <pre>
 *   env.network -> Sessions -> Session -> CommandCore -> Dispatcher -> guards -> handler
 *                                                                                  |
 *            replicas <- ReplicationStream <- Propagation <- Aftermath <-----------+
 * </pre>
 */
public final class Node implements ServerRole {
  private static final int BACKLOG_BYTES = 1024 * 1024;

  private final Env env;
  private final CommandClock clock;
  private final CommandTable table;
  private final Sessions sessions;
  private final PubSub pubSub = new PubSub();
  private final Monitors monitors = new Monitors();
  private final Services services;
  private final ReplicationStream stream;
  private final Propagation propagation;
  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private long rejectedCalls;

  public Node(Env env) {
    this.env = env;
    this.clock = new CommandClock(env.clock());
    this.sessions = new Sessions(env.clock(), env.timers(), env.log());
    this.stream = new ReplicationStream(randomId(), BACKLOG_BYTES);
    this.propagation = new Propagation(stream);
    this.table = new CommandTable(Guards.inOrder(new Conditions() {}, (in, spec) -> null));
    this.services = new Services(env, clock, table, sessions, pubSub, monitors, this, randomId());
    Aftermath aftermath = new Aftermath(monitors, propagation, clock);
    this.dispatcher = new Dispatcher(table, clock, List.of(aftermath), this::countRejected);
    KeyspaceEvents events = new KeyspaceEvents(pubSub);
    this.keyspace = new Keyspace(keyspaceOptions(env));
    NodeEffects effects = new NodeEffects(sessions.watches(), events, propagation, keyspace);
    keyspace.bindEffects(effects);
    DataInvocation invocation = new DataInvocation(services, dispatcher, keyspace, effects);
    sessions.runner(new CommandCore(dispatcher, invocation, clock, () -> {}));
    sessions.onDeparture(pubSub::forget);
    sessions.onDeparture(monitors::remove);
    commands().forEach(table::add);
  }

  private static List<CommandSpec> commands() {
    List<CommandSpec> specs = new ArrayList<>();
    specs.addAll(ClientCommands.all());
    specs.addAll(ConnectionCommands.all());
    specs.addAll(IntrospectionCommands.all());
    specs.addAll(PubSubCommands.all());
    specs.addAll(DataCommands.all());
    return specs;
  }

  private static Keyspace.Options keyspaceOptions(Env env) {
    byte[] seed = new byte[8];
    env.entropy().fill(seed);
    long limitBytes = env.host().dataLimitBytes();
    return new Keyspace.Options(16, ByteBuffer.wrap(seed).getLong(), limitBytes, false);
  }

  /** 40 random hexadecimal digits. */
  private String randomId() {
    byte[] bytes = new byte[20];
    env.entropy().fill(bytes);
    return Hex.of(bytes);
  }

  private void countRejected(Command command) {
    rejectedCalls++;
  }

  /** Commands refused before they ran. */
  public long rejectedCalls() {
    return rejectedCalls;
  }

  public Sessions sessions() {
    return sessions;
  }

  public Services services() {
    return services;
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

  @Override
  public String roleName() {
    return "master";
  }

  @Override
  public String mode() {
    return "standalone";
  }

  @Override
  public int databases() {
    return 16;
  }

  @Override
  public void shutdown(ShutdownRequest request, Invocation invocation) {
    env.host().exit(0);
  }
}
