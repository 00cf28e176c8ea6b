package io.vigil.core.session;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.ByteString;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Timers;
import io.vigil.core.resp.ProtocolError;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.resp.RequestParser;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandFlag;
import java.util.ArrayList;
import java.util.List;

/**
 * One client: what it has said of itself, what it has queued and watches, and how its bytes become
 * commands.
 *
 * <p>Bytes are parsed and run in bursts: until they are used up, the client has to wait, {@value
 * #BURST_COMMANDS} commands have run, or they have been answered with {@value #BURST_OUTPUT_BYTES}
 * bytes; the rest then follows at the next turn of the loop, so that one client's pipeline does not
 * keep the others waiting. What is left over stays in the parser. State that few clients have is
 * made on first use: an idle client costs little.
 */
public final class Session implements ConnectionEvents {
  /** Commands run before others get their turn. */
  public static final int BURST_COMMANDS = 64;

  /** Bytes of replies after which a burst ends. */
  public static final int BURST_OUTPUT_BYTES = 256 * 1024;

  /** Output from which on the limits are looked at. */
  private static final long LIMIT_CHECK_BYTES = 1024;

  private static final List<Watches.Watched> NONE_WATCHED = List.of();

  final Sessions sessions;
  Session previous;
  Session next;

  private final long id;
  private final Connection connection;
  private final RequestParser parser = new RequestParser();
  private final ReplyWriter writer;
  private final long createdMs;
  private long lastInteractionMs;
  private final InputRoom inputRoom = new InputRoom();
  private ByteString name;
  private int database;
  private boolean authenticated;
  private String user = "default";
  private Command lastCommand;

  private Transaction transaction;
  private boolean dirty;
  private List<Watches.Watched> watched = NONE_WATCHED;
  private Subscriptions subscriptions;
  private Peer peer;
  private boolean monitor;
  private boolean primary;
  private boolean noEvict;
  private boolean readOnly;

  private BlockedReason blocked;
  private Waiter waiter;
  private Timers.Timer blockTimer;
  private Arguments postponed;

  private ReplyMode replyMode = ReplyMode.ON;
  private boolean continueScheduled;
  private boolean closing;
  private boolean closeAfterReply;
  private String failure;
  private long softLimitSinceMs = -1;

  /** CLIENT REPLY. */
  public enum ReplyMode {
    ON,
    OFF,
    /** The next command's reply is dropped. */
    SKIP_NEXT,
    /** This command's reply is dropped. */
    SKIP
  }

  Session(Sessions sessions, long id, Connection connection, ReplyWriter writer, long nowMs) {
    this.sessions = sessions;
    this.id = id;
    this.connection = connection;
    this.writer = writer;
    this.createdMs = nowMs;
    this.lastInteractionMs = nowMs;
  }

  // ---- bytes in

  @Override
  public void received(byte[] buffer, int offset, int length) {
    if (closing || closeAfterReply) {
      return;
    }
    sessions.countInput(this, length);
    parser.feed(buffer, offset, length);
    inputRoom.used(parser.pendingBytes(), lastInteractionMs);
    runBurst();
    parser.retain();
    if (parser.pendingBytes() > sessions.limits().queryBufferBytes && !primary && !closing) {
      sessions.queryBufferExceeded(this, parser.pendingCopy());
    }
  }

  /** Runs what has been read, as far as the client may go on now. */
  private void runBurst() {
    if (blocked != null || closing) {
      return;
    }
    CommandRunner runner = sessions.runner();
    Arguments arguments = sessions.arguments();
    lastInteractionMs = runner.beginBurst();
    readLimits();
    int commands = 0;
    long enough = connection.output().pendingBytes() + BURST_OUTPUT_BYTES;
    while (blocked == null && !closing && !closeAfterReply) {
      if (commands == BURST_COMMANDS || connection.output().pendingBytes() >= enough) {
        continueAtNextTurn();
        break;
      }
      RequestParser.Outcome outcome = parser.next(arguments);
      if (outcome == RequestParser.Outcome.COMMAND) {
        commands++;
        runOne(runner, arguments);
        if (commands == 1 && parser.pendingBytes() > 0) {
          runner.prepare(this, parser);
        }
      } else {
        if (outcome == RequestParser.Outcome.ERROR) {
          protocolError(parser.error());
        }
        break;
      }
    }
    arguments.clear();
    runner.endBurst();
    flush();
  }

  private void runOne(CommandRunner runner, Arguments arguments) {
    if (replyMode == ReplyMode.SKIP_NEXT) {
      replyMode = ReplyMode.SKIP;
    }
    runner.run(this, arguments);
    if (sessions.misdirected().any()) {
      sessions.misdirected().end(this);
    }
    if (replyMode == ReplyMode.SKIP && blocked == null) {
      replyMode = ReplyMode.ON;
    }
    if (lastCommand != null && lastCommand.spec().has(CommandFlag.BARRIER)) {
      readLimits();
    }
    checkOutputLimits(true);
  }

  private void readLimits() {
    parser.maxBulkBytes(sessions.limits().maxBulkBytes);
    parser.unauthenticated(needsAuthentication());
  }

  private void continueAtNextTurn() {
    if (!continueScheduled && parser.pendingBytes() > 0) {
      continueScheduled = true;
      sessions.nextTurn(this::continueNow);
    }
  }

  private void continueNow() {
    continueScheduled = false;
    runBurst();
    parser.retain();
  }

  private void protocolError(ProtocolError error) {
    sessions.protocolError(this, error, parser.pendingCopy());
    if (error.reply() != null) {
      pushWriter().error(error.reply());
    }
    closeAfterReply("protocol error");
  }

  // ---- waiting

  /**
   * Makes the client wait: no further command of it is parsed until {@link #unblock}.
   *
   * @param timeoutMs when {@link Waiter#timedOut} is called; 0 for never
   */
  public void block(BlockedReason reason, long timeoutMs, Waiter who) {
    blocked = reason;
    waiter = who;
    sessions.countBlocked(reason, 1);
    if (timeoutMs > 0) {
      blockTimer = sessions.timers().schedule(timeoutMs, this::unblockAsTimedOut);
      sessions.countBlockedWithTimeout(1);
    }
  }

  private void stopBlockTimer() {
    if (blockTimer != null) {
      blockTimer.cancel();
      blockTimer = null;
      sessions.countBlockedWithTimeout(-1);
    }
  }

  /** Ends the wait as if its time were up. */
  public void unblockAsTimedOut() {
    Waiter who = waiter;
    unblock();
    if (who != null) {
      who.timedOut();
    }
    flush();
  }

  /** Ends the wait with an error. */
  public void unblockWithError(String text) {
    Waiter who = waiter;
    unblock();
    if (who != null) {
      who.forget();
    }
    reply().error(text);
    flush();
  }

  /** Ends the wait: the bytes that came meanwhile are run at the next turn of the loop. */
  public void unblock() {
    if (blocked == null) {
      return;
    }
    sessions.countBlocked(blocked, -1);
    blocked = null;
    waiter = null;
    stopBlockTimer();
    if (replyMode == ReplyMode.SKIP) {
      replyMode = ReplyMode.ON;
    }
    continueAtNextTurn();
  }

  /** Holds the client and {@code command} back until clients are no longer paused. */
  public void postpone(Arguments command) {
    holdBack(command);
    sessions.pause().add(this);
  }

  /** Holds the client and {@code command}, a write, back until the open snapshot has room. */
  public void delay(Arguments command) {
    holdBack(command);
    sessions.delayedWriters().add(this);
  }

  private void holdBack(Arguments command) {
    postponed = command.retain();
    block(BlockedReason.POSTPONED, 0, null);
  }

  /** The command that was held back starts over at the next turn of the loop. */
  void resumePostponed() {
    sessions.nextTurn(this::runPostponed);
  }

  private void runPostponed() {
    Arguments command = postponed;
    postponed = null;
    unblock();
    if (command == null || closing) {
      return;
    }
    CommandRunner runner = sessions.runner();
    lastInteractionMs = runner.beginBurst();
    runOne(runner, command);
    runner.endBurst();
    flush();
  }

  public boolean isBlocked() {
    return blocked != null;
  }

  /** Why the client waits, or null. */
  public BlockedReason blockedReason() {
    return blocked;
  }

  // ---- bytes out

  /** Where replies go; they vanish while CLIENT REPLY says so, and always on the primary's link. */
  public ReplyWriter reply() {
    if (peer != null && type() == ClientType.REPLICA) {
      return sessions.misdirected().writer();
    }
    boolean wanted = replyMode == ReplyMode.ON || replyMode == ReplyMode.SKIP_NEXT;
    return wanted && !primary ? writer : sessions.discardingWriter(writer.protocol());
  }

  /** Where pushed messages go, whatever CLIENT REPLY says. */
  public ReplyWriter pushWriter() {
    return writer;
  }

  /** Asks for what was written to be sent, and cuts a client that has too much of it waiting. */
  public void flush() {
    if (closing) {
      return;
    }
    if (connection.output().pendingBytes() > 0) {
      sessions.counters().writes++;
      connection.flush();
    }
  }

  /** After something was pushed to this client from outside its own commands. */
  public void pushed() {
    checkOutputLimits(true);
    flush();
  }

  @Override
  public void drained() {
    softLimitSinceMs = -1;
    if (peer != null) {
      peer.drained();
    }
  }

  /**
   * Closes the client when its output exceeds the limits; {@code async} is how the log words it.
   */
  void checkOutputLimits(boolean async) {
    long bytes = outputBytes();
    if (bytes < LIMIT_CHECK_BYTES || closing || peer != null && !peer.isLimited()) {
      return;
    }
    if (exceedsLimits(bytes)) {
      sessions.outputExceeded(this, async);
    }
  }

  private boolean exceedsLimits(long bytes) {
    if (needsAuthentication()) {
      return true;
    }
    ClientType type = type();
    OutputLimits limit = sessions.limits().output(type);
    long hard = limit.hardBytes();
    if (hard > 0 && type == ClientType.REPLICA) {
      hard = Math.max(hard, sessions.limits().backlogBytes);
    }
    if (hard > 0 && bytes >= hard) {
      return true;
    }
    if (limit.softBytes() == 0 || bytes < limit.softBytes()) {
      softLimitSinceMs = -1;
      return false;
    }
    long nowMs = sessions.nowMs();
    if (softLimitSinceMs < 0) {
      softLimitSinceMs = nowMs;
    }
    return nowMs / 1000 - softLimitSinceMs / 1000 > limit.softSeconds();
  }

  /** Bytes of input that wait, and room for more, as CLIENT LIST shows them at {@code nowMs}. */
  int inputBytes(long nowMs) {
    return Math.max(
        parser.burstBytes(),
        Math.max(parser.heldBytes(), inputRoom.bytes(nowMs - lastInteractionMs)));
  }

  /** True for a replica and for the link to our primary: their traffic is counted apart. */
  boolean isReplicationLink() {
    return peer != null || primary;
  }

  /** Bytes waiting to be sent, shared blocks of the stream included. */
  public long outputBytes() {
    long bytes = connection.output().pendingBytes();
    return peer == null ? bytes : bytes + peer.heldBytes();
  }

  // ---- ending

  /** Closes at once; what was not sent is lost. */
  public void close(String reason) {
    if (closing) {
      return;
    }
    closing = true;
    connection.close(reason);
    sessions.leave(this, reason);
  }

  /**
   * Closes at once since a command of it has failed in a way that no command should, or cannot be
   * run here and must not be left out.
   */
  public void fail(String reason) {
    failure = reason;
    close(reason);
  }

  /** True once {@link #fail} has been called: nothing more of it is run. */
  public boolean hasFailed() {
    return failure != null;
  }

  /** What was said to {@link #fail}; null if it was not called. */
  public String failure() {
    return failure;
  }

  /** Closes when the replies written so far have been sent; nothing more is read. */
  public void closeAfterReply(String reason) {
    if (closing || closeAfterReply) {
      return;
    }
    closeAfterReply = true;
    connection.closeAfterFlush(reason);
  }

  @Override
  public void closed(String reason) {
    if (!closing) {
      closing = true;
      sessions.leave(this, reason);
    }
  }

  /** Lets go of everything that knows this client. */
  void release(String reason) {
    if (blocked == BlockedReason.POSTPONED) {
      sessions.pause().remove(this);
      sessions.delayedWriters().remove(this);
    }
    Waiter who = waiter;
    if (blocked != null) {
      sessions.countBlocked(blocked, -1);
      blocked = null;
      waiter = null;
      stopBlockTimer();
    }
    if (who != null) {
      who.forget();
    }
    sessions.watches().unwatchAll(this);
    transaction = null;
    if (peer != null) {
      peer.closed(reason);
    }
  }

  public boolean isClosing() {
    return closing;
  }

  public boolean isClosingAfterReply() {
    return closeAfterReply;
  }

  // ---- transactions

  public boolean inTransaction() {
    return transaction != null;
  }

  /** What was queued since MULTI, or null outside a transaction. */
  public Transaction transaction() {
    return transaction;
  }

  /** MULTI. */
  public void beginTransaction() {
    transaction = new Transaction();
  }

  /** Queues a command; once the transaction cannot succeed, nothing more is kept. */
  public void enqueue(Command command, Arguments arguments) {
    if (!dirty && !transaction.failed()) {
      transaction.add(command, arguments);
    }
  }

  /** EXEC will abort; no effect outside a transaction. */
  public void failTransaction() {
    if (transaction != null) {
      transaction.fail();
    }
  }

  /** Ends the transaction, keys watched included. */
  public void endTransaction() {
    transaction = null;
    dirty = false;
    sessions.watches().unwatchAll(this);
  }

  /** True when a watched key was changed. */
  public boolean isDirty() {
    return dirty;
  }

  /** A watched key was changed: EXEC will answer null. */
  public void markDirty() {
    dirty = true;
  }

  /** UNWATCH. */
  public void unwatch() {
    sessions.watches().unwatchAll(this);
    dirty = false;
  }

  boolean isWatching() {
    return !watched.isEmpty();
  }

  List<Watches.Watched> watched() {
    if (watched == NONE_WATCHED) {
      watched = new ArrayList<>(2);
    }
    return watched;
  }

  // ---- who it is

  public long id() {
    return id;
  }

  public Connection connection() {
    return connection;
  }

  /** The name given by CLIENT SETNAME or HELLO, or null. */
  public ByteString name() {
    return name;
  }

  public void name(ByteString value) {
    name = value;
  }

  public String user() {
    return user;
  }

  /** True unless the default user has a password that this client has yet to give. */
  public boolean needsAuthentication() {
    return !authenticated && !sessions.limits().password.isEmpty();
  }

  public void authenticated(boolean value) {
    authenticated = value;
  }

  public int database() {
    return database;
  }

  public void database(int index) {
    database = index;
  }

  /** Protocol version, 2 or 3. */
  public int protocol() {
    return writer.protocol();
  }

  public void protocol(int version) {
    writer.protocol(version);
  }

  public ReplyMode replyMode() {
    return replyMode;
  }

  public void replyMode(ReplyMode mode) {
    replyMode = mode;
  }

  /** The last command looked up for this client, or null. */
  public Command lastCommand() {
    return lastCommand;
  }

  public void lastCommand(Command command) {
    lastCommand = command;
  }

  /** Bytes of the words of a command held back or half read. */
  long argumentBytes() {
    return postponed == null ? 0 : postponed.totalBytes();
  }

  public RequestParser parser() {
    return parser;
  }

  /** Monotonic milliseconds at which the client connected. */
  public long createdMs() {
    return createdMs;
  }

  /** Monotonic milliseconds of the last burst. */
  public long lastInteractionMs() {
    return lastInteractionMs;
  }

  public ClientType type() {
    if (primary) {
      return ClientType.PRIMARY;
    }
    if (peer != null) {
      return peer.type();
    }
    return isSubscribed() ? ClientType.PUBSUB : ClientType.NORMAL;
  }

  /** What this connection is beyond a client, or null. */
  public Peer peer() {
    return peer;
  }

  public void peer(Peer value) {
    peer = value;
  }

  /** True for the link to our primary. */
  public boolean isPrimary() {
    return primary;
  }

  /** Marks the link to our primary. */
  public void primary(boolean value) {
    primary = value;
    parser.fromPrimary(value);
  }

  public boolean isMonitor() {
    return monitor;
  }

  public void monitor(boolean value) {
    monitor = value;
  }

  public boolean isNoEvict() {
    return noEvict;
  }

  public void noEvict(boolean value) {
    noEvict = value;
  }

  /** READONLY of a cluster. */
  public boolean isReadOnly() {
    return readOnly;
  }

  public void readOnly(boolean value) {
    readOnly = value;
  }

  /** True while the client has any subscription. */
  public boolean isSubscribed() {
    return subscriptions != null && !subscriptions.isEmpty();
  }

  public Subscriptions subscriptions() {
    if (subscriptions == null) {
      subscriptions = new Subscriptions();
    }
    return subscriptions;
  }

  /**
   * {@code count} of one kind of subscription, without making the sets: 0 channels, 1 patterns, 2
   * shard channels.
   */
  public int subscriptionCount(int kind) {
    if (subscriptions == null) {
      return 0;
    }
    return switch (kind) {
      case 0 -> subscriptions.channels().size();
      case 1 -> subscriptions.patterns().size();
      default -> subscriptions.shardChannels().size();
    };
  }
}
