package io.vigil.core.node;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.ByteString;
import io.vigil.core.base.Hex;
import io.vigil.core.base.PlantedBug;
import io.vigil.core.command.common.ClientCommands;
import io.vigil.core.command.common.ConnectionCommands;
import io.vigil.core.command.common.IntrospectionCommands;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.common.Monitors;
import io.vigil.core.command.common.PubSubCommands;
import io.vigil.core.command.common.ServerRole;
import io.vigil.core.command.common.Services;
import io.vigil.core.command.common.ShutdownCommand;
import io.vigil.core.command.common.ShutdownRequest;
import io.vigil.core.command.common.StatusCommands;
import io.vigil.core.env.Env;
import io.vigil.core.observe.InfoRegistry;
import io.vigil.core.observe.InfoText;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.pubsub.PubSub;
import io.vigil.core.sentinel.ConfigurationReader.Refused;
import io.vigil.core.sentinel.ConfigurationReader.Statement;
import io.vigil.core.sentinel.SentinelConfigFile;
import io.vigil.core.sentinel.SentinelService;
import io.vigil.core.session.CommandRunner;
import io.vigil.core.session.Session;
import io.vigil.core.session.SessionCounters;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.CommandTable;
import io.vigil.core.spec.Dispatcher;
import io.vigil.core.spec.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One Sentinel process: sessions and common commands as in a server, the state machines of {@code
 * core.sentinel} in the place of data.
 */
public final class SentinelNode implements ServerRole {
  private final Env env;
  private final Sessions sessions;
  private final SentinelService sentinel;
  private final Services services;
  private final Observations observed;
  private ShutdownSequence shutdown;

  /**
   * @param config the directives that are not about watching
   * @param configPath the configuration file, which this Sentinel rewrites
   * @param fileLines its lines as they were read
   */
  public SentinelNode(Env env, ConfigRegistry config, String configPath, List<String> fileLines) {
    this(env, config, configPath, fileLines, PlantedBug.NONE);
  }

  /** As the other, with a mistake made on purpose: for tests of the simulator. */
  public SentinelNode(
      Env env, ConfigRegistry config, String configPath, List<String> fileLines, PlantedBug bug) {
    this.env = env;
    Settings settings = config.settings();
    CommandClock clock = new CommandClock(env.clock());
    this.sessions = new Sessions(env.clock(), env.timers(), env.log());
    ClientSettings.apply(settings, sessions.limits());
    PubSub pubSub = new PubSub();
    Monitors monitors = new Monitors();
    CommandTable table = new CommandTable(Guards.inOrder(new Conditions() {}, (in, spec) -> null));
    this.services = new Services(env, clock, table, sessions, pubSub, monitors, this, randomId());
    SentinelConfigFile store = new SentinelConfigFile(env, configPath, fileLines);
    ChannelPublisher publisher = new ChannelPublisher(pubSub);
    this.sentinel = new SentinelService(env, store, publisher, settings.port.getInt(), bug);
    sentinel.requiredPassword(sessions.limits().password);
    Dispatcher dispatcher = new Dispatcher(table, clock, List.of(), command -> {});
    sessions.runner(new Runner(dispatcher, new Invocation(services)));
    sessions.onDeparture(pubSub::forget);
    sessions.onDeparture(monitors::remove);
    this.observed = new Observations(config, InfoRegistry.ofSentinel());
    registerInfo();
    commands().forEach(table::add);
  }

  private void registerInfo() {
    ProcessSections process = new ProcessSections(services, observed);
    observed.info.section("server", process::server);
    observed.info.section("clients", new ClientsSection(sessions, observed.settings)::write);
    observed.info.section("cpu", process::cpu);
    observed.info.section("stats", this::stats);
    observed.info.section("sentinel", out -> sentinel.writeInfo(out::field));
  }

  private void stats(InfoText out) {
    SessionCounters clients = sessions.counters();
    out.field("total_connections_received", clients.connectionsReceived);
    out.field("total_net_input_bytes", clients.inputBytes);
    out.field("total_net_output_bytes", sessions.outputBytes(false));
    out.field("rejected_connections", clients.connectionsRejected);
    out.field("pubsub_channels", services.pubSub().names(PubSub.Kind.CHANNEL));
    out.field("pubsub_patterns", services.pubSub().names(PubSub.Kind.PATTERN));
    out.field("total_reads_processed", clients.reads);
    out.field("total_writes_processed", clients.writes);
  }

  /** What is observed of this Sentinel, for whoever starts it to complete. */
  public Observations observed() {
    return observed;
  }

  /**
   * The common commands that a Sentinel has, and its own, which take the place of those with the
   * same name.
   */
  private List<CommandSpec> commands() {
    Map<String, CommandSpec> commands = new LinkedHashMap<>();
    List<CommandSpec> common = new ArrayList<>(ConnectionCommands.all());
    common.addAll(ClientCommands.all());
    common.addAll(IntrospectionCommands.all());
    common.addAll(PubSubCommands.all());
    common.add(ShutdownCommand.SHUTDOWN);
    common.add(new StatusCommands(observed).sentinelInfo());
    for (CommandSpec spec : common) {
      if (spec.has(CommandFlag.SENTINEL)) {
        commands.put(spec.name(), spec);
      }
    }
    sentinel.commands().forEach(spec -> commands.put(spec.name(), spec));
    return List.copyOf(commands.values());
  }

  private String randomId() {
    byte[] bytes = new byte[20];
    env.entropy().fill(bytes);
    return Hex.of(bytes);
  }

  /** Takes the {@code sentinel} statements of the configuration file. */
  public void configure(List<Statement> statements) throws Refused {
    sentinel.configure(statements);
  }

  /** Starts watching. */
  public void start() {
    sentinel.start();
  }

  public Sessions sessions() {
    return sessions;
  }

  public Services services() {
    return services;
  }

  public SentinelService sentinel() {
    return sentinel;
  }

  @Override
  public String roleName() {
    return "master";
  }

  @Override
  public String mode() {
    return "sentinel";
  }

  @Override
  public int databases() {
    return 1;
  }

  /** Binds what SHUTDOWN asks for. */
  public void shutdownSequence(ShutdownSequence sequence) {
    shutdown = sequence;
  }

  @Override
  public void shutdown(ShutdownRequest request, Invocation in) {
    ShutdownEnd.of(shutdown, request, in);
  }

  /** Publishes events to the clients of this Sentinel. */
  private record ChannelPublisher(PubSub pubSub) implements SentinelService.Publisher {
    @Override
    public void publish(String channel, String message) {
      byte[] payload = message.getBytes(StandardCharsets.ISO_8859_1);
      pubSub.publish(ByteString.of(channel), payload, 0, payload.length);
    }
  }

  /** Runs the commands of sessions in one reused context. */
  private static final class Runner implements CommandRunner {
    private final Dispatcher dispatcher;
    private final Invocation invocation;

    Runner(Dispatcher dispatcher, Invocation invocation) {
      this.dispatcher = dispatcher;
      this.invocation = invocation;
    }

    @Override
    public long beginBurst() {
      dispatcher.beginBurst();
      return dispatcher.boundaryNanos() / 1_000_000;
    }

    @Override
    public void run(Session session, Arguments arguments) {
      invocation.begin(session, arguments, Origin.CLIENT);
      dispatcher.dispatch(invocation);
      session.lastCommand(invocation.command());
    }

    @Override
    public void endBurst() {}
  }
}
