package io.vigil.core.node;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.resp.Reply;
import io.vigil.core.resp.ReplyReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client in memory: sends bytes to a node and reads what it answers. */
public final class TestClient implements Connection {
  private final ManualEnv world;
  private final OutputBuffer output = new OutputBuffer();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final String address;
  private ConnectionEvents events;
  private String closedBecause;
  private boolean stopsReading;
  private int keepAliveSeconds;

  TestClient(ManualEnv world, String address) {
    this.world = world;
    this.address = address;
  }

  void connect(ConnectionEvents handler) {
    events = handler;
  }

  /** Sends words as a multibulk command and lets the node run until it has nothing left to do. */
  public TestClient send(String... words) {
    sendRaw(encode(words));
    return this;
  }

  /** Words as a multibulk command, one byte per character. */
  public static String encode(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return request.toString();
  }

  /**
   * Sends bytes, one per character. Afterwards the buffer is overwritten, so that a view that was
   * kept shows.
   */
  public void sendRaw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (closedBecause == null) {
      events.received(bytes, 0, bytes.length);
      Arrays.fill(bytes, (byte) '#');
      world.runTurns();
    }
    drain();
  }

  /** The node's connection to this end is up. */
  public void accept() {
    events.opened();
    pump();
  }

  /** Lets the node run and takes what it sends, in turns, until neither does anything. */
  public void pump() {
    int before;
    do {
      before = written.size();
      world.runTurns();
      drain();
      world.runTurns();
    } while (written.size() != before);
  }

  /** Sends a command and returns its reply. */
  public Reply call(String... words) {
    send(words);
    return next();
  }

  /** Sends a command and returns everything that came back, as text. */
  public String raw(String... words) {
    send(words);
    return takeText();
  }

  /** The next reply that has arrived, or null. */
  public Reply next() {
    drain();
    byte[] bytes = written.toByteArray();
    ReplyReader reader = new ReplyReader();
    reader.feed(bytes, 0, bytes.length);
    try {
      Reply reply = reader.next();
      if (reply != null) {
        written.reset();
        written.writeBytes(reader.takeRemaining());
      }
      return reply;
    } catch (ReplyReader.MalformedReply malformed) {
      throw new AssertionError(malformed);
    }
  }

  /** All bytes that have arrived and were not read yet, as text. */
  public String takeText() {
    drain();
    String text = written.toString(StandardCharsets.ISO_8859_1);
    written.reset();
    return text;
  }

  /** From now on the client takes nothing off its connection. */
  public void stopReading() {
    stopsReading = true;
  }

  /** The client reads again. */
  public void startReading() {
    stopsReading = false;
  }

  private void drain() {
    if (stopsReading) {
      return;
    }
    boolean any = false;
    while (!output.isEmpty()) {
      int length = output.headLength();
      written.write(output.headArray(), output.headOffset(), length);
      output.consume(length);
      any = true;
    }
    if (any && events != null && closedBecause == null) {
      events.drained();
    }
  }

  /** The client hangs up. */
  public void hangUp() {
    if (closedBecause == null) {
      closedBecause = "peer";
      events.closed("peer");
      world.runTurns();
    }
  }

  public boolean isClosed() {
    return closedBecause != null;
  }

  /** Why the node closed the connection, or null. */
  public String closedBecause() {
    return closedBecause;
  }

  @Override
  public OutputBuffer output() {
    return output;
  }

  @Override
  public void flush() {}

  @Override
  public void close(String reason) {
    end(reason);
  }

  @Override
  public void closeAfterFlush(String reason) {
    drain();
    end(reason);
  }

  private void end(String reason) {
    if (closedBecause == null) {
      closedBecause = reason;
      world.schedule(0, () -> events.closed(reason));
    }
  }

  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  @Override
  public String remoteAddress() {
    return address;
  }

  @Override
  public String localAddress() {
    return "127.0.0.1:6379";
  }

  @Override
  public boolean isUnixSocket() {
    return false;
  }

  @Override
  public int descriptor() {
    return 8;
  }

  @Override
  public void keepAlive(int seconds) {
    keepAliveSeconds = seconds;
  }

  public int keepAliveSeconds() {
    return keepAliveSeconds;
  }
}
