package io.vigil.core.replication;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.PlantedBug;
import io.vigil.core.env.Env;
import io.vigil.core.env.Timers.Timer;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.propagation.Propagation;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.session.ClientPause;
import io.vigil.core.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a node does for its replicas: answers PSYNC and SYNC, feeds the stream, keeps count of who
 * has acknowledged what, and drops those that went silent. A replica of ours may have replicas too;
 * for them it does the same.
 *
 * <pre>
 *   REPLCONF ...      HANDSHAKE
 *   PSYNC id offset   the stream still has it --> +CONTINUE, ONLINE
 *                     it has not             --> {@link FullSync}: +FULLRESYNC, snapshot, ONLINE
 * </pre>
 *
 * <p>The stream is appended to in the middle of commands; replicas get it once per turn of the
 * loop, by reference.
 */
public final class PrimarySide {
  private static final int MAX_ADDRESS_LENGTH = 255;

  /** What is handed to a replica's connection before it has taken it. */
  private static final long FED_AHEAD_BYTES = 1 << 20;

  private final Env env;
  private final Propagation propagation;
  private final ReplicationStream stream;
  private final ReplicationSettings settings;
  private final ReplicationCounters counters;
  private final Upstream upstream;
  private final FullSync fullSync;
  private final WaitingClients waiting;
  private final BacklogSpill spill;
  private final Map<Session, Replica> replicas = new LinkedHashMap<>();
  private long noReplicasSinceMs;
  private long loops;
  private boolean flushScheduled;
  private boolean acknowledgementsWanted;
  private Timer timer;
  private PingGate pingGate = () -> true;
  private LostTail tail;
  private WriterBrake brake;

  /** What the primary side must know of the node's own primary. */
  public interface Upstream {
    /** True while the node is itself a replica. */
    boolean isReplica();

    /** True while the link to its primary is up; false on a primary. */
    boolean isConnected();
  }

  /** Says whether the stream may move on its own; not while writes are paused for a failover. */
  @FunctionalInterface
  public interface PingGate {
    boolean mayPing();
  }

  public PrimarySide(
      Env env,
      Propagation propagation,
      ReplicationStream stream,
      ReplicationSettings settings,
      ReplicationCounters counters,
      Persistence persistence,
      Upstream upstream) {
    this.env = env;
    this.propagation = propagation;
    this.stream = stream;
    this.settings = settings;
    this.counters = counters;
    this.upstream = upstream;
    this.fullSync = new FullSync(env, this, settings, persistence);
    this.waiting = new WaitingClients(this);
    this.spill = new BacklogSpill(env, stream, settings);
    this.noReplicasSinceMs = nowMs();
    stream.onAppend(this::appended);
  }

  /** Starts the clockwork: one tick a second. */
  public void start() {
    timer = env.timers().schedule(1000, this::tick);
    spill.start();
  }

  /** Stops the clockwork. */
  public void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Binds what holds writers back. */
  public void brake(ClientPause pause) {
    brake = new WriterBrake(env, settings, counters, pause);
    brake.subject(() -> growth() > 0.5 ? furthestBehind() : null);
  }

  /** Binds what keeps account of what no replica has. */
  void tail(LostTail value) {
    tail = value;
  }

  public void pingGate(PingGate gate) {
    pingGate = gate;
  }

  ReplicationStream stream() {
    return stream;
  }

  long nowMs() {
    return env.clock().monotonicMs();
  }

  WaitingClients waiting() {
    return waiting;
  }

  /** Those that asked for data, in the order in which they did. */
  List<Replica> replicas() {
    List<Replica> all = new ArrayList<>();
    for (Replica replica : replicas.values()) {
      if (replica.counts()) {
        all.add(replica);
      }
    }
    return all;
  }

  /** Number of replicas, whatever their state. */
  public int replicaCount() {
    int count = 0;
    for (Replica replica : replicas.values()) {
      count += replica.counts() ? 1 : 0;
    }
    return count;
  }

  private Replica of(Session session) {
    return replicas.computeIfAbsent(
        session,
        absent -> {
          Replica replica = new Replica(session, this);
          session.peer(replica);
          return replica;
        });
  }

  /** True for a client that is a replica of ours. */
  public boolean isReplica(Session session) {
    Replica replica = replicas.get(session);
    return replica != null && replica.counts();
  }

  // ---- REPLCONF

  /** REPLCONF listening-port. */
  void listeningPort(Session session, int port) {
    of(session).listeningPort = port;
  }

  /** REPLCONF ip-address; false when it is too long. */
  boolean announcedAddress(Session session, String address) {
    if (address.length() > MAX_ADDRESS_LENGTH) {
      return false;
    }
    of(session).announcedAddress = address.isEmpty() ? null : address;
    return true;
  }

  /** REPLCONF capa; what is not known is passed over. */
  void capability(Session session, String capability) {
    if (capability.equalsIgnoreCase("eof")) {
      of(session).takesEndMark = true;
    } else if (capability.equalsIgnoreCase("psync2")) {
      of(session).takesNewIds = true;
    }
  }

  /** REPLCONF rdb-only. */
  void onlyDataFile(Session session, boolean only) {
    of(session).onlyDataFile = only;
  }

  /** REPLCONF ACK. */
  void acknowledged(Session session, long offset) {
    Replica replica = replicas.get(session);
    if (replica == null || !replica.counts()) {
      return;
    }
    replica.acknowledgedOffset = Math.max(replica.acknowledgedOffset, offset);
    replica.acknowledgedMs = nowMs();
    if (!upstream.isReplica()) {
      tail.acknowledged(offset);
    }
    if (replica.streamsOnAcknowledgement && replica.isOnline()) {
      replica.streamsOnAcknowledgement = false;
      scheduleFlush();
    }
    waiting.acknowledged();
  }

  // ---- PSYNC and SYNC

  /**
   * Serves PSYNC.
   *
   * @param id 40 hexadecimal digits, or {@code ?} to ask for everything
   */
  void psync(Session session, String id, long offset) {
    Replica replica = of(session);
    log().notice("Replica " + replica.name() + " asks for synchronization");
    if (continues(replica, id, offset)) {
      counters.partialSyncs++;
      return;
    }
    if (!id.startsWith("?")) {
      counters.partialSyncsRefused++;
    }
    synchronizeFully(replica);
  }

  /** Serves SYNC, of a replica or tool that knows no PSYNC. */
  void sync(Session session) {
    Replica replica = of(session);
    log().notice("Replica " + replica.name() + " asks for synchronization");
    replica.isOld = true;
    synchronizeFully(replica);
  }

  private boolean continues(Replica replica, String id, long offset) {
    boolean firstId = id.equalsIgnoreCase(stream.id());
    boolean secondId = id.equalsIgnoreCase(stream.secondId());
    if (!firstId && (!secondId || offset > stream.secondIdLimit())) {
      logForeignHistory(replica, id, offset, secondId);
      return false;
    }
    if (!stream.covers(offset)) {
      log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "Unable to partial resync with replica %s for lack of backlog (Replica request"
                      + " was: %d).",
                  replica.name(),
                  offset));
      if (offset > stream.offset()) {
        log()
            .warning(
                String.format(
                    Locale.ROOT,
                    "Warning: replica %s tried to PSYNC with an offset that is greater than the"
                        + " master replication offset.",
                    replica.name()));
      }
      return false;
    }
    replica.state = Replica.State.ONLINE;
    replica.acknowledgedMs = nowMs();
    boolean late =
        settings.plantedBug == PlantedBug.BACKLOG_OFF_BY_ONE && offset <= stream.offset();
    replica.cursor = stream.cursorAt(late ? offset + 1 : offset);
    replica.catchesUp = true;
    cursorsChanged();
    say(replica, replica.takesNewIds ? "+CONTINUE " + stream.id() : "+CONTINUE");
    if (!upstream.isReplica()) {
      tail.acknowledged(offset - 1);
    }
    long bytes = stream.offset() + 1 - offset;
    feed(replica);
    log()
        .notice(
            String.format(
                Locale.ROOT,
                "Partial resynchronization request from %s accepted. Sending %d bytes of backlog"
                    + " starting from offset %d.",
                replica.name(),
                bytes,
                offset));
    return true;
  }

  private void logForeignHistory(Replica replica, String id, long offset, boolean secondId) {
    if (id.startsWith("?")) {
      log().notice("Full resync requested by replica " + replica.name());
    } else if (secondId) {
      log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "Partial resynchronization not accepted: Requested offset for second ID was %d,"
                      + " but I can reply up to %d",
                  offset,
                  stream.secondIdLimit()));
    } else {
      log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "Partial resynchronization not accepted: Replication ID mismatch (Replica asked"
                      + " for '%s', my replication IDs are '%s' and '%s')",
                  id,
                  stream.id(),
                  stream.secondId()));
    }
  }

  private void synchronizeFully(Replica replica) {
    counters.fullSyncs++;
    replica.state = Replica.State.WAITING_FOR_SNAPSHOT;
    replica.askedMs = nowMs();
    replica.lastProgressMs = nowMs();
    if (!stream.isActive() && !upstream.isReplica()) {
      // What the old id stood for was not recorded: no one may go on from there.
      stream.newHistory(Ids.random(env.entropy()));
      stream.activate();
      tail.promoted();
      log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "Replication backlog created, my new replication IDs are '%s' and '%s'",
                  stream.id(),
                  stream.secondId()));
    } else if (!stream.isActive()) {
      stream.activate();
    }
    fullSync.asked(replica);
  }

  /** Sends a line that stands before the stream. */
  static void say(Replica replica, String line) {
    replica
        .session()
        .connection()
        .output()
        .write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    replica.session().flush();
  }

  // ---- the stream

  private void appended() {
    if (!replicas.isEmpty()) {
      scheduleFlush();
    }
  }

  void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      env.timers().schedule(0, this::flushAll);
    }
  }

  private void flushAll() {
    flushScheduled = false;
    for (Replica replica : List.copyOf(replicas.values())) {
      feed(replica);
    }
    cursorsChanged();
    spill.check();
    boundGrowth();
  }

  /**
   * Hands an online replica what the stream has for it, a little ahead of what it takes: the rest
   * waits in the backlog, which may be on disk.
   */
  private void feed(Replica replica) {
    if (!replica.counts()) {
      return;
    }
    OutputBuffer output = replica.session().connection().output();
    if (replica.isOnline() && !replica.streamsOnAcknowledgement && !replica.readsFile) {
      long room = FED_AHEAD_BYTES - output.pendingBytes();
      if (room > 0) {
        replica.cursor.drainTo(output, room);
      }
      if (output.pendingBytes() < FED_AHEAD_BYTES && replica.cursor.file() != null) {
        feedFromFile(replica);
      }
    }
    replica.session().pushed();
  }

  private void feedFromFile(Replica replica) {
    replica.readsFile = true;
    spill.read(
        replica.cursor.file(),
        (bytes, failure) -> {
          replica.readsFile = false;
          if (replicas.get(replica.session()) != replica) {
            return;
          }
          if (failure != null) {
            drop(replica, "backlog-file-unreadable", failure.getMessage());
            return;
          }
          replica.cursor.feed(replica.session().connection().output(), bytes);
          replica.session().pushed();
          scheduleFlush();
        });
  }

  /** All that was handed to {@code replica} is on its way. */
  void drained(Replica replica) {
    if (replica.heldBytes() < FED_AHEAD_BYTES && !replica.streamsOnAcknowledgement) {
      replica.catchesUp = false;
    }
    if (replica.heldBytes() > 0) {
      scheduleFlush();
    }
  }

  /** Says from where on the stream is needed. */
  void cursorsChanged() {
    long needed = fullSync.neededFrom();
    for (Replica replica : replicas.values()) {
      if (replica.cursor != null) {
        needed = Math.min(needed, replica.cursor.offset());
      }
    }
    stream.keepFrom(needed);
  }

  /** Lets go of the replica that is furthest behind when the backlog can grow no further. */
  private void boundGrowth() {
    double growth = growth();
    if (growth > 0.5) {
      brake.check();
    }
    Replica last = growth > 1 ? furthestBehind() : null;
    if (last != null) {
      drop(
          last,
          spill.fullness() > 1 ? "backlog-memory" : "backlog-limit",
          String.format(
              Locale.ROOT,
              "the backlog that it needs has grown to %d bytes, %d of them in memory",
              stream.historyLength(),
              stream.memoryBytes()));
    }
  }

  /** How far the backlog has grown, as part of what it may; above 1 somebody has to go. */
  private double growth() {
    double limit = Math.max(settings.backlogLimitBytes, stream.backlogBytes());
    double length = stream.historyLength() - stream.backlogBytes();
    return Math.max(length / limit, spill.fullness());
  }

  private Replica furthestBehind() {
    Replica last = null;
    for (Replica replica : replicas.values()) {
      boolean behind = replica.cursor != null && replica.cursor.offset() <= stream.offset();
      if (behind && (last == null || replica.cursor.offset() < last.cursor.offset())) {
        last = replica;
      }
    }
    return last;
  }

  boolean streamsTo(Replica replica) {
    return fullSync.streamsTo(replica);
  }

  private void drop(Replica replica, String reason, String explanation) {
    counters.droppedReplicas++;
    counters.lastDroppedReplica =
        String.format(
            Locale.ROOT,
            "ip=%s,port=%d,state=%s,reason=%s",
            replica.address(),
            replica.listeningPort,
            replica.state.wireName(),
            reason);
    log()
        .warning(
            String.format(
                Locale.ROOT,
                "Replica %s is dropped (%s): %s.",
                replica.name(),
                reason,
                explanation));
    replica.session().close(reason);
  }

  /** Has all replicas asked how far they are, once at the end of this turn of the loop. */
  void wantAcknowledgements() {
    if (!acknowledgementsWanted) {
      acknowledgementsWanted = true;
      env.timers()
          .schedule(
              0,
              () -> {
                acknowledgementsWanted = false;
                propagation.control("REPLCONF", "GETACK", "*");
              });
    }
  }

  /** How many online replicas have acknowledged {@code offset}. */
  int acknowledgedBy(long offset) {
    int count = 0;
    for (Replica replica : replicas.values()) {
      count += replica.isOnline() && replica.acknowledgedOffset >= offset ? 1 : 0;
    }
    return count;
  }

  // ---- replicas come and go

  /**
   * A snapshot has been sent to {@code replica}: it gets the stream from the snapshot's offset on.
   */
  void putOnline(Replica replica, boolean afterAcknowledgement) {
    if (replica.onlyDataFile) {
      replica.state = Replica.State.HAS_DATA_FILE;
      log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "RDB transfer completed, rdb only replica (%s) should be disconnected asap",
                  replica.name()));
      replica.session().closeAfterReply("only the data file was asked for");
      return;
    }
    replica.state = Replica.State.ONLINE;
    replica.acknowledgedMs = nowMs();
    replica.streamsOnAcknowledgement = afterAcknowledgement;
    log()
        .notice(
            String.format(
                Locale.ROOT, "Synchronization with replica %s succeeded", replica.name()));
    feed(replica);
  }

  /** The connection of a replica is gone. */
  void lost(Replica replica) {
    replicas.remove(replica.session());
    if (!replica.counts()) {
      return;
    }
    log().notice(String.format(Locale.ROOT, "Connection with replica %s lost.", replica.name()));
    fullSync.lost(replica);
    cursorsChanged();
    if (replicaCount() == 0) {
      noReplicasSinceMs = nowMs();
    }
    waiting.acknowledged();
  }

  /** Closes the connections of all replicas: they come back and learn what has changed. */
  public void disconnectAll(String reason) {
    for (Replica replica : replicas()) {
      replica.session().close(reason);
    }
  }

  /**
   * The time without replicas is counted from now on: a new primary waits for those of the old one.
   */
  void restartBacklogTtl() {
    noReplicasSinceMs = nowMs();
  }

  // ---- the clockwork

  private void tick() {
    timer = env.timers().schedule(1000, this::tick);
    if (!upstream.isReplica()) {
      tail.mark();
    }
    if (loops++ % Math.max(1, settings.pingPeriodSeconds) == 0
        && !upstream.isReplica()
        && replicaCount() > 0
        && pingGate.mayPing()) {
      propagation.control("PING");
    }
    for (Replica replica : replicas()) {
      keepAlive(replica);
      dropIfSilent(replica);
    }
    giveUpBacklog();
    fullSync.startIfDue();
  }

  /** While it waits for a snapshot, a replica hears an empty line a second. */
  private void keepAlive(Replica replica) {
    if (replica.state == Replica.State.WAITING_FOR_SNAPSHOT
        || replica.state == Replica.State.SNAPSHOT_RUNS && !fullSync.streamsTo(replica)) {
      replica.session().connection().output().write((byte) '\n');
      replica.session().flush();
    }
  }

  private void dropIfSilent(Replica replica) {
    long timeoutMs = settings.timeoutSeconds * 1000L;
    if (replica.isOnline() && !replica.isOld && nowMs() - replica.lastHeardMs() > timeoutMs) {
      log().warning("Disconnecting timedout replica (streaming sync): " + replica.name());
      replica.session().close("replica timeout");
    } else if (fullSync.streamsTo(replica)
        && replica.session().connection().output().pendingBytes() > 0
        && nowMs() - replica.lastProgressMs > timeoutMs) {
      log().warning("Disconnecting timedout replica (full sync): " + replica.name());
      replica.session().close("replica timeout");
    }
  }

  private void giveUpBacklog() {
    if (replicaCount() > 0
        || settings.backlogTtlSeconds == 0
        || !stream.isActive()
        || upstream.isReplica()
        || (nowMs() - noReplicasSinceMs) / 1000 <= settings.backlogTtlSeconds) {
      return;
    }
    // From here on effects are not counted: under the same id the offset would come to mean two
    // things.
    stream.newHistory(Ids.random(env.entropy()));
    stream.deactivate();
    log()
        .notice(
            String.format(
                Locale.ROOT,
                "Replication backlog freed after %d seconds without connected replicas.",
                settings.backlogTtlSeconds));
  }

  // ---- guards and figures

  /** Online replicas that were heard of within {@code min-replicas-max-lag}. */
  public int goodReplicas() {
    int good = 0;
    for (Replica replica : replicas.values()) {
      if (replica.isOnline() && lagSeconds(replica) <= settings.minReplicasMaxLagSeconds) {
        good++;
      }
    }
    return good;
  }

  /** False when writes must be refused: NOREPLICAS. */
  public boolean hasEnoughReplicas() {
    return upstream.isReplica()
        || settings.minReplicasToWrite == 0
        || settings.minReplicasMaxLagSeconds == 0
        || goodReplicas() >= settings.minReplicasToWrite;
  }

  /** True when every replica has acknowledged all of the stream, or there is none. */
  public boolean replicasInSync() {
    return replicas().stream().allMatch(replica -> replica.acknowledgedOffset == stream.offset());
  }

  /** Asks every replica how far it is, before the node ends. */
  public void askReplicas() {
    wantAcknowledgements();
  }

  /** Writes a log line for each replica that lags as the node ends, and one with the sum. */
  public void reportReplicasAtEnd() {
    List<Replica> all = replicas();
    int lagging = 0;
    for (Replica replica : all) {
      if (replica.acknowledgedOffset != stream.offset()) {
        lagging++;
        log()
            .warning(
                String.format(
                    Locale.ROOT,
                    "Lagging replica %s reported offset %d behind master, lag=%d, state=%s.",
                    replica.name(),
                    stream.offset() - replica.acknowledgedOffset,
                    lagSeconds(replica),
                    replica.state.wireName()));
      }
    }
    if (!all.isEmpty()) {
      log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "%d of %d replicas are in sync when shutting down.",
                  all.size() - lagging,
                  all.size()));
    }
  }

  /** Seconds since {@code replica} was last heard of; 0 unless it is online. */
  long lagSeconds(Replica replica) {
    return replica.isOnline() ? nowMs() / 1000 - replica.lastHeardMs() / 1000 : 0;
  }

  private io.vigil.core.env.Log log() {
    return env.log();
  }
}
