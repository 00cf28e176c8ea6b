package io.vigil.core.session;

/**
 * The line that CLIENT LIST, CLIENT INFO and the log show of a client; fields and order of Redis
 * 7.0.
 */
public final class ClientLine {
  private static final int SESSION_BYTES = 400;

  private ClientLine() {}

  /** The line, without a line end; {@code nowMs} is monotonic. */
  public static String of(Session session, long nowMs) {
    Peer peer = session.peer();
    long queued = session.inTransaction() ? session.transaction().argumentBytes() : 0;
    int queryBytes = session.parser().burstBytes();
    int queryFree = session.inputBytes(nowMs) - queryBytes;
    long output = session.connection().output().heldBytes();
    int blocks = session.connection().output().blockCount();
    long peerBytes = peer == null ? 0 : peer.heldBytes();
    long total = SESSION_BYTES + queued + session.parser().heldBytes() + output;
    return "id="
        + session.id()
        + " addr="
        + session.connection().remoteAddress()
        + " laddr="
        + session.connection().localAddress()
        + " fd="
        + session.connection().descriptor()
        + " name="
        + (session.name() == null ? "" : session.name())
        + " age="
        + (nowMs - session.createdMs()) / 1000
        + " idle="
        + (nowMs - session.lastInteractionMs()) / 1000
        + " flags="
        + flags(session)
        + " db="
        + session.database()
        + " sub="
        + session.subscriptionCount(0)
        + " psub="
        + session.subscriptionCount(1)
        + " ssub="
        + session.subscriptionCount(2)
        + " multi="
        + (session.inTransaction() ? session.transaction().commands().size() : -1)
        + " qbuf="
        + queryBytes
        + " qbuf-free="
        + queryFree
        + " argv-mem="
        + session.argumentBytes()
        + " multi-mem="
        + queued
        + " rbs="
        + 0
        + " rbp=0 obl=0 oll="
        + (blocks + (peer == null ? 0 : peer.heldBlocks()))
        + " omem="
        + (output + peerBytes)
        + " tot-mem="
        + (total + peerBytes)
        + " events="
        + (output > 0 ? "rw" : "r")
        + " cmd="
        + (session.lastCommand() == null ? "NULL" : session.lastCommand().fullName())
        + " user="
        + (session.isPrimary() ? "(superuser)" : session.user())
        + " redir=-1 resp="
        + session.protocol();
  }

  private static String flags(Session session) {
    StringBuilder flags = new StringBuilder(8);
    if (session.isMonitor()) {
      flags.append('O');
    } else if (session.type() == ClientType.REPLICA) {
      flags.append('S');
    }
    append(flags, session.isPrimary(), 'M');
    append(flags, session.isSubscribed(), 'P');
    append(flags, session.inTransaction(), 'x');
    append(flags, session.isBlocked(), 'b');
    append(flags, session.isDirty(), 'd');
    append(flags, session.isClosingAfterReply(), 'c');
    append(flags, session.isClosing(), 'A');
    append(flags, session.connection().isUnixSocket(), 'U');
    append(flags, session.isReadOnly(), 'r');
    append(flags, session.isNoEvict(), 'e');
    return flags.isEmpty() ? "N" : flags.toString();
  }

  private static void append(StringBuilder flags, boolean condition, char letter) {
    if (condition) {
      flags.append(letter);
    }
  }
}
