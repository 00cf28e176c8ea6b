package io.vigil.core.replication;

import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.Peer;
import io.vigil.core.session.Session;

/**
 * A client that wants our data set: what it said of itself by REPLCONF, how far its synchronisation
 * is, and what it has acknowledged. It exists from the first REPLCONF on, and counts as a replica
 * from PSYNC or SYNC on.
 */
final class Replica implements Peer {
  /** Bytes of a stream block, roughly, for the number of blocks that CLIENT LIST shows. */
  private static final int BLOCK_BYTES = 16 * 1024;

  private final Session session;
  private final PrimarySide primary;
  State state = State.HANDSHAKE;
  int listeningPort;
  String announcedAddress;
  boolean takesEndMark;
  boolean takesNewIds;
  boolean onlyDataFile;

  /** It came by SYNC: it sends no acknowledgements and knows no offsets. */
  boolean isOld;

  /** Where it is in the stream; null before it has a place there. */
  ReplicationStream.Cursor cursor;

  long acknowledgedOffset;
  long acknowledgedMs;
  long askedMs;
  long lastProgressMs;

  /** The snapshot has been streamed: commands follow once the replica has acknowledged it. */
  boolean streamsOnAcknowledgement;

  /**
   * From the begin of its synchronisation until it has once had all of the stream: the backlog
   * grows for it, within a bound of its own.
   */
  boolean catchesUp;

  /** A file of the backlog is being read for it. */
  boolean readsFile;

  /** Milliseconds for which writers have been slowed for this synchronisation. */
  long slowedMs;

  /** Sends it the file of the snapshot; null unless in {@link State#SENDING_FILE}. */
  FileSender fileSender;

  /** What drained output lets go on; null when nothing waits. */
  Runnable onDrained;

  /** Steps of a replica, in order; INFO shows Redis's words for them. */
  enum State {
    /** It has said REPLCONF, but not yet asked for data. */
    HANDSHAKE(""),
    /** Waits for a snapshot to begin. */
    WAITING_FOR_SNAPSHOT("wait_bgsave"),
    /** The snapshot that it will get is being made, or streamed to it. */
    SNAPSHOT_RUNS("wait_bgsave"),
    /** The file of the snapshot is being sent. */
    SENDING_FILE("send_bulk"),
    /** Gets the stream. */
    ONLINE("online"),
    /** Asked for the data file alone, and has it. */
    HAS_DATA_FILE("rdb_transmitted");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }
  }

  Replica(Session session, PrimarySide primary) {
    this.session = session;
    this.primary = primary;
  }

  Session session() {
    return session;
  }

  /** True from PSYNC or SYNC on. */
  boolean counts() {
    return state != State.HANDSHAKE;
  }

  boolean isOnline() {
    return state == State.ONLINE;
  }

  /** True while it is neither in the handshake nor fed by the stream. */
  boolean synchronizes() {
    return state == State.WAITING_FOR_SNAPSHOT
        || state == State.SNAPSHOT_RUNS
        || state == State.SENDING_FILE;
  }

  /** When it last gave a sign of life: an acknowledgement, or an empty line while it loads. */
  long lastHeardMs() {
    return Math.max(acknowledgedMs, session.lastInteractionMs());
  }

  /** When its synchronisation last got on, as far as can be told. */
  long progressMs() {
    if (state == State.SNAPSHOT_RUNS && !primary.streamsTo(this)) {
      return primary.nowMs();
    }
    return streamsOnAcknowledgement ? lastHeardMs() : lastProgressMs;
  }

  /** Address without port: the announced one, else that of the connection. */
  String address() {
    if (announcedAddress != null) {
      return announcedAddress;
    }
    String remote = session.connection().remoteAddress();
    int colon = remote.lastIndexOf(':');
    String host = colon < 0 ? remote : remote.substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** How the log calls it. */
  String name() {
    String host = address();
    if (host.isEmpty()) {
      return "client id #" + session.id();
    }
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return shown + ":" + (listeningPort == 0 ? "<unknown-replica-port>" : listeningPort);
  }

  @Override
  public ClientType type() {
    return counts() ? ClientType.REPLICA : ClientType.NORMAL;
  }

  @Override
  public long heldBytes() {
    return cursor == null ? 0 : primary.stream().offset() + 1 - cursor.offset();
  }

  @Override
  public boolean isLimited() {
    return !synchronizes() && !catchesUp;
  }

  @Override
  public int heldBlocks() {
    return (int) ((heldBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES);
  }

  @Override
  public void drained() {
    lastProgressMs = primary.nowMs();
    if (onDrained != null) {
      Runnable action = onDrained;
      onDrained = null;
      action.run();
    } else if (isOnline()) {
      primary.drained(this);
    }
  }

  @Override
  public void closed(String reason) {
    primary.lost(this);
  }
}
