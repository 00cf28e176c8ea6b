package io.vigil.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import io.vigil.core.env.Network.ConnectTarget;
import io.vigil.core.env.Network.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets against one transport, driven from the test's thread through {@code execute}. */
class TransportTest {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<String> logged = new ArrayList<>();
  private Transport transport;
  private Thread runner;

  private final Log log =
      new Log() {
        @Override
        public boolean isEnabled(Level level) {
          return true;
        }

        @Override
        public void log(Level level, String message) {
          logged.add(message);
        }
      };

  @AfterEach
  void stop() throws InterruptedException {
    if (transport != null) {
      transport.stop();
      runner.join(5_000);
      assertThat(runner.isAlive()).isFalse();
      assertThat(failure.get()).isNull();
    }
  }

  private void startTransport(int loops) {
    transport = new Transport(new SystemHost(_ -> {}), log, loops, failure::set);
    runner = new Thread(transport::run, "loop 0");
    runner.start();
  }

  /** Runs {@code body} in the core and returns its result here. */
  private <T> T inCore(Body<T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    transport.execute(
        () -> {
          try {
            result.complete(body.run(transport.env().network()));
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private interface Body<T> {
    T run(Network network) throws Exception;
  }

  /** Listens on a free port of 127.0.0.1. */
  private Network.Listener listen(Function<Connection, ConnectionEvents> handler) {
    return inCore(
        network -> network.listen(new ListenAddress("127.0.0.1", 0, 511, null, 0), handler::apply));
  }

  private static ConnectionEvents echo(Connection connection) {
    return new ConnectionEvents() {
      @Override
      public void received(byte[] buffer, int offset, int length) {
        connection.output().write(buffer, offset, length);
        connection.flush();
      }

      @Override
      public void closed(String reason) {}
    };
  }

  private static Socket open(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    socket.setSoTimeout(10_000);
    return socket;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void echoesOnManyConnections(int loops) throws Exception {
    startTransport(loops);
    int port = listen(TransportTest::echo).port();
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sockets.add(open(port));
    }
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < sockets.size(); i++) {
        sockets.get(i).getOutputStream().write(("message " + round + " of " + i).getBytes());
      }
      for (int i = 0; i < sockets.size(); i++) {
        byte[] expected = ("message " + round + " of " + i).getBytes();
        byte[] answer = sockets.get(i).getInputStream().readNBytes(expected.length);
        assertThat(answer).isEqualTo(expected);
      }
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void outputLargerThanTheSocketBufferArrivesWholeOnceTheReaderReads() throws Exception {
    startTransport(1);
    byte[] big = new byte[20 << 20];
    for (int i = 0; i < big.length; i++) {
      big[i] = (byte) (i * 31 + (i >> 13));
    }
    CompletableFuture<Long> drained = new CompletableFuture<>();
    int port =
        listen(
                connection ->
                    new ConnectionEvents() {
                      @Override
                      public void received(byte[] buffer, int offset, int length) {
                        connection.output().write(big, 0, big.length / 2);
                        connection.output().writeShared(big, big.length / 2, big.length / 2);
                        connection.flush();
                      }

                      @Override
                      public void drained() {
                        drained.complete(connection.output().pendingBytes());
                      }

                      @Override
                      public void closed(String reason) {}
                    })
            .port();
    try (Socket slow = open(port)) {
      slow.getOutputStream().write('x');
      try (Socket other = open(port)) {
        assertThat(other.isConnected()).isTrue(); // a stuck writer holds nobody up
      }
      assertThat(drained).isNotDone();
      assertThat(slow.getInputStream().readNBytes(big.length)).isEqualTo(big);
      assertThat(drained.get(5, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void closeAfterFlushSendsWhatIsPendingThenEndsTheStream() throws Exception {
    startTransport(1);
    CompletableFuture<String> closed = new CompletableFuture<>();
    int port =
        listen(
                connection ->
                    new ConnectionEvents() {
                      @Override
                      public void received(byte[] buffer, int offset, int length) {
                        connection.output().write("bye".getBytes());
                        connection.closeAfterFlush("asked to");
                        assertThat(closed).isNotDone();
                      }

                      @Override
                      public void closed(String reason) {
                        closed.complete(reason);
                      }
                    })
            .port();
    try (Socket socket = open(port)) {
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo("bye".getBytes());
    }
    assertThat(closed.get(5, TimeUnit.SECONDS)).isEqualTo("asked to");
  }

  @Test
  void closeDropsOutputAndIsReportedAfterTheCall() throws Exception {
    startTransport(1);
    CompletableFuture<String> closed = new CompletableFuture<>();
    int port =
        listen(
                connection ->
                    new ConnectionEvents() {
                      @Override
                      public void received(byte[] buffer, int offset, int length) {
                        connection.output().write("lost".getBytes());
                        connection.flush();
                        connection.close("now");
                        assertThat(closed).isNotDone();
                      }

                      @Override
                      public void closed(String reason) {
                        closed.complete(reason);
                      }
                    })
            .port();
    try (Socket socket = open(port)) {
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
    assertThat(closed.get(5, TimeUnit.SECONDS)).isEqualTo("now");
  }

  @Test
  void anUnwantedConnectionIsClosedAfterItsMessage() throws Exception {
    startTransport(1);
    int port =
        listen(
                connection -> {
                  connection.output().write("-ERR full\r\n".getBytes());
                  return null;
                })
            .port();
    try (Socket socket = open(port)) {
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo("-ERR full\r\n".getBytes());
    }
  }

  @Test
  void pausedConnectionIsNotReadUntilItIsResumed() throws Exception {
    startTransport(1);
    AtomicReference<Connection> server = new AtomicReference<>();
    CompletableFuture<String> received = new CompletableFuture<>();
    int port =
        listen(
                connection -> {
                  server.compareAndSet(null, connection);
                  connection.pauseReading();
                  return new ConnectionEvents() {
                    @Override
                    public void received(byte[] buffer, int offset, int length) {
                      received.complete(
                          new String(buffer, offset, length, StandardCharsets.ISO_8859_1));
                    }

                    @Override
                    public void closed(String reason) {}
                  };
                })
            .port();
    try (Socket socket = open(port)) {
      socket.getOutputStream().write("hello".getBytes());
      // Two connections served after it prove that the loop has turned since the bytes came.
      for (int i = 0; i < 2; i++) {
        open(port).close();
        inCore(_ -> null);
      }
      assertThat(received).isNotDone();
      inCore(
          _ -> {
            server.get().resumeReading();
            return null;
          });
      assertThat(received.get(5, TimeUnit.SECONDS)).isEqualTo("hello");
    }
  }

  @Test
  void connectsOutAndReportsWhatHappened() throws Exception {
    startTransport(1);
    int port = listen(TransportTest::echo).port();
    CompletableFuture<String> answer = new CompletableFuture<>();
    inCore(
        network -> {
          Connection[] own = new Connection[1];
          own[0] =
              network.connect(
                  new ConnectTarget("localhost", port, "127.0.0.1", 5_000, false),
                  new ConnectionEvents() {
                    @Override
                    public void opened() {
                      own[0].output().write("ping".getBytes());
                      own[0].flush();
                    }

                    @Override
                    public void received(byte[] buffer, int offset, int length) {
                      answer.complete(new String(buffer, offset, length));
                      own[0].close("done");
                    }

                    @Override
                    public void closed(String reason) {
                      answer.complete("closed: " + reason);
                    }
                  });
          return null;
        });
    assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo("ping");
  }

  @Test
  void connectFailuresComeAsClosed() throws Exception {
    startTransport(1);
    Network.Listener listener = listen(TransportTest::echo);
    inCore(
        _ -> {
          listener.close();
          return null;
        });
    assertThat(connectFailure("127.0.0.1", listener.port(), 5_000)).isEqualTo("Connection refused");
    assertThat(connectFailure("no-such-host.invalid", 1, 5_000))
        .isEqualTo("Name or service not known");
  }

  private String connectFailure(String host, int port, long timeoutMs) throws Exception {
    CompletableFuture<String> closed = new CompletableFuture<>();
    inCore(
        network ->
            network.connect(
                new ConnectTarget(host, port, null, timeoutMs, false),
                new ConnectionEvents() {
                  @Override
                  public void received(byte[] buffer, int offset, int length) {}

                  @Override
                  public void closed(String reason) {
                    closed.complete(reason);
                  }
                }));
    return closed.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aTakenPortIsNamed() {
    startTransport(1);
    int port = listen(TransportTest::echo).port();
    assertThatThrownBy(
            () ->
                inCore(
                    network ->
                        network.listen(
                            new ListenAddress("127.0.0.1", port, 511, null, 0),
                            TransportTest::echo)))
        .hasRootCauseMessage("Address already in use")
        .hasMessageContaining(
            "Could not create server TCP listening socket 127.0.0.1:"
                + port
                + ": bind: Address already in use");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aPortIsFreeAgainAsSoonAsItsListenerIsClosed(int loops) throws Exception {
    startTransport(loops);
    List<Network.Listener> last = new ArrayList<>();
    Network.Listener first =
        listen(
            connection ->
                new ConnectionEvents() {
                  @Override
                  public void received(byte[] buffer, int offset, int length) {
                    Network.Listener old = last.removeLast();
                    old.close();
                    try {
                      last.add(
                          transport
                              .env()
                              .network()
                              .listen(
                                  new ListenAddress("127.0.0.1", old.port(), 511, null, 0),
                                  TransportTest::echo));
                    } catch (IOException e) {
                      connection.output().write(e.getMessage().getBytes());
                    }
                    connection.output().write((byte) '.');
                    connection.flush();
                  }

                  @Override
                  public void closed(String reason) {}
                });
    last.add(first);
    try (Socket socket = open(first.port())) {
      for (int i = 0; i < 10; i++) {
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('.');
      }
    }
  }

  @Test
  void bothWildcardsShareOnePort() throws Exception {
    startTransport(1);
    int port =
        inCore(
            network -> {
              int chosen =
                  network
                      .listen(new ListenAddress("*", 0, 511, null, 0), TransportTest::echo)
                      .port();
              network.listen(new ListenAddress("::*", chosen, 511, null, 0), TransportTest::echo);
              return chosen;
            });
    try (Socket socket = open(port)) {
      socket.getOutputStream().write('4');
      assertThat(socket.getInputStream().read()).isEqualTo('4');
    }
    try (Socket socket = new Socket("::1", port)) {
      socket.getOutputStream().write('6');
      assertThat(socket.getInputStream().read()).isEqualTo('6');
    }
  }

  @Test
  void unixSocketHasItsModeAndReplacesAStaleFile(@TempDir Path folder) throws Exception {
    startTransport(1);
    Path path = folder.resolve("vigil.sock");
    Files.writeString(path, "stale");
    AtomicReference<String> peer = new AtomicReference<>();
    Network.Listener listener =
        inCore(
            network ->
                network.listen(
                    new ListenAddress(null, 0, 511, path.toString(), 0640),
                    connection -> {
                      peer.set(connection.remoteAddress());
                      return echo(connection);
                    }));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-r-----");
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(path));
      client.write(ByteBuffer.wrap("hi".getBytes()));
      ByteBuffer answer = ByteBuffer.allocate(2);
      while (answer.hasRemaining() && client.read(answer) >= 0) {
        assertThat(answer.position()).isLessThanOrEqualTo(2);
      }
      assertThat(answer.array()).isEqualTo("hi".getBytes());
    }
    assertThat(peer.get()).isEqualTo(path + ":0");
    inCore(
        _ -> {
          listener.close();
          return null;
        });
    assertThat(path).doesNotExist();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void jobsOfALaneKeepTheirOrder() throws Exception {
    startTransport(1);
    List<Integer> jobs = new ArrayList<>();
    List<Integer> completions = new ArrayList<>();
    CompletableFuture<Thread> last = new CompletableFuture<>();
    inCore(
        _ -> {
          for (int i = 0; i < 100; i++) {
            int number = i;
            transport
                .env()
                .offload()
                .submit(
                    "lane",
                    () -> {
                      synchronized (jobs) {
                        jobs.add(number);
                      }
                      return number;
                    },
                    (result, problem) -> {
                      assertThat(problem).isNull();
                      completions.add(result);
                      if (result == 99) {
                        last.complete(Thread.currentThread());
                      }
                    });
          }
          return null;
        });
    assertThat(last.get(10, TimeUnit.SECONDS)).isSameAs(runner);
    assertThat(jobs).isSorted().hasSize(100);
    assertThat(completions).isSorted().hasSize(100);
  }

  @Test
  void aFailedJobReportsItsException() throws Exception {
    startTransport(1);
    CompletableFuture<Exception> problem = new CompletableFuture<>();
    inCore(
        _ -> {
          transport
              .env()
              .offload()
              .submit(
                  "lane",
                  () -> {
                    throw new IOException("disk on fire");
                  },
                  (_, failed) -> problem.complete(failed));
          return null;
        });
    assertThat(problem.get(5, TimeUnit.SECONDS)).hasMessage("disk on fire");
  }

  @Test
  void childrenReportExitCodeSignalAndTimeout() throws Exception {
    startTransport(1);
    assertThat(run(List.of("/bin/sh", "-c", "exit 3"), 5_000)).isEqualTo("3 0 false");
    assertThat(run(List.of("/bin/sh", "-c", "kill -TERM $$"), 5_000)).isEqualTo("0 15 false");
    assertThat(run(List.of("/bin/sleep", "60"), 50)).isEqualTo("0 9 true");
    assertThat(run(List.of("/no/such/program"), 5_000)).isEqualTo("-1 0 false");
  }

  private String run(List<String> command, long timeoutMs) throws Exception {
    CompletableFuture<String> ended = new CompletableFuture<>();
    inCore(
        _ -> {
          transport
              .env()
              .processes()
              .run(
                  command,
                  timeoutMs,
                  (code, signal, timedOut) -> ended.complete(code + " " + signal + " " + timedOut));
          return null;
        });
    return ended.get(10, TimeUnit.SECONDS);
  }

  @Test
  void anExceptionInTheCoreIsHandedToTheOwner() throws Exception {
    startTransport(1);
    transport.execute(
        () -> {
          throw new IllegalStateException("a bug");
        });
    runner.join(5_000);
    assertThat(failure.getAndSet(null)).hasMessage("a bug");
  }

  @Test
  void endOfStreamIsReportedOnce() throws Exception {
    startTransport(1);
    List<String> reasons = new ArrayList<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    int port =
        listen(
                connection ->
                    new ConnectionEvents() {
                      @Override
                      public void received(byte[] buffer, int offset, int length) {}

                      @Override
                      public void closed(String reason) {
                        reasons.add(reason);
                        connection.close("again");
                        closed.complete(null);
                      }
                    })
            .port();
    open(port).close();
    closed.get(5, TimeUnit.SECONDS);
    inCore(_ -> null);
    assertThat(reasons).containsExactly(StreamConnection.CLOSED_BY_PEER);
  }
}
