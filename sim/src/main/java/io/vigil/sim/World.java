package io.vigil.sim;

import io.vigil.core.base.PlantedBug;
import io.vigil.core.base.Rng;
import io.vigil.core.env.Env;
import io.vigil.core.env.Network.ListenAddress;
import io.vigil.core.node.Node;
import io.vigil.core.node.SentinelNode;
import io.vigil.core.observe.config.ConfigError;
import io.vigil.core.observe.config.ConfigLoader;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.ConfigRewriter;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.sentinel.ConfigurationReader.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole group in one thread: a primary, two replicas, three Sentinels and a client, on machines
 * of their own, under the faults of a {@link FaultPlan}.
 *
 * <pre>
 *   0 s            10 s                         50 s                         110 s
 *   | group forms  | faults, writes go on       | healed: must converge      | checked
 * </pre>
 *
 * <p>What must hold is said by {@link Watcher} while it runs, and by {@link #check} in the end: one
 * primary that all Sentinels name, replicas with its offset and its data, no value that nobody
 * wrote, a memory account that adds up.
 */
final class World {
  private static final long MS = 1_000_000;
  private static final long HEAL_MS = 50_000;
  private static final long END_MS = 110_000;
  private static final long STEP_MS = 250;
  private static final int DATA_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  private static final List<String> DATA = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3");
  private static final List<String> SENTINELS = List.of("10.0.1.1", "10.0.1.2", "10.0.1.3");
  private static final String CLIENT = "10.0.2.1";
  private static final List<String> DATA_NAMES = List.of("data1.sim", "data2.sim", "data3.sim");
  private static final List<String> SENTINEL_NAMES =
      List.of("sentinel1.sim", "sentinel2.sim", "sentinel3.sim");
  private static final long LOOK_MS = 5_000;

  private final long seed;
  private final Scheduler scheduler = new Scheduler();
  private final Trace trace = new Trace();
  private final SimNetwork network;
  private final Rng faultRng;
  private final Outcome.Totals totals = new Outcome.Totals();
  private final Watcher watcher = new Watcher(totals);
  private final Map<String, SimDisk> disks = new LinkedHashMap<>();
  private final Map<String, SimProcess> processes = new LinkedHashMap<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, SentinelNode> sentinels = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger(nodes, totals);
  private final FaultPlan plan;
  private final boolean loud;
  private final PlantedBug bug;
  private Writer writer;
  private long lives;

  World(long seed, boolean loud) {
    this(seed, loud, PlantedBug.NONE);
  }

  World(long seed, boolean loud, PlantedBug bug) {
    this.seed = seed;
    this.bug = bug;
    this.loud = loud;
    this.network = new SimNetwork(scheduler, Rng.stream(seed, "network"), trace);
    this.faultRng = Rng.stream(seed, "faults");
    this.plan = new FaultPlan(Rng.stream(seed, "plan"));
  }

  /** Runs the seed to its end. */
  Outcome run() {
    String violation = null;
    try {
      form();
      watch();
      planFaults();
      runTo(HEAL_MS);
      heal();
      runToConvergence();
      check();
    } catch (Violation found) {
      violation = describe(found);
    } catch (RuntimeException | IOException unexpected) {
      violation = "unexpected " + describe(unexpected);
    }
    totals.acknowledgedWrites = writer == null ? 0 : writer.acknowledgedCount();
    totals.failedWrites = writer == null ? 0 : writer.failedCount();
    for (SimDisk disk : disks.values()) {
      totals.lostBytes += disk.tornBytes();
      totals.refusedDiskWrites += disk.refusedWrites();
    }
    totals.unresolvedNames = network.unresolved();
    return new Outcome(seed, trace.hash(), scheduler.executed(), totals, violation);
  }

  private static String describe(Exception failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    StackTraceElement[] frames = failure.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, 12); i++) {
      text.append("\n    at ").append(frames[i]);
    }
    return text.toString();
  }

  private void runTo(long untilMs) {
    scheduler.runUntil(untilMs * MS);
  }

  // ---- the group

  private void form() throws IOException {
    Rng chance = Rng.stream(seed, "configuration");
    String backlog = chance.nextInt(3) == 0 ? "16kb" : "1mb";
    String diskless = chance.nextInt(2) == 0 ? "yes" : "no";
    boolean byName = chance.nextInt(3) == 0;
    for (int i = 0; i < DATA.size(); i++) {
      network.name(DATA_NAMES.get(i), DATA.get(i));
      network.name(SENTINEL_NAMES.get(i), SENTINELS.get(i));
    }
    String first = byName ? DATA_NAMES.getFirst() : DATA.getFirst();
    for (String machine : DATA) {
      String following = machine.equals(DATA.getFirst()) ? "" : "replicaof " + first + " 6379\n";
      String text =
          "port 6379\nprotected-mode no\nsave 5 1\nrepl-timeout 5\nrepl-ping-replica-period 1\n"
              + "repl-diskless-sync-delay 0\nrepl-backlog-size %s\nrepl-diskless-sync %s\n%s"
                  .formatted(backlog, diskless, following);
      install(machine, "node.conf", text);
      startNode(machine);
    }
    String scripts =
        chance.nextInt(2) == 0
            ? ""
            : "sentinel notification-script mymaster "
                + SimScripts.NOTIFICATION
                + "\nsentinel client-reconfig-script mymaster "
                + SimScripts.RECONFIGURATION
                + "\n";
    for (String machine : SENTINELS) {
      install(
          machine,
          "sentinel.conf",
          """
          port 26379
          sentinel monitor mymaster 10.0.0.1 6379 2
          sentinel down-after-milliseconds mymaster 1000
          sentinel failover-timeout mymaster 10000
          sentinel parallel-syncs mymaster 1
          """
              + scripts);
      startSentinel(machine);
    }
    Env env = newLife(CLIENT).env();
    writer = new Writer(env, byName ? SENTINEL_NAMES : SENTINELS, ledger);
    writer.start();
  }

  private void install(String machine, String name, String text) {
    SimDisk disk = disks.computeIfAbsent(machine, any -> new SimDisk());
    disk.install(name, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private SimProcess newLife(String machine) {
    SimDisk disk = disks.computeIfAbsent(machine, any -> new SimDisk());
    Rng rng = Rng.stream(seed, machine + "/" + lives++);
    SimProcess process =
        new SimProcess(
            machine,
            scheduler,
            network,
            disk,
            trace,
            rng,
            totals,
            (_, message) -> log(machine, message));
    processes.put(machine, process);
    return process;
  }

  private void log(String machine, String message) {
    if (loud) {
      System.out.printf("%9.3f %-8s %s%n", scheduler.nowNanos() / 1e9, machine, message);
    }
    watcher.line(machine, message);
  }

  private void startNode(String machine) throws IOException {
    Env env = newLife(machine).env();
    ConfigRegistry registry = configuration(env, "/node.conf", false);
    Node node = new Node(env, registry, bug);
    node.observed()
        .rewriter(new ConfigRewriter(registry, env.disk(), env.entropy(), "/node.conf", false));
    nodes.put(machine, node);
    env.network()
        .listen(new ListenAddress(machine, DATA_PORT, 511, null, 0), node.sessions()::accept);
    node.start(() -> {});
  }

  private static ConfigRegistry configuration(Env env, String path, boolean sentinel) {
    Settings settings = new Settings(env.host());
    settings.protectedMode.adjust(!sentinel);
    ConfigRegistry registry = new ConfigRegistry(settings);
    try {
      new ConfigLoader(registry, env.disk(), env.host(), env.log(), sentinel).load(path, null, "");
    } catch (ConfigError wrong) {
      throw new Violation("The configuration " + path + " does not load", wrong);
    }
    return registry;
  }

  private void startSentinel(String machine) throws IOException {
    Env env = newLife(machine).env();
    String text =
        new String(disks.get(machine).contentOf("sentinel.conf"), StandardCharsets.ISO_8859_1);
    List<String> lines = List.of(text.split("\n"));
    ConfigRegistry registry = configuration(env, "/sentinel.conf", true);
    SentinelNode node = new SentinelNode(env, registry, "sentinel.conf", lines, bug);
    sentinels.put(machine, node);
    try {
      node.configure(statements(lines));
    } catch (io.vigil.core.sentinel.ConfigurationReader.Refused wrong) {
      throw new Violation("The configuration of " + machine + " does not load: " + text, wrong);
    }
    env.network()
        .listen(new ListenAddress(machine, SENTINEL_PORT, 511, null, 0), node.sessions()::accept);
    node.start();
  }

  private static List<Statement> statements(List<String> lines) {
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ");
      if (words[0].equals("sentinel")) {
        statements.add(
            new Statement(i + 1, lines.get(i), Arrays.asList(words).subList(1, words.length)));
      }
    }
    return statements;
  }

  // ---- what is looked at while it runs

  private void watch() {
    watcher.onDataLoss(ledger::disturbed);
    watcher.onPromotion(
        machine -> {
          Node node = nodes.get(machine);
          scheduler.after(0, () -> ledger.promoted(machine, node)); // once the command has ended
        });
    look();
  }

  private void look() {
    Map<String, Node> living = new LinkedHashMap<>(nodes);
    living.keySet().removeIf(machine -> !processes.get(machine).isAlive());
    StreamCheck.check(living);
    scheduler.after(LOOK_MS * MS, this::look);
  }

  // ---- faults

  private void planFaults() {
    for (FaultPlan.Fault fault : plan.faults()) {
      scheduler.after(fault.atMs() * MS, () -> strike(fault));
    }
    if (plan.killsVoters()) {
      watcher.onVote(this::killVoter);
    }
  }

  private void strike(FaultPlan.Fault fault) {
    totals.faults++;
    trace.add(fault.kind().ordinal());
    if (loud) {
      System.out.printf("%9.3f -------- %s%n", scheduler.nowNanos() / 1e9, fault);
    }
    int pick = (int) (fault.pick() % 3);
    switch (fault.kind()) {
      case CRASH_PRIMARY -> crash(primaryMachine(), fault.durationMs());
      case CRASH_REPLICA -> crash(DATA.get(pick), fault.durationMs());
      case CRASH_SENTINEL -> crash(SENTINELS.get(pick), fault.durationMs());
      case DIE_IN_WRITE -> dieInWrite(anyMachine(fault.pick()), fault.durationMs());
      case CUT_OFF_PRIMARY -> cutOff(primaryMachine(), true, fault.durationMs());
      case CUT_ONE_WAY -> cutOff(anyMachine(fault.pick()), false, fault.durationMs());
      case SLOW -> slow(anyMachine(fault.pick()), fault.durationMs());
      case DISK_FULL -> fillDisk(anyMachine(fault.pick()), fault.durationMs());
      case NO_NAMES -> forgetNames(fault.durationMs());
    }
  }

  private static String anyMachine(long pick) {
    int index = (int) (pick % (DATA.size() + SENTINELS.size()));
    return index < DATA.size() ? DATA.get(index) : SENTINELS.get(index - DATA.size());
  }

  /** A living node that calls itself primary; any node when there is none. */
  private String primaryMachine() {
    for (String machine : DATA) {
      if (processes.get(machine).isAlive() && isPrimary(machine)) {
        return machine;
      }
    }
    return DATA.getFirst();
  }

  private boolean isPrimary(String machine) {
    return nodes.get(machine).roleName().equals("master");
  }

  private void crash(String machine, long downMs) {
    SimProcess process = processes.get(machine);
    if (!process.isAlive()) {
      return;
    }
    totals.crashes++;
    ledger.disturbed(machine);
    process.kill();
    disks.get(machine).crash(faultRng);
    scheduler.after(downMs * MS, () -> restart(machine));
  }

  private void restart(String machine) {
    if (processes.get(machine).isAlive()) {
      return;
    }
    totals.restarts++;
    try {
      if (DATA.contains(machine)) {
        startNode(machine);
      } else {
        startSentinel(machine);
      }
    } catch (IOException failed) {
      throw new Violation(machine + " does not start again", failed);
    }
  }

  private void dieInWrite(String machine, long downMs) {
    int writes = 1 + faultRng.nextInt(4);
    disks.get(machine).dieInWrite(writes, () -> crash(machine, downMs));
  }

  private void killVoter(String machine) {
    if (faultRng.nextInt(2) == 0) {
      long whenNanos = faultRng.nextLong(4 * MS);
      long downMs = 50 + faultRng.nextLong(1_000);
      scheduler.after(whenNanos, () -> crash(machine, downMs));
    }
  }

  private void cutOff(String machine, boolean bothWays, long durationMs) {
    boolean outgoing = bothWays || faultRng.nextInt(2) == 0;
    boolean incoming = bothWays || !outgoing;
    for (String other : everyMachine()) {
      if (outgoing && !other.equals(machine)) {
        network.cut(machine, other);
      }
      if (incoming && !other.equals(machine)) {
        network.cut(other, machine);
      }
    }
    scheduler.after(durationMs * MS, network::heal);
  }

  private void slow(String machine, long durationMs) {
    long extraNanos = (10 + faultRng.nextLong(400)) * MS;
    for (String other : everyMachine()) {
      network.slow(machine, other, extraNanos);
    }
    scheduler.after(durationMs * MS, network::heal);
  }

  private void fillDisk(String machine, long durationMs) {
    SimDisk disk = disks.get(machine);
    disk.full(true);
    scheduler.after(durationMs * MS, () -> disk.full(false));
  }

  private void forgetNames(long durationMs) {
    everyMachine().forEach(network::failNames);
    scheduler.after(durationMs * MS, network::heal);
  }

  private static List<String> everyMachine() {
    List<String> machines = new ArrayList<>(DATA);
    machines.addAll(SENTINELS);
    machines.add(CLIENT);
    return machines;
  }

  // ---- the end

  private void heal() {
    network.heal();
    disks.values().forEach(disk -> disk.full(false));
    watcher.onVote(machine -> {});
    for (String machine : everyMachine()) {
      if (!machine.equals(CLIENT)) {
        restart(machine);
      }
    }
  }

  private void runToConvergence() {
    runTo(END_MS - 40_000);
    writer.stop();
    long nowMs = END_MS - 40_000;
    while (nowMs < END_MS && disagreement() != null) {
      nowMs += STEP_MS;
      runTo(nowMs);
    }
  }

  /** Why the group has not converged; null when it has. */
  private String disagreement() {
    List<String> primaries = DATA.stream().filter(this::isPrimary).toList();
    if (primaries.size() != 1) {
      return "primaries: " + primaries;
    }
    String primary = primaries.getFirst();
    for (String machine : SENTINELS) {
      String named = sentinels.get(machine).sentinel().primaryAddress("mymaster");
      if (!named.equals(primary + ":" + DATA_PORT)) {
        return "the Sentinel on %s names %s, the primary is %s".formatted(machine, named, primary);
      }
    }
    Node leader = nodes.get(primary);
    for (String machine : DATA) {
      Node node = nodes.get(machine);
      boolean same =
          node.stream().id().equals(leader.stream().id())
              && node.stream().offset() == leader.stream().offset();
      if (!same) {
        return "%s is at %s %d, the primary %s at %s %d"
            .formatted(
                machine,
                node.stream().id(),
                node.stream().offset(),
                primary,
                leader.stream().id(),
                leader.stream().offset());
      }
    }
    return null;
  }

  private void check() {
    String disagreement = disagreement();
    if (disagreement != null) {
      throw new Violation("not converged 60 s after healing: " + disagreement);
    }
    Node leader = nodes.get(primaryMachine());
    byte[] digest = leader.keyspace().digest();
    for (String machine : DATA) {
      Node node = nodes.get(machine);
      if (!Arrays.equals(digest, node.keyspace().digest())) {
        throw new Violation("equal offsets, different data: " + machine + " and its primary");
      }
      node.keyspace().verify();
    }
    if (writer.acknowledgedCount() < 500) {
      throw new Violation("only " + writer.acknowledgedCount() + " writes were acknowledged");
    }
    totals.lostWrites = writer.check(key -> Ledger.valueOf(leader, key));
    boolean mayLose = totals.failovers > 0 || totals.crashes > 0;
    if (totals.lostWrites > 0 && !mayLose) {
      throw new Violation(totals.lostWrites + " acknowledged writes lost without any failover");
    }
  }
}
