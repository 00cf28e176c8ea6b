package io.vigil.core.link;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Network;
import io.vigil.core.env.Network.ConnectTarget;
import io.vigil.core.resp.Reply;
import io.vigil.core.resp.ReplyReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/**
 * An outgoing connection to a server that speaks the protocol. Requests are pipelined; replies come
 * back in their order, each to the handler given with its request.
 *
 * <pre>
 *   connecting --> open --> closed
 *        +-------------------^
 * </pre>
 *
 * <p>Once {@link Events#closed} was told, or {@link #close} called, no handler runs any more:
 * replies still owed are lost. Used in the core only.
 */
public final class RespLink implements ConnectionEvents {
  private static final byte[] CRLF = {'\r', '\n'};

  private final Events events;
  private final Connection connection;
  private final ReplyReader reader = new ReplyReader();
  private final ArrayDeque<ReplyHandler> expected = new ArrayDeque<>();
  private boolean open;
  private boolean closed;

  /** Takes one reply. */
  @FunctionalInterface
  public interface ReplyHandler {
    void reply(Reply reply);
  }

  /** What happens to a link. */
  public interface Events {
    /** The connection is up: requests may be sent. */
    void opened();

    /** A message arrived on a channel that was subscribed to. */
    default void message(String channel, String payload) {}

    /** The connection could not be made, broke, or brought something that is no reply. */
    void closed(String reason);
  }

  private RespLink(Network network, ConnectTarget target, Events events) {
    this.events = events;
    this.connection = network.connect(target, this);
  }

  /** Starts a connection. {@code events} hears of it later, never from inside this call. */
  public static RespLink connect(Network network, ConnectTarget target, Events events) {
    return new RespLink(network, target, events);
  }

  public boolean isOpen() {
    return open;
  }

  /** This side of the connection, as {@code ip:port}; only once it is open. */
  public String localAddress() {
    return connection.localAddress();
  }

  /** Requests whose replies have not come yet. */
  public int pendingReplies() {
    return expected.size();
  }

  /** Sends a request of words in ISO 8859-1, one byte per character. */
  public void send(ReplyHandler handler, String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
    }
    send(handler, bytes);
  }

  /** Sends a request. On a closed link it is dropped, and its handler never runs. */
  public void send(ReplyHandler handler, byte[]... words) {
    if (closed) {
      return;
    }
    OutputBuffer output = connection.output();
    writeHeader(output, '*', words.length);
    for (byte[] word : words) {
      writeHeader(output, '$', word.length);
      output.write(word);
      output.write(CRLF);
    }
    expected.add(handler);
    connection.flush();
  }

  private static void writeHeader(OutputBuffer output, char kind, int number) {
    output.write((byte) kind);
    output.write(Integer.toString(number).getBytes(StandardCharsets.ISO_8859_1));
    output.write(CRLF);
  }

  /** Closes the link; its events hear nothing of it. */
  public void close() {
    if (!closed) {
      end();
      connection.close("closed by this side");
    }
  }

  private void end() {
    closed = true;
    open = false;
    expected.clear();
  }

  @Override
  public void opened() {
    if (!closed) {
      open = true;
      events.opened();
    }
  }

  @Override
  public void received(byte[] buffer, int offset, int length) {
    if (closed) {
      return;
    }
    reader.feed(buffer, offset, length);
    try {
      Reply reply = reader.next();
      while (reply != null && !closed) {
        take(reply);
        reply = closed ? null : reader.next();
      }
    } catch (ReplyReader.MalformedReply malformed) {
      fail("Protocol error: " + malformed.getMessage());
    }
  }

  private void take(Reply reply) {
    List<Reply> message = messageOf(reply);
    if (message != null) {
      events.message(text(message.get(1)), text(message.get(2)));
    } else if (expected.isEmpty()) {
      fail("Protocol error: a reply that nobody asked for");
    } else {
      expected.poll().reply(reply);
    }
  }

  /** The elements of a published message, or null for any other reply. */
  private static List<Reply> messageOf(Reply reply) {
    List<Reply> elements =
        switch (reply) {
          case Reply.Array array -> array.elements();
          case Reply.PushReply push -> push.elements();
          default -> List.of();
        };
    boolean isMessage = elements.size() == 3 && "message".equals(text(elements.getFirst()));
    return isMessage ? elements : null;
  }

  private static String text(Reply reply) {
    return reply instanceof Reply.Bulk bulk ? bulk.text() : "";
  }

  private void fail(String reason) {
    end();
    connection.close(reason);
    events.closed(reason);
  }

  @Override
  public void closed(String reason) {
    if (!closed) {
      end();
      events.closed(reason);
    }
  }
}
