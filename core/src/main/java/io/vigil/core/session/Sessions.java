package io.vigil.core.session;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.Quote;
import io.vigil.core.env.Clock;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Log;
import io.vigil.core.env.Timers;
import io.vigil.core.resp.ProtocolError;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** All clients of a node, in the order in which they connected, and what they share. */
public final class Sessions {
  private static final byte[] TOO_MANY = bytes("-ERR max number of clients reached\r\n");
  private static final int LOGGED_QUERY_BYTES = 64;

  private final Clock clock;
  private final Timers timers;
  private final Log log;
  private final SessionLimits limits = new SessionLimits();
  private final SessionCounters counters = new SessionCounters();
  private final Watches watches = new Watches();
  private final ClientPause pause;
  private final DelayedWriters delayedWriters = new DelayedWriters();
  private final Arguments arguments = new Arguments();
  private final ReplyWriter discarding = new ReplyWriter(OutputBuffer.discarding());
  private final MisdirectedReplies misdirected;
  private final List<Departure> departures = new ArrayList<>();
  private final int[] blockedByReason = new int[BlockedReason.values().length];
  private int blockedWithTimeout;
  private Consumer<Command> cutShortListener = command -> {};
  private CommandRunner runner;
  private ReplyWriter.ErrorListener errorListener = _ -> {};
  private Session first;
  private Session last;
  private int count;
  private long nextId = 1;

  /** Told when a client is gone, to forget it. */
  @FunctionalInterface
  public interface Departure {
    void left(Session session);
  }

  public Sessions(Clock clock, Timers timers, Log log) {
    this.clock = clock;
    this.timers = timers;
    this.log = log;
    this.misdirected = new MisdirectedReplies(log, clock);
    this.pause = new ClientPause(clock, timers);
  }

  /** Replies that commands of a replica of ours made. */
  MisdirectedReplies misdirected() {
    return misdirected;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Says who runs commands; once, before the first connection. */
  public void runner(CommandRunner value) {
    runner = value;
  }

  /** Says who counts the errors that clients are answered; once, before the first connection. */
  public void onError(ReplyWriter.ErrorListener listener) {
    errorListener = listener;
    misdirected.writer().onError(listener);
    discarding.onError(listener);
  }

  /** Says who is told of commands whose wait another client ends; once. */
  public void onCutShort(Consumer<Command> listener) {
    cutShortListener = listener;
  }

  /** Tells that the wait of a command has been ended by another client. */
  public void cutShort(Command command) {
    cutShortListener.accept(command);
  }

  /** Adds one to be told when a client is gone. */
  public void onDeparture(Departure departure) {
    departures.add(departure);
  }

  /**
   * Takes a new connection, or refuses it with an error: too many clients, or protected mode. Null
   * when it was refused.
   */
  public ConnectionEvents accept(Connection connection) {
    if (count >= limits.maxClients) {
      return refuse(connection, TOO_MANY);
    }
    if (limits.protectedMode && limits.password.isEmpty() && !isLocal(connection)) {
      return refuse(connection, bytes(ProtectedMode.REFUSAL));
    }
    counters.connectionsReceived++;
    if (limits.keepAliveSeconds > 0 && !connection.isUnixSocket()) {
      connection.keepAlive(limits.keepAliveSeconds);
    }
    return open(connection);
  }

  private ConnectionEvents refuse(Connection connection, byte[] text) {
    counters.connectionsRejected++;
    connection.output().write(text);
    connection.flush();
    return null;
  }

  /** True for a unix socket and for a connection over the loopback device. */
  public static boolean isLocal(Connection connection) {
    String address = connection.remoteAddress();
    return connection.isUnixSocket()
        || address.startsWith("127.")
        || address.startsWith("[::1]")
        || address.startsWith("::1");
  }

  /**
   * Makes a session of a connection without asking any limit: the link to our primary, or a loader.
   */
  public Session open(Connection connection) {
    ReplyWriter writer = new ReplyWriter(connection.output());
    writer.onError(errorListener);
    Session session = new Session(this, nextId++, connection, writer, clock.monotonicMs());
    session.authenticated(limits.password.isEmpty());
    session.previous = last;
    if (last == null) {
      first = session;
    } else {
      last.next = session;
    }
    last = session;
    count++;
    return session;
  }

  void leave(Session session, String reason) {
    if (session.previous == null) {
      first = session.next;
    } else {
      session.previous.next = session.next;
    }
    if (session.next == null) {
      last = session.previous;
    } else {
      session.next.previous = session.previous;
    }
    count--;
    long sent = session.connection().output().consumedBytes();
    if (session.isReplicationLink()) {
      counters.departedReplicationOutputBytes += sent;
    } else {
      counters.departedOutputBytes += sent;
    }
    session.release(reason);
    for (Departure departure : departures) {
      departure.left(session);
    }
  }

  /** Calls {@code visitor} for every client; the one it is called for may be closed meanwhile. */
  public void forEach(Consumer<Session> visitor) {
    Session session = first;
    while (session != null) {
      Session following = session.next;
      visitor.accept(session);
      session = following;
    }
  }

  /** The client with this id, or null. */
  public Session byId(long id) {
    for (Session session = first; session != null; session = session.next) {
      if (session.id() == id) {
        return session;
      }
    }
    return null;
  }

  public int count() {
    return count;
  }

  public SessionLimits limits() {
    return limits;
  }

  public SessionCounters counters() {
    return counters;
  }

  public Watches watches() {
    return watches;
  }

  public ClientPause pause() {
    return pause;
  }

  /** Clients whose writes wait for the open snapshot. */
  public DelayedWriters delayedWriters() {
    return delayedWriters;
  }

  /** Clients that wait for {@code reason}. */
  public int blockedCount(BlockedReason reason) {
    return blockedByReason[reason.ordinal()];
  }

  void countBlocked(BlockedReason reason, int change) {
    blockedByReason[reason.ordinal()] += change;
  }

  /** Clients that wait and will be given up by a timer. */
  public int blockedWithTimeout() {
    return blockedWithTimeout;
  }

  void countBlockedWithTimeout(int change) {
    blockedWithTimeout += change;
  }

  void countInput(Session session, int bytes) {
    counters.reads++;
    if (session.isReplicationLink()) {
      counters.replicationInputBytes += bytes;
    } else {
      counters.inputBytes += bytes;
    }
  }

  /** Bytes sent so far, to replicas and our primary or to everyone else. */
  public long outputBytes(boolean replication) {
    long total =
        replication ? counters.departedReplicationOutputBytes : counters.departedOutputBytes;
    for (Session session = first; session != null; session = session.next) {
      if (session.isReplicationLink() == replication) {
        total += session.connection().output().consumedBytes();
      }
    }
    return total;
  }

  CommandRunner runner() {
    return runner;
  }

  Arguments arguments() {
    return arguments;
  }

  ReplyWriter discardingWriter(int protocol) {
    discarding.protocol(protocol);
    return discarding;
  }

  Timers timers() {
    return timers;
  }

  long nowMs() {
    return clock.monotonicMs();
  }

  void nextTurn(Runnable action) {
    timers.schedule(0, action);
  }

  /** One regular look at a client: timeouts and limits. */
  public void inspect(Session session) {
    long idleMs = nowMs() - session.lastInteractionMs();
    if (limits.idleTimeoutSeconds > 0
        && idleMs / 1000 > limits.idleTimeoutSeconds
        && session.type() == ClientType.NORMAL
        && !session.isBlocked()) {
      log.verbose("Closing idle client");
      session.close("idle");
      return;
    }
    session.checkOutputLimits(false);
  }

  // ---- what is said when a client is cut

  void outputExceeded(Session session, boolean async) {
    String line = ClientLine.of(session, nowMs());
    log.warning(
        "Client "
            + line
            + (async ? " scheduled to be closed ASAP" : " closed")
            + " for overcoming of output buffer limits.");
    counters.outputLimitDisconnections++;
    session.close("output buffer limit");
  }

  void queryBufferExceeded(Session session, byte[] query) {
    log.warning(
        "Closing client that reached max query buffer length: "
            + ClientLine.of(session, nowMs())
            + " (qbuf initial bytes: "
            + quoted(query, LOGGED_QUERY_BYTES)
            + ")");
    session.close("query buffer limit");
  }

  void protocolError(Session session, ProtocolError error, byte[] query) {
    Log.Level level = session.isPrimary() ? Log.Level.WARNING : Log.Level.VERBOSE;
    if (log.isEnabled(level)) {
      log.log(
          level,
          "Protocol error ("
              + error.logText()
              + ") from client: "
              + ClientLine.of(session, nowMs())
              + ". Query buffer during protocol error: "
              + quoted(query, 128));
    }
  }

  private static String quoted(byte[] bytes, int maximum) {
    return Quote.of(Arrays.copyOf(bytes, Math.min(bytes.length, maximum)));
  }
}
