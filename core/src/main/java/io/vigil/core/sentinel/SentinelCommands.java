package io.vigil.core.sentinel;

import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Glob;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.common.Deferred;
import io.vigil.core.command.common.Help;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.ArgumentSpec;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandContext;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.Handler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The SENTINEL command of one Sentinel: its subcommands, declaration above handler. Orders that
 * must survive a crash are answered once the configuration file holds them.
 */
final class SentinelCommands {
  private static final String SAVE_FAILED = "ERR Failed to save config file";

  private final Sentinel sentinel;

  SentinelCommands(Sentinel sentinel) {
    this.sentinel = sentinel;
  }

  CommandSpec declaration() {
    List<CommandSpec> subcommands = new ArrayList<>(stateCommands());
    subcommands.addAll(groupCommands());
    subcommands.addAll(controlCommands());
    return command("sentinel")
        .group(CommandGroup.SENTINEL)
        .since("2.8.4")
        .arity(-2)
        .flags(CommandFlag.ADMIN, CommandFlag.SENTINEL, CommandFlag.ONLY_SENTINEL)
        .summary("A container for the commands of a Sentinel.")
        .complexity("Depends on subcommand.")
        .container(subcommands.toArray(CommandSpec[]::new));
  }

  private static CommandSpec sub(
      String name,
      String since,
      int arity,
      String summary,
      Handler<Invocation> handler,
      ArgumentSpec... arguments) {
    return command(name)
        .group(CommandGroup.SENTINEL)
        .since(since)
        .arity(arity)
        .flags(CommandFlag.ADMIN, CommandFlag.SENTINEL, CommandFlag.ONLY_SENTINEL)
        .arguments(arguments)
        .summary(summary)
        .complexity(complexity(name))
        .handler(handler);
  }

  private static String complexity(String subcommand) {
    return switch (subcommand) {
      case "masters", "replicas", "slaves", "sentinels", "ckquorum", "info-cache", "reset" ->
          "O(N) where N is the number of instances that are looked at";
      case "pending-scripts" -> "O(N) where N is the number of scripts";
      default -> "O(1)";
    };
  }

  private static ArgumentSpec groupName() {
    return ArgumentSpec.arg("master-name", Type.STRING);
  }

  private static ArgumentSpec pairs(String name, String first, String second) {
    return ArgumentSpec.block(
            name, ArgumentSpec.arg(first, Type.STRING), ArgumentSpec.arg(second, Type.STRING))
        .multiple();
  }

  private MonitoredPrimary group(CommandContext context) {
    MonitoredPrimary primary = sentinel.primaries.get(context.arguments().text(2));
    if (primary == null) {
      throw new CommandError("ERR No such master with that name");
    }
    return primary;
  }

  private static long number(Arguments words, int index, String error) {
    OptionalLong value = Numbers.parseLong(words.text(index));
    if (value.isEmpty()) {
      throw error == null ? CommandError.NOT_INTEGER : new CommandError("ERR " + error);
    }
    return value.getAsLong();
  }

  // ---- what is known

  private List<CommandSpec> stateCommands() {
    return List.of(
        sub("masters", "2.8.4", 2, "Describes the primaries of all groups.", this::masters),
        sub("master", "2.8.4", 3, "Describes the primary of a group.", this::master, groupName()),
        sub(
            "replicas",
            "5.0.0",
            3,
            "Describes the replicas of a group.",
            this::replicas,
            groupName()),
        sub(
            "slaves",
            "2.8.0",
            3,
            "Describes the replicas of a group.",
            this::replicas,
            groupName()),
        sub(
            "sentinels",
            "2.8.4",
            3,
            "Describes the other Sentinels of a group.",
            this::sentinels,
            groupName()),
        sub("myid", "6.2.0", 2, "Returns the id of this Sentinel.", this::myId),
        sub(
            "get-master-addr-by-name",
            "2.8.4",
            3,
            "Returns the address of the primary of a group.",
            this::address,
            groupName()),
        sub(
            "info-cache",
            "3.2.0",
            -3,
            "Returns the last INFO replies of the nodes of groups.",
            this::infoCache,
            ArgumentSpec.arg("nodename", Type.STRING).multiple()),
        sub(
            "pending-scripts",
            "2.8.4",
            2,
            "Lists the scripts that run or wait.",
            this::pendingScripts),
        sub(
            "ckquorum",
            "2.8.4",
            3,
            "Tells whether enough Sentinels can be reached for a failover.",
            this::checkQuorum,
            groupName()),
        helpDeclaration());
  }

  private void masters(Invocation call) {
    describe(sentinel.primaries.values(), call.reply());
  }

  private static void describe(Collection<? extends Instance> instances, ReplyWriter reply) {
    reply.array(instances.size());
    for (Instance instance : instances) {
      InstanceReply.write(instance, reply);
    }
  }

  private void master(Invocation call) {
    InstanceReply.write(group(call), call.reply());
  }

  private void replicas(Invocation call) {
    List<MonitoredReplica> announced = new ArrayList<>();
    for (MonitoredReplica replica : group(call).replicas.values()) {
      if (replica.announced) {
        announced.add(replica);
      }
    }
    describe(announced, call.reply());
  }

  private void sentinels(Invocation call) {
    describe(group(call).sentinels.values(), call.reply());
  }

  private void myId(Invocation call) {
    call.reply().bulk(sentinel.myId());
  }

  private void address(Invocation call) {
    MonitoredPrimary primary = sentinel.primaries.get(call.arguments().text(2));
    if (primary == null) {
      call.reply().nullArray();
      return;
    }
    Address address = primary.currentAddress();
    call.reply().array(2);
    call.reply().bulk(address.host());
    call.reply().bulkInteger(address.port());
  }

  private void infoCache(Invocation call) {
    Arguments words = call.arguments();
    Map<String, MonitoredPrimary> chosen = new java.util.LinkedHashMap<>();
    for (int i = 2; i < words.count(); i++) {
      MonitoredPrimary primary = sentinel.primaries.get(words.text(i));
      if (primary != null) {
        chosen.put(primary.name, primary);
      }
    }
    ReplyWriter reply = call.reply();
    reply.array(chosen.size() * 2L);
    for (MonitoredPrimary primary : chosen.values()) {
      reply.bulk(primary.name);
      reply.array(primary.replicas.size() + 1L);
      writeInfo(primary, reply);
      for (MonitoredReplica replica : primary.replicas.values()) {
        writeInfo(replica, reply);
      }
    }
  }

  private void writeInfo(DataNode node, ReplyWriter reply) {
    reply.array(2);
    reply.integer(node.infoRefreshMs == 0 ? 0 : sentinel.nowMs() - node.infoRefreshMs);
    if (node.info == null) {
      reply.nil();
    } else {
      reply.bulk(node.info);
    }
  }

  private void pendingScripts(Invocation call) {
    long nowMs = sentinel.nowMs();
    ReplyWriter reply = call.reply();
    reply.array(sentinel.scripts().jobs().size());
    for (ScriptRunner.Job job : sentinel.scripts().jobs()) {
      reply.map(5);
      reply.bulk("argv");
      reply.array(job.command.size());
      job.command.forEach(reply::bulk);
      reply.bulk("flags");
      reply.bulk(job.running ? "running" : "scheduled");
      reply.bulk("pid");
      reply.bulkInteger(job.processId);
      reply.bulk(job.running ? "run-time" : "run-delay");
      long scheduledIn = job.starts == 0 ? 0 : Math.max(0, job.startMs - nowMs);
      reply.bulkInteger(job.running ? nowMs - job.startMs : scheduledIn);
      reply.bulk("retry-num");
      reply.bulkInteger(job.starts);
    }
  }

  private void checkQuorum(Invocation call) {
    MonitoredPrimary primary = group(call);
    int usable = 1;
    for (OtherSentinel other : primary.sentinels.values()) {
      usable += other.subjectivelyDown ? 0 : 1;
    }
    boolean quorum = usable >= primary.quorum;
    boolean majority = usable >= (primary.sentinels.size() + 1) / 2 + 1;
    if (quorum && majority) {
      call.reply()
          .simple(
              "OK "
                  + usable
                  + " usable Sentinels. Quorum and failover authorization can be reached");
      return;
    }
    StringBuilder text = new StringBuilder("NOQUORUM " + usable + " usable Sentinels. ");
    if (!quorum) {
      text.append("Not enough available Sentinels to reach the specified quorum for this master");
    }
    if (!majority) {
      text.append(quorum ? "" : ". ");
      text.append("Not enough available Sentinels to reach the majority and authorize a failover");
    }
    call.reply().error(text.toString());
  }

  private CommandSpec helpDeclaration() {
    return command("help")
        .group(CommandGroup.SENTINEL)
        .since("6.2.0")
        .arity(2)
        .flags(
            CommandFlag.LOADING, CommandFlag.STALE, CommandFlag.SENTINEL, CommandFlag.ONLY_SENTINEL)
        .summary("Shows what the subcommands do.")
        .complexity("O(1)")
        .handler((Invocation call) -> Help.reply(call, SentinelHelp.LINES));
  }

  // ---- orders about groups

  private List<CommandSpec> groupCommands() {
    return List.of(
        sub(
            "monitor",
            "2.8.4",
            6,
            "Starts to watch a group.",
            this::monitor,
            ArgumentSpec.arg("name", Type.STRING),
            ArgumentSpec.arg("ip", Type.STRING),
            ArgumentSpec.arg("port", Type.INTEGER),
            ArgumentSpec.arg("quorum", Type.INTEGER)),
        sub("remove", "2.8.4", 3, "Stops watching a group.", this::remove, groupName()),
        sub(
            "set",
            "2.8.4",
            -5,
            "Changes the options of a group.",
            this::set,
            groupName(),
            pairs("option_value", "option", "value")),
        sub(
            "reset",
            "2.8.4",
            3,
            "Forgets what was learnt of the groups whose names match.",
            this::reset,
            ArgumentSpec.arg("pattern", Type.PATTERN)),
        sub(
            "failover",
            "2.8.4",
            3,
            "Starts a failover without asking the other Sentinels.",
            this::failover,
            groupName()),
        sub(
            "is-master-down-by-addr",
            "2.8.4",
            6,
            "Tells another Sentinel whether a primary is down, and votes.",
            this::isPrimaryDown,
            ArgumentSpec.arg("ip", Type.STRING),
            ArgumentSpec.arg("port", Type.INTEGER),
            ArgumentSpec.arg("current-epoch", Type.INTEGER),
            ArgumentSpec.arg("runid", Type.STRING)));
  }

  private void monitor(Invocation call) {
    Arguments words = call.arguments();
    long quorum = number(words, 5, "Invalid quorum");
    long port = number(words, 4, "Invalid port");
    String host = words.text(3);
    if (quorum <= 0) {
      throw new CommandError("ERR Quorum must be 1 or greater.");
    }
    if (!sentinel.settings().resolveHostnames && !NumericAddress.isValid(host)) {
      throw new CommandError("ERR Invalid IP address or hostname specified");
    }
    try {
      int shownPort = port < 0 || port > 65_535 ? 0 : (int) port;
      int shownQuorum = (int) Math.min(quorum, Integer.MAX_VALUE);
      MonitoredPrimary primary =
          sentinel.monitor(words.text(2), new Address(host, shownPort), shownQuorum);
      sentinel.events().warning("+monitor", primary, " quorum " + shownQuorum);
      primary.startAll();
    } catch (SentinelException refused) {
      throw new CommandError("ERR " + refused.getMessage());
    }
    answerWhenSaved(call);
  }

  private void remove(Invocation call) {
    MonitoredPrimary primary = group(call);
    sentinel.events().warning("-monitor", primary, "");
    sentinel.forget(primary);
    answerWhenSaved(call);
  }

  private void set(Invocation call) {
    GroupSettingCommand setting = new GroupSettingCommand(sentinel, group(call), call.arguments());
    String error = setting.run(3);
    if (error != null) {
      if (setting.changed()) {
        sentinel.saveConfiguration();
      }
      throw new CommandError(error);
    }
    answerWhenSaved(call);
  }

  private void reset(Invocation call) {
    String pattern = call.arguments().text(2);
    long count = 0;
    for (MonitoredPrimary primary : sentinel.primaries.values()) {
      if (Glob.matchesIgnoringCase(pattern, primary.name)) {
        sentinel.resetGroup(primary);
        count++;
      }
    }
    sentinel.saveConfiguration();
    call.reply().integer(count);
  }

  private void failover(Invocation call) {
    MonitoredPrimary primary = group(call);
    long nowMs = sentinel.nowMs();
    if (primary.failover.inProgress()) {
      throw new CommandError("INPROG Failover already in progress");
    }
    if (primary.failover.bestReplica(nowMs) == null) {
      throw new CommandError("NOGOODSLAVE No suitable replica to promote");
    }
    sentinel.env().log().warning("Executing user requested FAILOVER of '" + primary.name + "'");
    primary.failover.start(true, nowMs);
    call.reply().ok();
  }

  /** The question and the request for a vote; the vote is told once it is durable, if ever. */
  private void isPrimaryDown(Invocation call) {
    Arguments words = call.arguments();
    long port = number(words, 3, null);
    long epoch = number(words, 4, null);
    MonitoredPrimary primary = find(words.text(2), port);
    boolean down = primary != null && primary.subjectivelyDown && !sentinel.isTilted();
    String candidate = words.text(5);
    if (primary == null || candidate.equals("*")) {
      writeVote(call.reply(), down, null, 0);
      return;
    }
    Deferred later = call.defer();
    sentinel.vote(
        primary,
        epoch,
        candidate,
        () -> later.complete(reply -> writeVote(reply, down, primary.leader, primary.leaderEpoch)));
  }

  private MonitoredPrimary find(String host, long port) {
    for (MonitoredPrimary primary : sentinel.primaries.values()) {
      if (primary.address.port() == port && primary.address.host().equalsIgnoreCase(host)) {
        return primary;
      }
    }
    return null;
  }

  private static void writeVote(ReplyWriter reply, boolean down, String leader, long epoch) {
    reply.array(3);
    reply.integer(down ? 1 : 0);
    reply.bulk(leader == null ? "*" : leader);
    reply.integer(epoch);
  }

  // ---- orders about this Sentinel

  private List<CommandSpec> controlCommands() {
    return List.of(
        sub(
            "config",
            "6.2.0",
            -3,
            "Reads or changes the settings of this Sentinel.",
            this::config,
            ArgumentSpec.oneOf(
                "set_or_get",
                pairs("set_param_value", "parameter", "value").token("SET"),
                ArgumentSpec.arg("parameter", Type.STRING).token("GET").multiple())),
        sub(
            "debug",
            "7.0.0",
            -2,
            "Shows or changes the time parameters of this Sentinel.",
            this::debug,
            pairs("parameter_value", "parameter", "value")),
        sub(
            "flushconfig",
            "2.8.4",
            2,
            "Writes the state of this Sentinel to its configuration file.",
            this::answerWhenSaved),
        sub(
            "simulate-failure",
            "3.2.0",
            -3,
            "Makes this Sentinel crash at a step of a failover.",
            this::simulateFailure,
            ArgumentSpec.oneOf(
                    "mode",
                    ArgumentSpec.flag("crash-after-election", "CRASH-AFTER-ELECTION"),
                    ArgumentSpec.flag("crash-after-promotion", "CRASH-AFTER-PROMOTION"),
                    ArgumentSpec.flag("help", "HELP"))
                .optional()
                .multiple()));
  }

  private void answerWhenSaved(Invocation call) {
    Deferred later = call.defer();
    sentinel.saveConfiguration(
        error ->
            later.complete(
                reply -> {
                  if (error == null) {
                    reply.ok();
                  } else {
                    reply.error(SAVE_FAILED);
                  }
                }));
  }

  private void config(Invocation call) {
    Arguments words = call.arguments();
    if (words.is(2, "SET") && words.count() == 5) {
      setConfig(call, words.text(3), words.text(4));
    } else if (words.is(2, "GET") && words.count() == 4) {
      getConfig(call, words.text(3));
    } else {
      throw new CommandError(
          "ERR Only SENTINEL CONFIG GET <option> / SET <option> <value> are supported.");
    }
  }

  private void setConfig(Invocation call, String option, String value) {
    SentinelSettings settings = sentinel.settings();
    String own = value.isEmpty() ? null : value;
    boolean relink = false;
    switch (option.toLowerCase(Locale.ROOT)) {
      case "resolve-hostnames" -> settings.resolveHostnames = yes(option, value);
      case "announce-hostnames" -> settings.announceHostnames = yes(option, value);
      case "announce-ip" -> settings.announceIp = own;
      case "announce-port" -> settings.announcePort = port(option, value);
      case "sentinel-user" -> {
        settings.sentinelUser = own;
        relink = true;
      }
      case "sentinel-pass" -> {
        settings.sentinelPassword = own;
        relink = true;
      }
      default ->
          throw new CommandError("ERR Invalid argument '" + option + "' to SENTINEL CONFIG SET");
    }
    answerWhenSaved(call);
    if (relink) {
      sentinel.dropSentinelConnections();
    }
  }

  private static boolean yes(String option, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw badConfig(option, value);
    };
  }

  private static int port(String option, String value) {
    OptionalLong number = Numbers.parseLong(value);
    if (number.isEmpty() || number.getAsLong() < 0 || number.getAsLong() > 65_535) {
      throw badConfig(option, value);
    }
    return (int) number.getAsLong();
  }

  private static CommandError badConfig(String option, String value) {
    return new CommandError(
        "ERR Invalid value '" + value + "' to SENTINEL CONFIG SET '" + option + "'");
  }

  private void getConfig(Invocation call, String pattern) {
    SentinelSettings settings = sentinel.settings();
    Map<String, String> all = new java.util.LinkedHashMap<>();
    all.put("resolve-hostnames", settings.resolveHostnames ? "yes" : "no");
    all.put("announce-hostnames", settings.announceHostnames ? "yes" : "no");
    all.put("announce-ip", settings.announceIp == null ? "" : settings.announceIp);
    all.put("announce-port", Integer.toString(settings.announcePort));
    all.put("sentinel-user", settings.sentinelUser == null ? "" : settings.sentinelUser);
    all.put("sentinel-pass", settings.sentinelPassword == null ? "" : settings.sentinelPassword);
    all.keySet().removeIf(name -> !Glob.matchesIgnoringCase(pattern, name));
    writePairs(call.reply(), all);
  }

  private static void writePairs(ReplyWriter reply, Map<String, String> pairs) {
    reply.map(pairs.size());
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      reply.bulk(pair.getKey());
      reply.bulk(pair.getValue());
    }
  }

  private void debug(Invocation call) {
    Arguments words = call.arguments();
    if (words.count() == 2) {
      Map<String, String> shown = new java.util.LinkedHashMap<>();
      sentinel.timings().all().forEach((name, value) -> shown.put(name, Long.toString(value)));
      writePairs(call.reply(), shown);
      return;
    }
    for (int i = 2; i < words.count(); i += 2) {
      setTiming(words, i);
    }
    call.reply().ok();
  }

  private void setTiming(Arguments words, int at) {
    String name = words.text(at);
    String upper = name.toUpperCase(Locale.ROOT);
    if (at + 1 >= words.count() || !sentinel.timings().all().containsKey(upper)) {
      throw new CommandError(
          "ERR Unknown option or number of arguments for SENTINEL DEBUG '" + name + "'");
    }
    OptionalLong value = Numbers.parseLong(words.text(at + 1));
    if (value.isEmpty() || value.getAsLong() <= 0) {
      throw new CommandError(
          "ERR Invalid argument '" + words.text(at + 1) + "' for SENTINEL DEBUG '" + name + "'");
    }
    sentinel.timings().set(upper, value.getAsLong());
  }

  private void simulateFailure(Invocation call) {
    Arguments words = call.arguments();
    int failures = 0;
    for (int i = 2; i < words.count(); i++) {
      if (words.is(i, "CRASH-AFTER-ELECTION")) {
        failures |= Sentinel.CRASH_AFTER_ELECTION;
        tellSimulation("after being successfully elected as failover leader");
      } else if (words.is(i, "CRASH-AFTER-PROMOTION")) {
        failures |= Sentinel.CRASH_AFTER_PROMOTION;
        tellSimulation("after promoting the selected replica to master");
      } else if (words.is(i, "HELP")) {
        call.reply().array(2);
        call.reply().bulk("crash-after-election");
        call.reply().bulk("crash-after-promotion");
        return;
      } else {
        throw new CommandError("ERR Unknown failure simulation specified");
      }
    }
    sentinel.simulateFailures(failures);
    call.reply().ok();
  }

  private void tellSimulation(String when) {
    sentinel.env().log().warning("Failure simulation: this Sentinel will crash " + when);
  }
}
