package io.vigil.core.sentinel;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.base.PlantedBug;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.env.Env;
import io.vigil.core.sentinel.ConfigurationReader.Refused;
import io.vigil.core.sentinel.ConfigurationReader.Statement;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;
import java.util.Locale;

/** The door to this package: what a node that is a Sentinel needs of it. */
public final class SentinelService {
  private final Sentinel sentinel;

  /** Publishes an event to the clients that subscribed to its name. */
  @FunctionalInterface
  public interface Publisher {
    void publish(String channel, String message);
  }

  public SentinelService(
      Env env, ConfigurationStore store, Publisher publisher, int listenPort, PlantedBug bug) {
    this.sentinel =
        new Sentinel(
            env,
            (host, port, events) -> LinkPeer.connect(env.network(), host, port, events),
            publisher::publish,
            store,
            bug);
    sentinel.settings().listenPort = listenPort;
  }

  /** The password this Sentinel asks of its clients, and offers to other Sentinels. */
  public void requiredPassword(String password) {
    sentinel.settings().requiredPassword = password;
  }

  /** Takes the {@code sentinel} statements of the configuration file, in any order. */
  public void configure(List<Statement> statements) throws Refused {
    new ConfigurationReader(sentinel).read(statements);
  }

  /** Starts watching. */
  public void start() {
    sentinel.start();
  }

  /**
   * Where a group's clients are sent, as {@code host:port}; empty for a group that is not watched.
   */
  public String primaryAddress(String group) {
    MonitoredPrimary primary = sentinel.primaries.get(group);
    if (primary == null) {
      return "";
    }
    Address address = primary.currentAddress();
    return address.host() + ":" + address.port();
  }

  /** Takes a field of INFO. */
  @FunctionalInterface
  public interface FieldWriter {
    void field(String name, String value);
  }

  /** Writes INFO's Sentinel section. */
  public void writeInfo(FieldWriter out) {
    out.field("sentinel_masters", Integer.toString(sentinel.primaries.size()));
    out.field("sentinel_tilt", sentinel.isTilted() ? "1" : "0");
    out.field("sentinel_tilt_since_seconds", Long.toString(sentinel.tiltSeconds()));
    out.field("sentinel_running_scripts", Integer.toString(sentinel.scripts().runningCount()));
    out.field("sentinel_scripts_queue_length", Integer.toString(sentinel.scripts().jobs().size()));
    out.field("sentinel_simulate_failure_flags", Integer.toString(sentinel.simulatedFailures()));
    int index = 0;
    for (MonitoredPrimary primary : sentinel.primaries.values()) {
      String status = primary.objectivelyDown ? "odown" : primary.subjectivelyDown ? "sdown" : "ok";
      out.field(
          "master" + index++,
          String.format(
              Locale.ROOT,
              "name=%s,status=%s,address=%s:%d,slaves=%d,sentinels=%d",
              primary.name,
              status,
              primary.address.host(),
              primary.address.port(),
              primary.replicas.size(),
              primary.sentinels.size() + 1));
    }
  }

  /** The commands that only a Sentinel has, and those that it answers in its own way. */
  public List<CommandSpec> commands() {
    return List.of(new SentinelCommands(sentinel).declaration(), publish(), role());
  }

  private CommandSpec publish() {
    return command("publish")
        .group(CommandGroup.PUBSUB)
        .since("2.0.0")
        .arity(3)
        .flags(
            CommandFlag.PUBSUB,
            CommandFlag.LOADING,
            CommandFlag.STALE,
            CommandFlag.FAST,
            CommandFlag.SENTINEL)
        .arguments(arg("channel", Type.STRING), arg("message", Type.STRING))
        .summary("Takes the hello message of another Sentinel.")
        .complexity("O(1)")
        .handler(this::receive);
  }

  private void receive(Invocation call) {
    if (!call.text(1).equals(HelloMessage.CHANNEL)) {
      throw new CommandError("ERR Only HELLO messages are accepted by Sentinel instances.");
    }
    sentinel.receivedHello(call.text(2));
    call.reply().integer(1);
  }

  private CommandSpec role() {
    return command("role")
        .group(CommandGroup.SERVER)
        .since("2.8.12")
        .arity(1)
        .flags(
            CommandFlag.NOSCRIPT,
            CommandFlag.LOADING,
            CommandFlag.STALE,
            CommandFlag.FAST,
            CommandFlag.SENTINEL)
        .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
        .summary("Names the groups this Sentinel watches.")
        .complexity("O(N) where N is the number of groups")
        .handler(this::describeRole);
  }

  private void describeRole(Invocation call) {
    call.reply().array(2);
    call.reply().bulk("sentinel");
    call.reply().array(sentinel.primaries.size());
    sentinel.primaries.keySet().forEach(call.reply()::bulk);
  }
}
