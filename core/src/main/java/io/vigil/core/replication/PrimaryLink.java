package io.vigil.core.replication;

import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network.ConnectTarget;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.replication.ReplicaSide.LinkState;
import io.vigil.core.session.Session;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * One connection to the primary, from the first PING to the stream.
 *
 * <pre>
 *   opened: PING -> +PONG -> AUTH, REPLCONF listening-port, ip-address, capa -> PSYNC
 *     +CONTINUE [id]          -> the stream
 *     +FULLRESYNC id offset   -> $length or $EOF:mark, the payload -> the stream
 *     -ERR                    -> SYNC, the payload -> the stream, of unknown history
 * </pre>
 *
 * <p>Replies of the handshake are single lines; empty ones are signs of life. A link ends once, by
 * {@link #fail}, {@link #abandon} or the peer; afterwards nothing it still hears has an effect.
 */
final class PrimaryLink implements ConnectionEvents {
  private static final int LONGEST_LINE = 1024;

  private final ReplicaSide side;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ArrayDeque<Step> expected = new ArrayDeque<>();
  private Connection connection;
  private Phase phase = Phase.CONNECTING;
  private int database;
  private long lastHeardMs;
  private String id = ReplicationStream.NO_ID;
  private long initialOffset = -1;
  private boolean isOldPrimary;
  private PayloadReceiver payload;
  private StreamApplier applier;
  private Session session;

  private enum Phase {
    CONNECTING,
    LINES,
    PAYLOAD_HEADER,
    PAYLOAD,
    /**
     * All bytes of the payload are here; it is being loaded, and the primary keeps what follows.
     */
    LOADING,
    STREAM,
    ENDED
  }

  /** What a reply line of the handshake answers. */
  private enum Step {
    PING,
    AUTH,
    LISTENING_PORT,
    IP_ADDRESS,
    CAPABILITIES,
    PSYNC
  }

  PrimaryLink(ReplicaSide side, int database) {
    this.side = side;
    this.database = database;
    this.lastHeardMs = side.nowMs();
  }

  void connect(String host, int port) {
    ReplicationSettings settings = side.settings;
    connection =
        side.env
            .network()
            .connect(
                new ConnectTarget(
                    host, port, settings.bindSourceAddress, settings.timeoutSeconds * 1000L, false),
                this);
  }

  Connection connection() {
    return connection;
  }

  Session session() {
    return session;
  }

  /** The database selected in the stream. */
  int database() {
    return session == null ? database : session.database();
  }

  boolean isSilentFor(int seconds) {
    return side.nowMs() - lastHeardMs > seconds * 1000L;
  }

  long lastHeardMs() {
    return lastHeardMs;
  }

  PayloadReceiver payload() {
    return payload;
  }

  private Log log() {
    return side.log();
  }

  // ---- handshake

  @Override
  public void opened() {
    if (phase != Phase.CONNECTING) {
      return;
    }
    log().notice("Non blocking connect for SYNC fired the event.");
    phase = Phase.LINES;
    heard();
    side.enter(this, LinkState.HANDSHAKE);
    expected.add(Step.PING);
    send("PING");
  }

  private void heard() {
    lastHeardMs = side.nowMs();
  }

  private void send(String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    send(bytes);
  }

  private void send(byte[]... words) {
    write("*" + words.length + "\r\n");
    for (byte[] word : words) {
      write("$" + word.length + "\r\n");
      connection.output().write(word);
      write("\r\n");
    }
    connection.flush();
  }

  private void write(String text) {
    connection.output().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void received(byte[] buffer, int offset, int length) {
    heard();
    side.counters.receivedBytes += length;
    int at = offset;
    int end = offset + length;
    while (at < end && (phase == Phase.LINES || phase == Phase.PAYLOAD_HEADER)) {
      byte next = buffer[at++];
      if (next == '\n') {
        lineEnded();
      } else {
        line.write(next);
        if (line.size() > LONGEST_LINE) {
          log()
              .warning(
                  String.format(
                      Locale.ROOT,
                      "The MASTER sent a line of more than %d bytes in the handshake, are you sure"
                          + " the host and port are right?",
                      LONGEST_LINE));
          fail(false);
        }
      }
    }
    if (at < end) {
      body(buffer, at, end - at);
    }
  }

  private void body(byte[] buffer, int offset, int length) {
    switch (phase) {
      case PAYLOAD -> {
        int taken = payload.take(buffer, offset, length);
        if (taken < length && phase != Phase.PAYLOAD) {
          body(buffer, offset + taken, length - taken);
        }
      }
      case STREAM -> applier.apply(buffer, offset, length);
      case LOADING -> payload.keep(buffer, offset, length);
      default -> {
        // The link has ended in the middle of this piece.
      }
    }
  }

  private void lineEnded() {
    String text = line.toString(StandardCharsets.ISO_8859_1);
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.isEmpty()) {
      return;
    }
    if (phase == Phase.PAYLOAD_HEADER) {
      payloadHeader(text);
    } else {
      reply(expected.remove(), text);
    }
  }

  private void reply(Step step, String text) {
    boolean error = text.startsWith("-");
    switch (step) {
      case PING -> pinged(text);
      case AUTH -> {
        if (error) {
          log().warning("Unable to AUTH to MASTER: " + text);
          fail(false);
        }
      }
      case LISTENING_PORT -> optional(error, "listening-port", text);
      case IP_ADDRESS -> optional(error, "ip-address", text);
      case CAPABILITIES -> {
        optional(error, "capa", text);
        sendPsync();
      }
      case PSYNC -> psyncAnswered(text);
    }
  }

  private void optional(boolean error, String what, String text) {
    if (error) {
      log().notice("(Non critical) Master does not understand REPLCONF " + what + ": " + text);
    }
  }

  private void pinged(String text) {
    if (!text.startsWith("+")
        && !text.startsWith("-NOAUTH")
        && !text.startsWith("-NOPERM")
        && !text.startsWith("-ERR operation not permitted")) {
      log().warning("Error reply to PING from master: '" + text + "'");
      fail(false);
      return;
    }
    log().notice("Master replied to PING, replication can continue...");
    ReplicationSettings settings = side.settings;
    if (settings.primaryPassword != null) {
      expected.add(Step.AUTH);
      if (settings.primaryUser != null) {
        send(bytes("AUTH"), settings.primaryUser, settings.primaryPassword);
      } else {
        send(bytes("AUTH"), settings.primaryPassword);
      }
    }
    expected.add(Step.LISTENING_PORT);
    send("REPLCONF", "listening-port", Integer.toString(settings.announcedPort));
    if (settings.announcedAddress != null && !settings.announcedAddress.isEmpty()) {
      expected.add(Step.IP_ADDRESS);
      send("REPLCONF", "ip-address", settings.announcedAddress);
    }
    expected.add(Step.CAPABILITIES);
    send("REPLCONF", "capa", "eof", "capa", "psync2");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void sendPsync() {
    expected.add(Step.PSYNC);
    String knownId = "?";
    String from = "-1";
    if (side.isResumable()) {
      knownId = side.stream.id();
      from = Long.toString(side.stream.offset() + 1);
      log().notice("Trying a partial resynchronization (request " + knownId + ":" + from + ").");
    } else {
      log().notice("Partial resynchronization not possible (no cached master)");
    }
    if (side.handshakeObserver().takesOver()) {
      send("PSYNC", knownId, from, "FAILOVER");
    } else {
      send("PSYNC", knownId, from);
    }
  }

  // ---- the answer to PSYNC

  private void psyncAnswered(String text) {
    boolean accepted = text.startsWith("+FULLRESYNC") || text.startsWith("+CONTINUE");
    if (!side.handshakeObserver().answered(accepted)) {
      return;
    }
    if (text.startsWith("+FULLRESYNC")) {
      fullResynchronization(text);
    } else if (text.startsWith("+CONTINUE")) {
      partialResynchronization(text);
    } else if (text.startsWith("-NOMASTERLINK") || text.startsWith("-LOADING")) {
      log().notice("Master is currently unable to PSYNC but should be in the future: " + text);
      fail(false);
    } else if (text.startsWith("-ERR")) {
      log().notice("Master does not support PSYNC or is in error state (reply: " + text + ")");
      log().notice("Retrying with SYNC...");
      isOldPrimary = true;
      write("SYNC\r\n");
      connection.flush();
      awaitPayload();
    } else {
      log().warning("Unexpected reply to PSYNC from master: " + text);
      fail(false);
    }
  }

  private void fullResynchronization(String text) {
    String[] words = text.split(" ", -1);
    try {
      if (words.length < 3 || words[1].length() != Ids.LENGTH) {
        throw new NumberFormatException();
      }
      initialOffset = Long.parseLong(words[2]);
      id = words[1];
      log().notice("Full resync from master: " + id + ":" + initialOffset);
      side.fullSyncOffered();
      awaitPayload();
    } catch (NumberFormatException e) {
      log().warning("Master replied with wrong +FULLRESYNC syntax.");
      fail(false);
    }
  }

  private void partialResynchronization(String text) {
    log().notice("Successful partial resynchronization with master.");
    String newId = text.length() > 10 ? text.substring(10).trim() : "";
    if (newId.length() == Ids.LENGTH && !newId.equals(side.stream.id())) {
      side.historyRenamed(newId);
    }
    if (!side.stream.isActive()) {
      side.stream.activate();
    }
    startStream();
    log().notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
  }

  private void awaitPayload() {
    phase = Phase.PAYLOAD_HEADER;
    side.enter(this, LinkState.TRANSFER);
  }

  // ---- the payload

  private void payloadHeader(String text) {
    if (text.startsWith("-")) {
      log().warning("MASTER aborted replication with an error: " + text.substring(1));
      fail(true);
      return;
    }
    if (!text.startsWith("$")) {
      log()
          .warning(
              String.format(
                  Locale.ROOT,
                  "Bad protocol from MASTER, the first byte is not '$' (we received '%s'), are you"
                      + " sure the host and port are right?",
                  text));
      fail(true);
      return;
    }
    String mark = null;
    long length = -1;
    if (text.startsWith("$EOF:") && text.length() >= 5 + Ids.LENGTH) {
      mark = text.substring(5, 5 + Ids.LENGTH);
    } else {
      try {
        length = Long.parseLong(text.substring(1));
      } catch (NumberFormatException e) {
        log().warning("Bad protocol from MASTER, wrong payload length '" + text + "'");
        fail(true);
        return;
      }
    }
    phase = Phase.PAYLOAD;
    payload = PayloadReceiver.create(side, this, length, mark, id);
    payload.start();
  }

  /** All bytes of the payload have arrived; what follows is kept until it has been loaded. */
  void payloadReceived() {
    if (phase == Phase.PAYLOAD) {
      phase = Phase.LOADING;
    }
  }

  /** The payload is loaded and has taken the place of the old data. */
  void payloadLoaded(int selectedDatabase) {
    if (phase == Phase.ENDED) {
      return;
    }
    side.newHistoryBegins(
        isOldPrimary ? Ids.random(side.env.entropy()) : id, Math.max(0, initialOffset));
    database = Math.max(0, selectedDatabase);
    startStream();
    log().notice("MASTER <-> REPLICA sync: Finished with success");
    byte[] kept = payload.takeKept();
    payload = null;
    connection.resumeReading();
    if (kept.length > 0) {
      applier.apply(kept, 0, kept.length);
    }
  }

  /** The payload is whole, but must not take the place of the old data. */
  void payloadRefused() {
    if (phase != Phase.ENDED) {
      fail(false);
    }
  }

  /** The payload could not be received or loaded. */
  void payloadFailed(Exception failure) {
    if (phase == Phase.ENDED) {
      return;
    }
    side.payloadFailed(failure);
    if (failure instanceof RdbException rdb) {
      log()
          .warning(
              "Internal error in RDB reading offset " + rdb.offset() + " -> " + rdb.getMessage());
    }
    fail(true);
  }

  // ---- the stream

  private void startStream() {
    phase = Phase.STREAM;
    session = side.sessions.open(connection);
    session.primary(true);
    session.database(database);
    applier = new StreamApplier(side, session);
    side.connected(this);
    if (!isOldPrimary) {
      sendAcknowledgement();
    }
  }

  void sendAcknowledgement() {
    if (!isOldPrimary) {
      send("REPLCONF", "ACK", Long.toString(side.stream.offset()));
    }
  }

  /** Bytes received of the stream, applied or not. */
  long readOffset() {
    return side.stream.offset() + (applier == null ? 0 : applier.unappliedBytes());
  }

  /** Once a second. */
  void tick() {
    if (phase == Phase.STREAM) {
      sendAcknowledgement();
    } else if (phase == Phase.PAYLOAD || phase == Phase.LOADING) {
      // An empty line: a sign of life that cannot be cut in two.
      write("\n");
      connection.flush();
    }
    if (phase == Phase.LOADING) {
      heard();
    }
  }

  @Override
  public void drained() {
    if (session != null) {
      session.drained();
    }
  }

  // ---- the end

  @Override
  public void closed(String reason) {
    if (phase == Phase.ENDED) {
      releaseSession(reason);
      return;
    }
    switch (phase) {
      case CONNECTING -> log().warning("Error condition on socket for SYNC: " + reason);
      case LINES -> log().warning("Master did not respond to command during SYNC handshake");
      case PAYLOAD_HEADER -> log().warning("I/O error reading bulk count from MASTER: " + reason);
      case PAYLOAD, LOADING ->
          log()
              .warning(
                  "I/O error trying to sync with MASTER: "
                      + (reason == null ? "connection lost" : reason));
      default -> {
        // A lost stream is reported by the side, which connects again.
      }
    }
    boolean retry =
        phase == Phase.PAYLOAD_HEADER || phase == Phase.PAYLOAD || phase == Phase.LOADING;
    end(reason);
    side.lost(this, retry);
  }

  /** Ends the link because something is wrong with it. */
  void fail(boolean retryAtOnce) {
    if (phase == Phase.ENDED) {
      return;
    }
    end("replication link failed");
    connection.close("replication link failed");
    side.lost(this, retryAtOnce);
  }

  /** Ends the link by order: nothing is tried again. */
  void abandon(String reason) {
    if (phase != Phase.ENDED) {
      end(reason);
      connection.close(reason);
    }
  }

  private void end(String reason) {
    phase = Phase.ENDED;
    if (payload != null) {
      payload.abandon();
      payload = null;
    }
    if (session != null) {
      database = session.database();
    }
    releaseSession(reason);
  }

  private void releaseSession(String reason) {
    if (session != null) {
      Session old = session;
      session = null;
      old.closed(reason);
    }
  }
}
