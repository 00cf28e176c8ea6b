package io.vigil.transport;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * A TCP or unix socket of one loop.
 *
 * <pre>
 *   CONNECTING --connected--> OPEN --closeAfterFlush--> DRAINING --written--> CLOSED
 *        `-------------------- close, end of stream, error --------------------^
 * </pre>
 *
 * <p>State and output belong to the core; only the channel is touched outside it, by the owning
 * loop. A close asked for by the core takes effect at the end of the turn, through the loop's list
 * of dirty connections, because {@link ConnectionEvents#closed} must not come from inside the call.
 */
final class StreamConnection implements Connection, EventLoop.Ready {
  /** Reason given when the peer ended the stream. */
  static final String CLOSED_BY_PEER = "Client closed connection";

  private enum State {
    CONNECTING,
    OPEN,
    DRAINING,
    CLOSING,
    CLOSED
  }

  private final EventLoop loop;
  private final OutputBuffer output;
  private final boolean unixSocket;
  private String remoteAddress;
  private String localAddress;
  private ConnectionEvents events;
  private SocketChannel channel;
  private SelectionKey key;
  private volatile State state;
  private volatile boolean readingPaused;
  private boolean writeBlocked;
  private boolean dirty;
  private String closeReason;
  private Runnable onClosed;

  // One write: its slice of the loop's stage, and what became of it.
  private int stagedFrom;
  private int stagedBytes;
  private int writtenBytes;
  private String writeFailure;

  /** A connection that is still being made; {@link #attach} follows. */
  StreamConnection(EventLoop loop, String remoteAddress, ConnectionEvents events) {
    this.loop = loop;
    this.output = new OutputBuffer(loop.blocks);
    this.events = events;
    this.remoteAddress = remoteAddress;
    this.localAddress = "";
    this.unixSocket = false;
    this.state = State.CONNECTING;
  }

  /** An accepted connection; reading starts with {@link #start}. {@code unixPath} may be null. */
  StreamConnection(EventLoop loop, SocketChannel channel, String unixPath) throws IOException {
    this.loop = loop;
    this.output = new OutputBuffer(loop.blocks);
    this.channel = channel;
    this.unixSocket = unixPath != null;
    this.state = State.OPEN;
    if (unixSocket) {
      remoteAddress = unixPath + ":0";
      localAddress = remoteAddress;
    } else {
      remoteAddress = Addresses.text((InetSocketAddress) channel.getRemoteAddress());
      localAddress = Addresses.text((InetSocketAddress) channel.getLocalAddress());
    }
  }

  /** Gives an accepted connection its handler and starts to read. */
  void start(ConnectionEvents handler) throws IOException {
    events = handler;
    key = channel.register(loop.selector, interest(), this);
    if (!output.isEmpty()) {
      flush();
    }
    loop.noteWork();
  }

  /** Refuses an accepted connection, once what was said to it has been written. */
  void refuse() throws IOException {
    start(Refused.INSTANCE);
    closeAfterFlush("refused");
  }

  /** Inside the core: starts to connect an outgoing channel; {@code source} may be null. */
  void attach(SocketChannel connecting, InetSocketAddress peer, String source) throws IOException {
    channel = connecting;
    channel.configureBlocking(false);
    if (source != null) {
      channel.bind(new InetSocketAddress(source, 0));
    }
    // A loopback peer may answer at once; the key is ready for OP_CONNECT then too.
    channel.connect(peer);
    key = channel.register(loop.selector, SelectionKey.OP_CONNECT, this);
  }

  /** True once the core has given the connection its handler. */
  boolean hasHandler() {
    return events != null;
  }

  /** {@code action} runs in the core once, after the connection is gone. */
  void onClosed(Runnable action) {
    onClosed = action;
  }

  boolean isConnecting() {
    return state == State.CONNECTING;
  }

  SocketChannel channel() {
    return channel;
  }

  @Override
  public void ready(SelectionKey ready) {
    if (state == State.CLOSED || !ready.isValid()) {
      return;
    }
    int operations = ready.readyOps();
    if ((operations & SelectionKey.OP_CONNECT) != 0) {
      finishConnect();
      return;
    }
    if ((operations & SelectionKey.OP_WRITE) != 0) {
      loop.enterCore();
      writeBlocked = false;
      updateInterest();
      queue();
      loop.exitCore();
    }
    if ((operations & SelectionKey.OP_READ) != 0 && state == State.OPEN && !readingPaused) {
      loop.read(this);
    }
  }

  private void finishConnect() {
    String failure = null;
    try {
      channel.finishConnect();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      failure = SystemErrors.reason(e);
    }
    loop.enterCore();
    if (failure != null) {
      ended(failure);
    } else if (state == State.CONNECTING) {
      localAddress = localAddressOf(channel);
      state = State.OPEN;
      updateInterest();
      events.opened();
      if (!output.isEmpty()) {
        queue();
      }
    }
    loop.exitCore();
  }

  private static String localAddressOf(SocketChannel channel) {
    try {
      return Addresses.text((InetSocketAddress) channel.getLocalAddress());
    } catch (IOException e) {
      return ""; // The peer is gone already; the next read says so.
    }
  }

  /** Inside the core: bytes that the loop has read. */
  void deliver(byte[] buffer, int length) {
    if (state == State.OPEN) {
      events.received(buffer, 0, length);
    }
  }

  /** Inside the core: the stream is gone. */
  void ended(String reason) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    output.clear();
    closeChannel();
    if (onClosed != null) {
      onClosed.run();
    }
    events.closed(reason);
  }

  private void closeChannel() {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same, and the peer is gone either way.
      closeReason = SystemErrors.reason(e);
    }
  }

  /**
   * Inside the core: copies pending output behind what is in {@code buffer}; false when there is
   * not enough room left and the connection must wait for the next stage.
   */
  boolean stage(ByteBuffer buffer) {
    stagedBytes = 0;
    writtenBytes = 0;
    long pending = output.pendingBytes();
    if (pending == 0 || writeBlocked || (state != State.OPEN && state != State.DRAINING)) {
      return true;
    }
    if (buffer.position() > 0 && buffer.remaining() < Math.min(pending, OutputBuffer.BLOCK_BYTES)) {
      return false;
    }
    stagedFrom = buffer.position();
    output.copyTo(buffer);
    stagedBytes = buffer.position() - stagedFrom;
    return true;
  }

  /** Outside the core: hands the staged slice to the kernel. */
  void writeStaged(ByteBuffer buffer) {
    if (stagedBytes == 0) {
      return;
    }
    buffer.limit(stagedFrom + stagedBytes).position(stagedFrom);
    try {
      writtenBytes = channel.write(buffer);
    } catch (IOException e) {
      writeFailure = SystemErrors.reason(e);
    }
  }

  /** Inside the core: takes account of what was written, and of a close that was asked for. */
  void settle() {
    dirty = false;
    if (state == State.CLOSED) {
      return;
    }
    if (writtenBytes > 0) {
      output.consume(writtenBytes);
    }
    if (writeFailure != null || state == State.CLOSING) {
      ended(state == State.CLOSING ? closeReason : writeFailure);
    } else if (writtenBytes < stagedBytes) {
      writeBlocked = true;
      updateInterest();
    } else if (!output.isEmpty()) {
      if (!writeBlocked && state != State.CONNECTING) {
        queue();
      }
    } else if (state == State.DRAINING) {
      ended(closeReason);
    } else if (stagedBytes > 0) {
      events.drained();
    }
  }

  private int interest() {
    int operations = 0;
    if (state == State.OPEN && !readingPaused) {
      operations |= SelectionKey.OP_READ;
    }
    if (writeBlocked) {
      operations |= SelectionKey.OP_WRITE;
    }
    return operations;
  }

  private void updateInterest() {
    if (key != null && key.isValid() && state != State.CONNECTING) {
      key.interestOps(interest());
      loop.noteWork();
    }
  }

  private void queue() {
    if (!dirty) {
      dirty = true;
      loop.markDirty(this);
    }
  }

  @Override
  public OutputBuffer output() {
    return output;
  }

  @Override
  public void flush() {
    if (!dirty && key != null && !writeBlocked) {
      queue();
    }
  }

  @Override
  public void close(String reason) {
    if (state != State.CLOSED && state != State.CLOSING) {
      state = State.CLOSING;
      closeReason = reason;
      queue();
    }
  }

  @Override
  public void closeAfterFlush(String reason) {
    if (state == State.CONNECTING) {
      close(reason);
    } else if (state == State.OPEN) {
      state = State.DRAINING;
      closeReason = reason;
      updateInterest();
      queue();
    }
  }

  @Override
  public void pauseReading() {
    if (!readingPaused) {
      readingPaused = true;
      updateInterest();
    }
  }

  @Override
  public void resumeReading() {
    if (readingPaused) {
      readingPaused = false;
      updateInterest();
    }
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public String localAddress() {
    return localAddress;
  }

  @Override
  public boolean isUnixSocket() {
    return unixSocket;
  }

  @Override
  public int descriptor() {
    return -1; // The JDK does not tell.
  }

  @Override
  public void keepAlive(int seconds) {
    if (unixSocket || state == State.CLOSED || state == State.CONNECTING) {
      return;
    }
    set(StandardSocketOptions.SO_KEEPALIVE, seconds > 0);
    if (seconds > 0) {
      // As Redis: probe after the interval, then three times in as long again.
      set(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
      set(ExtendedSocketOptions.TCP_KEEPINTERVAL, Math.max(seconds / 3, 1));
      set(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    }
  }

  private <T> void set(SocketOption<T> option, T value) {
    try {
      channel.setOption(option, value);
    } catch (IOException e) {
      // Only a socket that is already gone refuses; the next read or write reports that.
      closeReason = closeReason == null ? SystemErrors.reason(e) : closeReason;
    }
  }

  /** The handler of a connection that nobody wanted. */
  private enum Refused implements ConnectionEvents {
    INSTANCE;

    @Override
    public void received(byte[] buffer, int offset, int length) {}

    @Override
    public void closed(String reason) {}
  }
}
