package io.vigil.core.replication;

import io.vigil.core.env.Env;
import io.vigil.core.env.Log;
import io.vigil.core.env.Timers.Timer;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.store.DataSet;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.session.CommandRunner;
import io.vigil.core.session.Session;
import io.vigil.core.session.Sessions;
import java.util.Locale;

/**
 * What a node does as a replica: keeps a link to its primary, whatever happens to it.
 *
 * <pre>
 *   NONE ---REPLICAOF---> CONNECT --> CONNECTING --> HANDSHAKE --+--CONTINUE---> CONNECTED
 *     ^                    ^  |             |            |       |                  |
 *     |                    |  '--1 s--------'------------'       '-FULLRESYNC-> TRANSFER
 *     '--REPLICAOF NO ONE  '------------------ link lost ---------------------------'
 * </pre>
 *
 * <p>The history: while the node is a replica, {@link ReplicationStream#id} is its primary's id and
 * {@link ReplicationStream#offset} is what it has applied. They say from where on it can go on,
 * after a lost link and, since a primary turned replica keeps its own, after a change of roles. New
 * data replace the old in one step at the end of a load; a load that fails leaves data and history
 * as they were.
 */
public final class ReplicaSide implements PrimarySide.Upstream {
  private static final int RECONNECT_CHECK_MS = 1000;

  final Env env;
  final ReplicationStream stream;
  final ReplicationSettings settings;
  final ReplicationCounters counters;
  final Persistence persistence;
  final DataSet dataSet;
  final LoadState loadState;
  final Sessions sessions;
  final CommandRunner runner;
  private PrimarySide primarySide;
  private RoleChange roleChange = () -> {};
  private HandshakeObserver handshakeObserver = HandshakeObserver.NONE;
  private String host;
  private int port;
  private LinkState state = LinkState.NONE;
  private PrimaryLink link;
  private boolean resumable;

  /** The database that the primary's stream had selected when the link was lost. */
  private int database;

  private long downSinceMs = -1;
  private RefusedSync refusedSync = RefusedSync.NONE;

  /** The ids held when the link to this address was last up; null since the last order. */
  private String heldId;

  private String heldSecondId;

  /** The last attempt found no room for two data sets: the next payload goes to disk. */
  private boolean needsDisk;

  private final LostTail tail;
  private Runnable replacing = () -> {};
  private final Backoff backoff = new Backoff();
  private Timer timer;

  /** States of the link to the primary; ROLE shows Redis's words. */
  public enum LinkState {
    /** This node is a primary. */
    NONE("none"),
    /** A connection is to be made. */
    CONNECT("connect"),
    /** A connection is being made. */
    CONNECTING("connecting"),
    /** Both sides say who they are. */
    HANDSHAKE("handshake"),
    /** The primary's data set arrives, or is being loaded. */
    TRANSFER("sync"),
    /** The stream is being applied. */
    CONNECTED("connected");

    private final String wireName;

    LinkState(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /** Why this replica keeps its data instead of its primary's; INFO shows the words. */
  enum RefusedSync {
    NONE("none"),
    /** The primary came back without any data, and with a history unrelated to ours. */
    EMPTY_PRIMARY("empty-primary"),
    /** There is no memory for both data sets, or no disk for one of them. */
    NO_ROOM("no-room");

    private final String wireName;

    RefusedSync(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }
  }

  /** Hears when the node becomes a primary, or the replica of another node than before. */
  @FunctionalInterface
  public interface RoleChange {
    void changed();
  }

  /** A coordinated failover follows the handshake with the node that takes over. */
  interface HandshakeObserver {
    HandshakeObserver NONE =
        new HandshakeObserver() {
          @Override
          public boolean takesOver() {
            return false;
          }

          @Override
          public boolean answered(boolean accepted) {
            return true;
          }
        };

    /** True when the PSYNC about to be sent asks its receiver to take over. */
    boolean takesOver();

    /** The answer to it; false when the handshake must not go on. */
    boolean answered(boolean accepted);
  }

  public ReplicaSide(
      Env env,
      ReplicationStream stream,
      ReplicationSettings settings,
      ReplicationCounters counters,
      Persistence persistence,
      DataSet dataSet,
      LoadState loadState,
      Sessions sessions,
      CommandRunner runner) {
    this.env = env;
    this.stream = stream;
    this.settings = settings;
    this.counters = counters;
    this.persistence = persistence;
    this.dataSet = dataSet;
    this.loadState = loadState;
    this.sessions = sessions;
    this.runner = runner;
    this.tail = new LostTail(env, stream, settings);
  }

  /** Binds the other side of this node; once, before {@link #start}. */
  public void primarySide(PrimarySide side) {
    primarySide = side;
    side.tail(tail);
  }

  LostTail tail() {
    return tail;
  }

  PrimarySide primarySide() {
    return primarySide;
  }

  public void onRoleChange(RoleChange action) {
    roleChange = action;
  }

  /** Calls {@code action} right before and right after other data take the place of all data. */
  public void onReplacement(Runnable action) {
    replacing = action;
  }

  void handshakeObserver(HandshakeObserver observer) {
    handshakeObserver = observer;
  }

  HandshakeObserver handshakeObserver() {
    return handshakeObserver;
  }

  /** Starts the clockwork, and connects when a primary is configured. */
  public void start() {
    timer = env.timers().schedule(RECONNECT_CHECK_MS, this::tick);
    if (state == LinkState.CONNECT) {
      env.log().notice("Connecting to MASTER " + host + ":" + port);
      connect();
    }
  }

  /** Stops the clockwork and lets go of the link. */
  public void stop() {
    if (timer != null) {
      timer.cancel();
    }
    dropLink("shutdown");
  }

  // ---- the role

  /** Configures a primary before the start: {@code replicaof} in the configuration. */
  public void configure(String primaryHost, int primaryPort) {
    host = primaryHost;
    port = primaryPort;
    state = LinkState.CONNECT;
    downSinceMs = -1;
  }

  /**
   * Says that the data loaded at the start are those of a history up to {@code offset}: the link
   * tries to go on from there.
   *
   * @param selectedDatabase the database selected in the stream at that offset
   */
  public void resumeFrom(String id, long offset, int selectedDatabase) {
    stream.restoreIds(id, ReplicationStream.NO_ID, -1);
    stream.resumeAt(offset);
    database = selectedDatabase;
    resumable = true;
  }

  /** Becomes a replica of another node. The data stay until that node's have arrived whole. */
  public void follow(String primaryHost, int primaryPort) {
    boolean wasPrimary = host == null;
    // The host is set last: losing the old link must not start a connection to the old host.
    host = null;
    dropLink("REPLICAOF");
    forgetAttempts();
    host = primaryHost;
    port = primaryPort;
    if (wasPrimary) {
      env.log()
          .notice(
              "Before turning into a replica, using my own master parameters to synthesize a cached"
                  + " master: I may be able to synchronize with the new master with just a partial"
                  + " transfer.");
      tail.demoted();
      resumable = true;
      database = 0;
      stream.database(ReplicationStream.NO_DATABASE);
    }
    roleChange.changed();
    downSinceMs = downSinceMs < 0 ? nowMs() : downSinceMs;
    state = LinkState.CONNECT;
    env.log().notice("Connecting to MASTER " + host + ":" + port);
    connect();
  }

  private void forgetAttempts() {
    backoff.clear();
    heldId = null;
    needsDisk = false;
    refusedSync = RefusedSync.NONE;
  }

  /**
   * An order to follow the node that is followed already. It says that this node's data are wanted,
   * whatever they are.
   */
  void orderedAgain() {
    if (isConnected()) {
      return;
    }
    boolean refused = refusedSync != RefusedSync.NONE;
    forgetAttempts();
    if (refused && link == null) {
      env.log().notice("Connecting to MASTER " + host + ":" + port);
      connect();
    }
  }

  /**
   * Becomes a primary: the history goes on under a new id, and the replicas come back to hear of
   * it.
   */
  public void lead() {
    if (host == null) {
      return;
    }
    host = null;
    dropLink("REPLICAOF NO ONE");
    forgetAttempts();
    resumable = false;
    tail.promoted();
    stream.takeOver(Ids.random(env.entropy()));
    env.log()
        .warning(
            String.format(
                Locale.ROOT,
                "Setting secondary replication ID to %s, valid up to offset: %d. New replication ID"
                    + " is %s",
                stream.secondId(),
                stream.secondIdLimit(),
                stream.id()));
    state = LinkState.NONE;
    primarySide.disconnectAll("the replication id has changed");
    stream.database(ReplicationStream.NO_DATABASE);
    primarySide.restartBacklogTtl();
    downSinceMs = -1;
    roleChange.changed();
  }

  @Override
  public boolean isReplica() {
    return host != null;
  }

  @Override
  public boolean isConnected() {
    return state == LinkState.CONNECTED;
  }

  /** True while what clients read may be old: {@code replica-serve-stale-data} decides. */
  public boolean isStale() {
    return host != null && state != LinkState.CONNECTED;
  }

  /** The primary's host as it was given, or null on a primary. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public LinkState state() {
    return state;
  }

  PrimaryLink link() {
    return link;
  }

  /** True when the history at hand may be gone on with. */
  boolean isResumable() {
    return resumable;
  }

  /** Seconds for which the link has been down; -1 when it never was up. */
  long downSeconds() {
    return downSinceMs < 0 ? -1 : (nowMs() - downSinceMs) / 1000;
  }

  /**
   * What this node has applied of its primary's stream; 0 when it is no replica or knows no
   * history.
   */
  public long appliedOffset() {
    return host != null && (resumable || isConnected()) ? stream.offset() : 0;
  }

  /** The database selected in the primary's stream; -1 when that is not known. */
  public int streamDatabase() {
    if (isConnected()) {
      return link.database();
    }
    return resumable ? database : -1;
  }

  long nowMs() {
    return env.clock().monotonicMs();
  }

  // ---- the link

  private void connect() {
    env.log().notice("MASTER <-> REPLICA sync started");
    link = new PrimaryLink(this, database);
    state = LinkState.CONNECTING;
    link.connect(host, port);
  }

  void enter(PrimaryLink from, LinkState next) {
    if (from == link) {
      state = next;
    }
  }

  /** The link is up and the stream is being applied. */
  void connected(PrimaryLink from) {
    if (from == link) {
      state = LinkState.CONNECTED;
      resumable = true;
      downSinceMs = -1;
      heldId = stream.id();
      heldSecondId = stream.secondId();
      needsDisk = false;
      refusedSync = RefusedSync.NONE;
      tail.continued();
    }
  }

  /**
   * A link has ended by itself.
   *
   * @param retry whether to connect again at once rather than at the next tick
   */
  void lost(PrimaryLink from, boolean retry) {
    if (from != link) {
      return;
    }
    boolean wasConnected = state == LinkState.CONNECTED;
    database = link.database();
    link = null;
    state = host == null ? LinkState.NONE : LinkState.CONNECT;
    if (wasConnected) {
      env.log().notice("Connection with master lost.");
      env.log().notice("Caching the disconnected master state.");
      downSinceMs = nowMs();
    }
    if (host != null && (wasConnected || retry) && backoff.mayTry(nowMs())) {
      env.log()
          .notice(
              "Reconnecting to MASTER "
                  + host
                  + ":"
                  + port
                  + (wasConnected ? "" : " after failure"));
      connect();
    }
  }

  /**
   * The primary's stream can be neither parsed nor applied further. The data may hold part of the
   * command that failed, so they no longer are what their id and offset say: they get an id of
   * their own until a full synchronisation has replaced them.
   */
  void streamFailed(String reason) {
    counters.streamFailures++;
    long delayMs = backoff.failed(nowMs());
    env.log()
        .warning(
            String.format(
                Locale.ROOT,
                "The stream of the master cannot be applied after offset %d: %s. A full"
                    + " synchronization is asked for in %d ms.",
                stream.offset(),
                reason,
                delayMs));
    stream.newHistory(Ids.random(env.entropy()));
    link.fail(false);
    resumable = false;
  }

  /** Ends the current link, if any, without connecting again. */
  private void dropLink(String reason) {
    if (link == null) {
      return;
    }
    PrimaryLink old = link;
    database = old.database();
    if (state == LinkState.CONNECTED) {
      env.log().notice("Connection with master lost.");
      env.log().notice("Caching the disconnected master state.");
      downSinceMs = nowMs();
    }
    link = null;
    state = host == null ? LinkState.NONE : LinkState.CONNECT;
    old.abandon(reason);
  }

  /** The primary serves another history: nothing at hand may be gone on with. */
  void newHistoryBegins(String id, long offset) {
    resumable = false;
    primarySide.disconnectAll("a full synchronization replaces the data");
    stream.follow(id, offset);
  }

  // ---- data of a full synchronisation

  /**
   * Judges data that have arrived whole: a primary that lost everything, and is still at its
   * address, must not take the last copy with it. Only an order to follow it says otherwise.
   */
  boolean refuses(String offeredId, long keys) {
    boolean unrelated =
        heldId != null
            && !offeredId.equals(ReplicationStream.NO_ID)
            && !offeredId.equals(heldId)
            && !offeredId.equals(heldSecondId);
    if (keys > 0 || !unrelated || dataSet.isEmpty()) {
      return false;
    }
    refusedSync = RefusedSync.EMPTY_PRIMARY;
    long delayMs = backoff.failed(nowMs());
    env.log()
        .warning(
            String.format(
                Locale.ROOT,
                "Full synchronization refused: the master %s:%d came back empty, with a history"
                    + " (%s) unrelated to ours (%s), and this replica holds %d keys. They are kept"
                    + " and served as stale; REPLICAOF %s %d gives them up. Next attempt in %d ms.",
                host,
                port,
                offeredId,
                heldId,
                dataSet.size(),
                host,
                port,
                delayMs));
    return true;
  }

  /** The primary offers data of another history, in whose place ours have to go. */
  void fullSyncOffered() {
    tail.discarded();
  }

  /** The new data take the place of the old; only once {@link LostTail#whenKept} says so. */
  void commit(DataSet.Loading loading) {
    replacing.run();
    loading.commit();
    replacing.run();
  }

  /** Forgets all data and their history, to make room for data that have been checked. */
  void dropData() {
    replacing.run();
    dataSet.drop();
    resumable = false;
    heldId = null;
    stream.newHistory(Ids.random(env.entropy()));
    primarySide.disconnectAll("a full synchronization replaces the data");
  }

  /** Two data sets do not fit, and what has been parsed cannot be read again. */
  void noRoomForBoth() {
    needsDisk = true;
    env.log()
        .warning(
            "MASTER <-> REPLICA sync: no memory for the new data beside the old; the next attempt"
                + " receives them to disk");
  }

  /** True when a payload must go to disk, whatever the configuration prefers. */
  boolean needsDisk() {
    return needsDisk;
  }

  /** A payload could not be written or loaded. */
  void payloadFailed(Exception failure) {
    boolean noRoom = failure instanceof RdbException rdb && rdb.kind() == RdbException.Kind.NO_ROOM;
    boolean noDisk = needsDisk && !(failure instanceof RdbException);
    long delayMs = backoff.failed(nowMs());
    if (noDisk) {
      env.log()
          .warning(
              "Full synchronization refused: there is no memory for the new data beside the old,"
                  + " and they cannot be written to disk ("
                  + failure.getMessage()
                  + "). The old data are kept; repl-diskless-load disabled or more memory helps."
                  + " Next attempt in "
                  + delayMs
                  + " ms.");
    }
    if (noDisk || noRoom) {
      refusedSync = RefusedSync.NO_ROOM;
    }
  }

  /** Why the last full synchronisation was refused. */
  RefusedSync refusedSync() {
    return refusedSync;
  }

  /** The primary goes on with our history under a new id. */
  void historyRenamed(String id) {
    env.log().warning("Master replication ID changed to " + id);
    stream.restoreIds(id, stream.id(), stream.offset() + 1);
    primarySide.disconnectAll("the replication id has changed");
  }

  /** Sends what has been applied to the primary; no effect while the link is not up. */
  public void sendAcknowledgement() {
    if (isConnected()) {
      link.sendAcknowledgement();
    }
  }

  private void tick() {
    timer = env.timers().schedule(RECONNECT_CHECK_MS, this::tick);
    if (link != null && link.isSilentFor(settings.timeoutSeconds)) {
      timedOut();
    }
    if (state == LinkState.CONNECT && backoff.mayTry(nowMs())) {
      env.log().notice("Connecting to MASTER " + host + ":" + port);
      connect();
    } else if (link != null) {
      link.tick();
    }
  }

  private void timedOut() {
    PrimaryLink silent = link;
    switch (state) {
      case CONNECTING, HANDSHAKE -> env.log().warning("Timeout connecting to the MASTER...");
      case TRANSFER ->
          env.log()
              .warning(
                  "Timeout receiving bulk data from MASTER... If the problem persists try to set"
                      + " the 'repl-timeout' parameter in redis.conf to a larger value.");
      default -> env.log().warning("MASTER timeout: no data nor PING received...");
    }
    silent.fail(true);
  }

  /** The session of the link, while the stream is being applied; else null. */
  public Session session() {
    return isConnected() ? link.session() : null;
  }

  Log log() {
    return env.log();
  }
}
