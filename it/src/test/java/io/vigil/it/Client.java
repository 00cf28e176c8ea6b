package io.vigil.it;

import io.vigil.core.resp.Reply;
import io.vigil.core.resp.ReplyReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A blocking client of the tests: one command, one reply. */
public final class Client implements Closeable {
  private final Socket socket = new Socket();
  private final ReplyReader reader = new ReplyReader();
  private final byte[] buffer = new byte[8192];

  /** Connects to 127.0.0.1. Replies may take 10 s. */
  public Client(int port) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
  }

  /** Sends a command without waiting for its reply. */
  public void send(String... words) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(bytes("*" + words.length + "\r\n"));
    for (String word : words) {
      byte[] raw = bytes(word);
      request.writeBytes(bytes("$" + raw.length + "\r\n"));
      request.writeBytes(raw);
      request.writeBytes(bytes("\r\n"));
    }
    sendRaw(request.toByteArray());
  }

  /** Sends bytes as they are. */
  public void sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next reply. */
  public Reply receive() throws IOException {
    try {
      for (Reply reply = reader.next(); ; reply = reader.next()) {
        if (reply != null) {
          return reply;
        }
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
          throw new EOFException("the server closed the connection");
        }
        reader.feed(buffer, 0, count);
      }
    } catch (ReplyReader.MalformedReply e) {
      throw new IOException(e);
    }
  }

  /** Runs a command; an error reply comes back as {@code -CODE text}. */
  public String call(String... words) throws IOException {
    send(words);
    return text(receive());
  }

  /** A reply as text: nested replies in brackets, nothing as {@code (nil)}. */
  public static String text(Reply reply) {
    return switch (reply) {
      case Reply.Simple simple -> simple.text();
      case Reply.Failure failure -> "-" + failure.text();
      case Reply.Int number -> Long.toString(number.value());
      case Reply.Bulk bulk -> bulk.text();
      case Reply.Nil _ -> "(nil)";
      case Reply.Array array -> text(array.elements());
      case Reply.SetReply set -> text(set.elements());
      case Reply.PushReply push -> text(push.elements());
      default -> reply.toString();
    };
  }

  private static String text(List<Reply> replies) {
    StringBuilder text = new StringBuilder("[");
    for (Reply reply : replies) {
      text.append(text.length() > 1 ? ", " : "").append(text(reply));
    }
    return text.append(']').toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
