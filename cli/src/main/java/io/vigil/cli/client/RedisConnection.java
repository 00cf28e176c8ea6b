package io.vigil.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/**
 * A blocking connection to one server: the tools have no use for anything faster. One thread sends
 * and reads; {@link #close()} may come from any thread and ends a waiting read with an IOException.
 */
public final class RedisConnection implements Closeable {
  private static final int KEEP_ALIVE_SECONDS = 15;

  private final Closeable transport;
  private final ReplyReader replies;
  private final OutputStream out;
  private final ByteArrayOutputStream request = new ByteArrayOutputStream(256);

  private RedisConnection(Closeable transport, InputStream in, OutputStream out) {
    this.transport = transport;
    this.replies = new ReplyReader(in);
    this.out = out;
  }

  /** Connects without a limit on any wait but the system's own. */
  public static RedisConnection open(Address address) throws IOException {
    return open(address, 0);
  }

  /**
   * Connects.
   *
   * @param timeoutMs longest wait for the connection and for each read of a TCP socket; 0 for no
   *     limit
   * @throws IOException whose message says what a C program's {@code strerror} would say
   */
  public static RedisConnection open(Address address, int timeoutMs) throws IOException {
    return switch (address) {
      case Address.Tcp tcp -> openTcp(tcp, timeoutMs);
      case Address.Unix unix -> openUnix(unix);
    };
  }

  private static RedisConnection openTcp(Address.Tcp address, int timeoutMs) throws IOException {
    InetAddress[] candidates;
    try {
      candidates = InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      throw new IOException("Name or service not known", e);
    }
    IOException last = null;
    for (InetAddress candidate : candidates) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(candidate, address.port()), timeoutMs);
        socket.setTcpNoDelay(true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
        socket.setSoTimeout(timeoutMs);
        return new RedisConnection(socket, socket.getInputStream(), socket.getOutputStream());
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }

  private static RedisConnection openUnix(Address.Unix address) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(address.path()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new RedisConnection(
        channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
  }

  /** Sends a command of UTF-8 words and waits for its reply. */
  public Reply call(String... words) throws IOException {
    byte[][] arguments = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    return call(List.of(arguments));
  }

  /** Sends a command and waits for its reply. */
  public Reply call(List<byte[]> arguments) throws IOException {
    send(arguments);
    return read();
  }

  /** Sends a command and waits for nothing. */
  public void send(List<byte[]> arguments) throws IOException {
    request.reset();
    header('*', arguments.size());
    for (byte[] argument : arguments) {
      header('$', argument.length);
      request.write(argument, 0, argument.length);
      request.write('\r');
      request.write('\n');
    }
    request.writeTo(out);
  }

  /** Sends bytes that are RESP already. */
  public void sendRaw(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  /** Waits for the next reply. */
  public Reply read() throws IOException {
    return replies.read();
  }

  /** True if bytes of a further reply have already been received. */
  public boolean hasBufferedBytes() {
    return replies.hasBufferedBytes();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private void header(char type, int count) {
    request.write(type);
    byte[] digits = Integer.toString(count).getBytes(StandardCharsets.ISO_8859_1);
    request.write(digits, 0, digits.length);
    request.write('\r');
    request.write('\n');
  }
}
