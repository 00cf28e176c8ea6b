package io.vigil.cli;

import io.vigil.cli.client.Reply;
import io.vigil.cli.client.ReplyReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server on loopback that answers each command with the next of the replies it was given, and
 * closes when they run out.
 */
final class FakeServer implements Closeable {
  private final ServerSocket listener;
  private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
  private final List<String> commands = Collections.synchronizedList(new ArrayList<>());

  FakeServer(String... wireReplies) throws IOException {
    listener = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));
    replies.addAll(List.of(wireReplies));
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The commands received so far, words joined by blanks. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        ReplyReader requests = new ReplyReader(socket.getInputStream());
        while (true) {
          commands.add(joined(requests.read()));
          String reply = replies.poll();
          if (reply == null) {
            break;
          }
          socket.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
        }
      } catch (IOException e) {
        // The client has gone, or the test is over; the next accept tells which.
        continue;
      }
    }
  }

  private static String joined(Reply request) {
    return String.join(" ", request.elements().stream().map(Reply::text).toList());
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
