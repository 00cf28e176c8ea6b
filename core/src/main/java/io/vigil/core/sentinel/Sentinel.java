package io.vigil.core.sentinel;

import io.vigil.core.base.PlantedBug;
import io.vigil.core.base.Rng;
import io.vigil.core.env.Env;
import io.vigil.core.env.Log.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A Sentinel: watches groups of a primary and its replicas, agrees with other Sentinels when a
 * primary is dead, and has the best replica take its place.
 *
 * <pre>
 *            hello (addresses, epochs)            PING, INFO
 *   Sentinel <------------------------> Sentinel ------------> primary, replicas
 *       \        is-master-down-by-addr, votes   /
 *        +--------------------------------------+
 * </pre>
 *
 * <p>Time enters as a parameter and every deadline is a timer, see {@link Instance#step}. What must
 * survive a crash (epochs, votes, addresses) goes to the configuration file before it is acted on:
 * a vote is durable before it is told to anyone. Durations are measured by the monotonic clock, so
 * a jump of the wall clock changes nothing; a stall of the process is noticed by the next step
 * being late, and leads to TILT: for a while this Sentinel only watches.
 */
public final class Sentinel {
  static final int CRASH_AFTER_ELECTION = 1;
  static final int CRASH_AFTER_PROMOTION = 2;

  private final Env env;
  private final Peer.Factory connector;
  private final Rng rng;
  private final Timings timings = new Timings();
  private final ScriptRunner scripts;
  private final SentinelEvents events;
  private final SentinelSettings settings = new SentinelSettings();
  private final ConfigurationStore store;
  private final PlantedBug bug;

  final Map<String, MonitoredPrimary> primaries = new LinkedHashMap<>();
  private String myId = "";
  private long currentEpoch;
  private boolean running;
  private boolean tilted;
  private long tiltedSinceMs;
  private long lastTimeMs;
  private int simulatedFailures;

  Sentinel(
      Env env,
      Peer.Factory connector,
      SentinelEvents.Publisher publisher,
      ConfigurationStore store,
      PlantedBug bug) {
    this.bug = bug;
    this.env = env;
    this.connector = connector;
    this.store = store;
    byte[] seed = new byte[8];
    env.entropy().fill(seed);
    this.rng = new Rng(java.nio.ByteBuffer.wrap(seed).getLong());
    this.scripts = new ScriptRunner(env, timings);
    this.events = new SentinelEvents(env.log(), publisher, scripts);
    scripts.bind(events);
  }

  Env env() {
    return env;
  }

  Rng rng() {
    return rng;
  }

  Timings timings() {
    return timings;
  }

  SentinelEvents events() {
    return events;
  }

  ScriptRunner scripts() {
    return scripts;
  }

  SentinelSettings settings() {
    return settings;
  }

  String myId() {
    return myId;
  }

  void takeId(String id) {
    myId = id;
  }

  long currentEpoch() {
    return currentEpoch;
  }

  void raiseEpoch(long epoch) {
    if (Long.compareUnsigned(epoch, currentEpoch) > 0) {
      currentEpoch = epoch;
    }
  }

  boolean isRunning() {
    return running;
  }

  /**
   * Starts watching what the configuration named. A Sentinel without an id draws one, and saves it
   * before it speaks.
   */
  void start() {
    if (myId.isEmpty()) {
      myId = newId();
    }
    running = true;
    lastTimeMs = nowMs();
    env.log().warning("Sentinel ID is " + myId);
    saveConfiguration();
    for (MonitoredPrimary primary : primaries.values()) {
      events.warning("+monitor", primary, " quorum " + primary.quorum);
      primary.startAll();
    }
    heartbeat();
  }

  private String newId() {
    byte[] bytes = new byte[20];
    env.entropy().fill(bytes);
    return java.util.HexFormat.of().formatHex(bytes);
  }

  /** Time passes also for a Sentinel that watches nothing: a stall must be noticed. */
  private void heartbeat() {
    observeTime();
    env.timers().schedule(500, this::heartbeat);
  }

  long nowMs() {
    return env.clock().monotonicMs();
  }

  // ---- TILT

  /**
   * Reads the clock; a gap longer than the trigger since the last reading means that this process
   * was stopped: TILT.
   */
  long observeTime() {
    long nowMs = nowMs();
    long gapMs = nowMs - lastTimeMs;
    lastTimeMs = nowMs;
    if (gapMs > timings.tiltTriggerMs) {
      tiltedSinceMs = nowMs;
      if (!tilted) {
        tilted = true;
        events.plain(Level.WARNING, "+tilt", null, "#tilt mode entered");
      }
    } else if (tilted && nowMs >= tiltEndsMs()) {
      tilted = false;
      events.plain(Level.WARNING, "-tilt", null, "#tilt mode exited");
    }
    return nowMs;
  }

  boolean isTilted() {
    return tilted;
  }

  long tiltEndsMs() {
    return tiltedSinceMs + timings.tiltPeriodMs;
  }

  long tiltSeconds() {
    return tilted ? (nowMs() - tiltedSinceMs) / 1000 : -1;
  }

  // ---- connections

  Peer connect(Address address, Peer.Events peerEvents) {
    return connector.connect(address.host(), address.port(), peerEvents);
  }

  /**
   * The link to a Sentinel: the one another group already has to the same process, or a new one.
   */
  InstanceLink linkToSentinel(OtherSentinel other) {
    for (MonitoredPrimary group : primaries.values()) {
      OtherSentinel known = group.sentinels.get(other.runId);
      if (known != null && known != other && known.address.equals(other.address)) {
        known.link.share(other);
        return known.link;
      }
    }
    return new InstanceLink(this, other, false);
  }

  String[] sentinelAuthentication() {
    String password = settings.sentinelPassword;
    if (password == null) {
      String own = settings.requiredPassword;
      return own == null || own.isEmpty() ? new String[0] : new String[] {"AUTH", own};
    }
    return settings.sentinelUser == null
        ? new String[] {"AUTH", password}
        : new String[] {"AUTH", settings.sentinelUser, password};
  }

  /** Closes all links to other Sentinels: their credentials changed. */
  void dropSentinelConnections() {
    for (MonitoredPrimary primary : primaries.values()) {
      for (OtherSentinel other : primary.sentinels.values()) {
        other.link.drop();
        other.step();
      }
    }
  }

  // ---- epochs and votes

  long nextEpoch() {
    currentEpoch++;
    return currentEpoch;
  }

  private void adoptEpoch(long epoch, Instance about) {
    currentEpoch = epoch;
    saveConfiguration();
    events.plain(Level.WARNING, "+new-epoch", about, Long.toUnsignedString(epoch));
  }

  /**
   * Votes for {@code candidate} in {@code epoch} unless a vote in it or a later one was given;
   * {@code durable} runs when what this Sentinel then stands by is on disk. A vote that cannot be
   * saved is never told.
   */
  void vote(MonitoredPrimary primary, long epoch, String candidate, Runnable durable) {
    if (Long.compareUnsigned(epoch, currentEpoch) > 0) {
      adoptEpoch(epoch, primary);
    }
    boolean free =
        Long.compareUnsigned(primary.leaderEpoch, epoch) < 0
            && Long.compareUnsigned(currentEpoch, epoch) <= 0;
    if (free) {
      primary.leader = candidate;
      primary.leaderEpoch = epoch;
      if (!candidate.equals(myId)) {
        primary.failover.votedForAnother(nowMs());
      }
    } else if (!candidate.equals(primary.leader)) {
      env.log()
          .verbose("Vote for " + candidate + " refused in epoch " + Long.toUnsignedString(epoch));
    }
    Runnable tell =
        () -> {
          if (free) {
            logVote(primary, candidate, epoch);
          }
          durable.run();
        };
    if (bug == PlantedBug.VOTE_NOT_PERSISTED) {
      tell.run();
    } else {
      store.save(configurationLines(), tell);
    }
  }

  /** Sentinels that must hold the primary down before it is objectively so. */
  boolean isQuorum(int agree, int quorum) {
    return agree >= quorum || agree > 0 && bug == PlantedBug.QUORUM_NOT_COUNTED;
  }

  void logVote(Instance voter, String leader, long epoch) {
    String text = leader + " " + Long.toUnsignedString(epoch);
    if (voter instanceof OtherSentinel other) {
      env.log().warning(other.name + " voted for " + text);
    } else {
      events.plain(Level.WARNING, "+vote-for-leader", voter, text);
    }
  }

  // ---- hello

  /**
   * What those are told who listen at the far end of a link: that this Sentinel is at the address
   * the link has on this side, unless another is announced. A group in one network may not reach
   * the address another group knows.
   */
  HelloMessage helloFor(MonitoredPrimary primary, String localHost) {
    String host = settings.announceIp != null ? settings.announceIp : localHost;
    return new HelloMessage(
        new Address(host, settings.announcedPort()),
        myId,
        currentEpoch,
        primary.name,
        primary.currentAddress(),
        primary.configEpoch);
  }

  void receivedHello(String text) {
    HelloMessage hello = HelloMessage.parse(text);
    if (hello == null || hello.speakerId().equals(myId)) {
      return;
    }
    if (!canBeReached(hello.speaker()) || !canBeReached(hello.primary())) {
      env.log().verbose("Hello message with an address of no use ignored: " + text);
      return;
    }
    MonitoredPrimary primary = primaries.get(hello.primaryName());
    if (primary == null) {
      return;
    }
    OtherSentinel speaker = knowSpeaker(primary, hello);
    if (Long.compareUnsigned(hello.currentEpoch(), currentEpoch) > 0) {
      adoptEpoch(hello.currentEpoch(), primary);
    }
    if (Long.compareUnsigned(hello.configEpoch(), primary.configEpoch) > 0) {
      adoptConfiguration(primary, hello, speaker);
    }
    speaker.lastHelloMs = nowMs();
  }

  private boolean canBeReached(Address address) {
    return address.port() > 0
        && address.port() <= 65_535
        && !address.host().isEmpty()
        && (settings.resolveHostnames || NumericAddress.isValid(address.host()));
  }

  private OtherSentinel knowSpeaker(MonitoredPrimary primary, HelloMessage hello) {
    OtherSentinel known = primary.sentinels.get(hello.speakerId());
    if (known != null && known.address.equals(hello.speaker())) {
      return known;
    }
    if (known != null) {
      known.release();
      primary.sentinels.remove(known.runId);
      events.notice(
          "+sentinel-address-switch",
          primary,
          String.format(
              Locale.ROOT,
              " ip %s port %d for %s",
              hello.speaker().host(),
              hello.speaker().port(),
              hello.speakerId()));
    } else {
      forgetPredecessor(primary, hello);
    }
    OtherSentinel added = addSentinel(primary, hello.speakerId(), hello.speaker());
    if (known == null) {
      events.notice("+sentinel", added, "");
    }
    saveConfiguration();
    return added;
  }

  /**
   * Two ids cannot be at one address: the older one is of a Sentinel that is no more, and would
   * count in every majority. All groups forget it.
   */
  private void forgetPredecessor(MonitoredPrimary primary, HelloMessage hello) {
    for (OtherSentinel other : List.copyOf(primary.sentinels.values())) {
      if (other.address.equals(hello.speaker())) {
        events.notice("+sentinel-invalid-addr", other, "");
        for (MonitoredPrimary group : primaries.values()) {
          OtherSentinel stale = group.sentinels.remove(other.runId);
          if (stale != null) {
            stale.release();
          }
        }
      }
    }
  }

  OtherSentinel addSentinel(MonitoredPrimary primary, String runId, Address address) {
    OtherSentinel added = new OtherSentinel(this, primary, runId, address);
    primary.sentinels.put(runId, added);
    if (running) {
      added.start();
    }
    return added;
  }

  private void adoptConfiguration(
      MonitoredPrimary primary, HelloMessage hello, OtherSentinel from) {
    primary.configEpoch = hello.configEpoch();
    if (primary.address.equals(hello.primary())) {
      saveConfiguration();
      return;
    }
    events.warning("+config-update-from", from, "");
    announceSwitch(primary, hello.primary());
    runReconfigScript(primary, "observer", primary.address, hello.primary());
    moveTo(primary, hello.primary());
  }

  // ---- change of primary

  /** The failover is complete: the promoted replica is the group's primary. */
  void switchToPromoted(MonitoredPrimary primary) {
    Address target = primary.failover.promoted().address;
    announceSwitch(primary, target);
    moveTo(primary, target);
  }

  private void announceSwitch(MonitoredPrimary primary, Address target) {
    String text = primary.name + " " + primary.address + " " + target;
    events.plain(Level.WARNING, "+switch-master", primary, text);
  }

  /**
   * Replicas stay known under the new address, and the old primary becomes one: it will be told
   * when it returns.
   */
  private void moveTo(MonitoredPrimary primary, Address target) {
    List<Address> replicas = new ArrayList<>();
    for (MonitoredReplica replica : primary.replicas.values()) {
      if (!replica.address.equals(target)) {
        replicas.add(replica.address);
      }
    }
    if (!primary.address.equals(target)) {
      replicas.add(primary.address);
    }
    primary.restart(target, replicas);
    saveConfiguration();
    primary.step();
  }

  void runReconfigScript(MonitoredPrimary primary, String role, Address from, Address to) {
    if (primary.clientReconfigScript != null) {
      scripts.schedule(
          primary.clientReconfigScript,
          primary.name,
          role,
          "start",
          from.host(),
          Integer.toString(from.port()),
          to.host(),
          Integer.toString(to.port()));
    }
  }

  // ---- simulated failures

  void simulateFailures(int which) {
    simulatedFailures = which;
  }

  int simulatedFailures() {
    return simulatedFailures;
  }

  void crashIfAsked(int which) {
    if ((simulatedFailures & which) != 0) {
      env.log().warning("Sentinel CRASH because of SENTINEL simulate-failure");
      running = false;
      env.host().exit(99);
    }
  }

  // ---- configuration

  MonitoredPrimary monitor(String name, Address address, int quorum) throws SentinelException {
    if (primaries.containsKey(name)) {
      throw new SentinelException("Duplicate master name.");
    }
    if (address.port() < 1 || address.port() > 65_535) {
      throw new SentinelException("Invalid port number.");
    }
    MonitoredPrimary primary = new MonitoredPrimary(this, name, address, quorum);
    primaries.put(name, primary);
    return primary;
  }

  /** Refuses a host name where names are not to be resolved. */
  void checkHost(String host) throws SentinelException {
    if (!settings.resolveHostnames && !NumericAddress.isValid(host)) {
      throw new SentinelException(
          "Can't resolve instance hostname. '"
              + host
              + "' is no address; names need 'resolve-hostnames yes'.");
    }
  }

  /** Stops watching a group. */
  void forget(MonitoredPrimary primary) {
    primaries.remove(primary.name);
    primary.release();
  }

  /** Forgets what was learnt of a group, its replicas and Sentinels, and starts over. */
  void resetGroup(MonitoredPrimary primary) {
    primary.sentinels.values().forEach(Instance::release);
    primary.sentinels.clear();
    primary.restart(primary.address, List.of());
    events.warning("+reset-master", primary, "");
    primary.step();
  }

  /** The statements that bring this state back: what follows {@code sentinel} in the file. */
  List<List<String>> configurationLines() {
    return ConfigurationLines.of(this);
  }

  void saveConfiguration() {
    store.save(configurationLines(), () -> {});
  }

  /** Saves, and answers by {@code outcome} whether that worked. */
  void saveConfiguration(ConfigurationStore.Outcome outcome) {
    store.save(configurationLines(), outcome);
  }
}
