package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to start and to end a server, with real processes. */
class StartIT {
  @TempDir Path folder;
  private final int port;
  private final List<Long> daemons = new ArrayList<>();

  StartIT() throws IOException {
    port = ServerProcess.freePort();
  }

  @AfterEach
  void stopDaemons() {
    for (long pid : daemons) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private String portText() {
    return Integer.toString(port);
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private String ping() throws IOException {
    try (Client client = new Client(port)) {
      return client.call("PING");
    }
  }

  @Test
  void foregroundWritesRedissLinesInOrder() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, "--port", portText(), "--save", "")) {
      server.awaitReady();
      assertThat(ping()).isEqualTo("PONG");
      server.signal("TERM");
      assertThat(server.awaitExit()).isZero();
      String stamp = "\\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{3}";
      String pid = Long.toString(server.pid());
      assertThat(server.output())
          .containsPattern(pid + ":C " + stamp + " # oO0OoO0OoO0Oo Redis is starting")
          .containsPattern(pid + ":C " + stamp + " # Configuration loaded")
          .containsPattern(pid + ":M " + stamp + " \\* Running mode=standalone, port=" + port)
          .containsPattern(pid + ":M " + stamp + " # Server initialized")
          .containsPattern(pid + ":M " + stamp + " \\* Ready to accept connections")
          .containsPattern(
              pid + ":signal-handler \\(\\d+\\) Received SIGTERM scheduling shutdown\\.\\.\\.")
          .containsPattern(pid + ":M " + stamp + " # User requested shutdown")
          .containsPattern(pid + ":M " + stamp + " # Redis is now ready to exit, bye bye");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void endsInOrderOnASignal(String signal) throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, "--port", portText())) {
      server.awaitReady().signal(signal);
      assertThat(server.awaitExit()).isZero();
      assertThat(server.output()).contains("Received SIG" + signal + " scheduling shutdown...");
    }
  }

  /** A script's shell starts what stands before an {@code &} with SIGINT ignored. */
  @Test
  void anInterruptEndsWhatAScriptStartedInTheBackground() throws Exception {
    String lines =
        """
        redis-server --port $port --save '' &
        until redis-cli -p $port ping | grep PONG; do sleep 0.1; done
        kill -INT $!
        wait $!
        """;
    Script.Result result = Script.run(folder, Map.of("port", portText()), lines);
    assertThat(result.output()).contains("Received SIGINT scheduling shutdown...");
    assertThat(result.code()).isZero();
  }

  @Test
  void hangUpIsIgnoredAndAStopIsSurvived() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, "--port", portText())) {
      server.awaitReady().signal("HUP");
      assertThat(ping()).isEqualTo("PONG");
      server.signal("STOP");
      TimeUnit.SECONDS.sleep(3); // the point of the test: nothing may count this against the server
      server.signal("CONT");
      assertThat(ping()).isEqualTo("PONG");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  @Test
  void configurationFileOptionsAndStandardInputAddUp() throws Exception {
    file("redis.conf", "port 1", "dir .", "loglevel verbose", "timeout 11");
    byte[] input = ("port " + port + "\ntimeout 12\n").getBytes();
    try (ServerProcess server =
        ServerProcess.start(folder, input, List.of(), "redis.conf", "--maxclients", "77", "-")) {
      server.input().close();
      server.awaitReady();
      try (Client client = new Client(port)) {
        assertThat(client.call("CONFIG", "GET", "timeout")).isEqualTo("[timeout, 12]");
        assertThat(client.call("CONFIG", "GET", "maxclients")).isEqualTo("[maxclients, 77]");
        assertThat(client.call("CONFIG", "GET", "dir"))
            .isEqualTo("[dir, " + folder.toRealPath() + "]");
      }
    }
  }

  @Test
  void daemonsAreDetachedAndWriteTheirFiles() throws Exception {
    List<Integer> ports = List.of(port, ServerProcess.freePort(), ServerProcess.freePort());
    for (int each : ports) {
      Path config =
          file(
              "redis" + each + ".conf",
              "bind 127.0.0.1",
              "port " + each,
              "daemonize yes",
              "pidfile " + folder + "/redis" + each + ".pid",
              "loglevel notice",
              "logfile " + folder + "/redis" + each + ".log",
              "dir " + folder,
              "dbfilename dump" + each + ".rdb");
      try (ServerProcess starter = ServerProcess.start(folder, config.toString())) {
        assertThat(starter.awaitExit()).isZero();
        assertThat(starter.output()).isEmpty();
      }
      long pid = Long.parseLong(Files.readString(folder.resolve("redis" + each + ".pid")).strip());
      daemons.add(pid);
      assertThat(Files.readString(folder.resolve("redis" + each + ".log")))
          .contains(pid + ":M ")
          .contains("Ready to accept connections");
      assertThat(sessionOf(pid)).isEqualTo(pid).isNotEqualTo(sessionOf(currentPid()));
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/1")))
          .isEqualTo(Path.of("/dev/null"));
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/2")))
          .isEqualTo(Path.of("/dev/null"));
    }
    for (int i = 0; i < ports.size(); i++) {
      try (Client client = new Client(ports.get(i))) {
        assertThat(client.call("PING")).isEqualTo("PONG");
        client.send("SHUTDOWN", "NOSAVE");
      }
      long pid = daemons.get(i);
      ProcessHandle.of(pid)
          .ifPresent(daemon -> daemon.onExit().orTimeout(20, TimeUnit.SECONDS).join());
      assertThat(folder.resolve("redis" + ports.get(i) + ".pid")).doesNotExist();
    }
  }

  private static long currentPid() {
    return ProcessHandle.current().pid();
  }

  private static long sessionOf(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }

  @Test
  void aDaemonThatCannotStartSaysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(port);
        ServerProcess starter =
            ServerProcess.start(folder, "--port", portText(), "--daemonize", "yes")) {
      assertThat(taken.isBound()).isTrue();
      assertThat(starter.awaitExit()).isEqualTo(1);
      assertThat(starter.output())
          .contains("Failed listening on port " + port + " (TCP), aborting.")
          .contains("The server did not start");
    }
  }

  @Test
  void aPortInUseStopsTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(port);
        ServerProcess server = ServerProcess.start(folder, "--port", portText())) {
      assertThat(taken.isBound()).isTrue();
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output())
          .contains(
              "Warning: Could not create server TCP listening socket *:"
                  + port
                  + ": bind: Address already in use")
          .contains("Failed listening on port " + port + " (TCP), aborting.");
    }
  }

  @Test
  void aBadDirectiveIsShownWithItsLine() throws Exception {
    file("bad.conf", "port " + port, "", "no-such-directive yes");
    try (ServerProcess server = ServerProcess.start(folder, "bad.conf")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output())
          .contains(
              """

              *** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***
              Reading the configuration file, at line 3
              >>> 'no-such-directive yes'
              Bad directive or wrong number of arguments
              """);
    }
  }

  @Test
  void aMissingConfigurationFileIsNamed() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, "missing.conf")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output())
          .contains("Fatal error, can't open config file")
          .contains("missing.conf': No such file or directory");
    }
  }

  @Test
  void aFolderThatIsNotThereStopsTheStart() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(folder, "--port", portText(), "--dir", "/no/such/folder")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output()).contains("FATAL CONFIG FILE ERROR").contains("/no/such/folder");
    }
  }

  @Test
  void whatIsNotThereYetIsRefused() throws Exception {
    for (String[] option :
        new String[][] {
          {"--appendonly", "yes"},
          {"--cluster-enabled", "yes"},
          {"--tls-port", "1"},
          {"--loadmodule", "/x.so"},
          {"--syslog-enabled", "yes"},
        }) {
      try (ServerProcess server =
          ServerProcess.start(folder, "--port", portText(), option[0], option[1])) {
        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(server.output())
            .contains("FATAL CONFIG FILE ERROR")
            .contains(option[0].substring(2));
      }
    }
  }

  @Test
  void unixSocketIsServedWithItsMode() throws Exception {
    Path socket = folder.resolve("v.sock");
    try (ServerProcess server =
        ServerProcess.start(
            folder, "--port", "0", "--unixsocket", socket.toString(), "--unixsocketperm", "700")) {
      server.awaitOutput("The server is now ready to accept connections at " + socket);
      assertThat(Files.getPosixFilePermissions(socket)).hasSize(3);
      server.signal("TERM");
      assertThat(server.awaitExit()).isZero();
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void listensElsewhereWhenTold() throws Exception {
    int other = ServerProcess.freePort();
    try (ServerProcess server = ServerProcess.start(folder, "--port", portText())) {
      server.awaitReady();
      try (Client client = new Client(port)) {
        assertThat(client.call("CONFIG", "SET", "port", Integer.toString(other))).isEqualTo("OK");
        assertThat(client.call("CONFIG", "SET", "bind", "127.0.0.1")).isEqualTo("OK");
        assertThat(client.call("CONFIG", "SET", "bind", "192.0.2.1"))
            .contains("Failed to bind to specified addresses.");
        assertThat(client.call("PING")).isEqualTo("PONG");
      }
      try (Client client = new Client(other)) {
        assertThat(client.call("PING")).isEqualTo("PONG");
      }
      assertThatThrownBy(() -> new Client(port)).hasMessageContaining("refused");
    }
  }

  @Test
  void endsWhenItsStandardInputDoesIfAskedTo() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            folder,
            new byte[] {'x'},
            List.of("VIGIL_EXIT_WHEN_STDIN_CLOSES=1"),
            "--port",
            portText())) {
      server.awaitReady();
      server.input().close();
      assertThat(server.awaitExit()).isZero();
      assertThat(server.output()).contains("bye bye");
    }
  }

  @Test
  void standardInputIsLeftAloneOtherwise() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, "--port", portText())) {
      server.awaitReady();
      server.input().close();
      assertThat(ping()).isEqualTo("PONG");
    }
  }

  @Test
  void printsItsVersion() throws Exception {
    for (String option : List.of("-v", "--version")) {
      try (ServerProcess server = ServerProcess.start(folder, option)) {
        assertThat(server.awaitExit()).isZero();
        assertThat(server.output()).contains("Redis server v=7.0.15 ").contains("vigil ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void printsItsUsage(String option) throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, option)) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.output()).startsWith("Usage: ./redis-server [/path/to/redis.conf]");
    }
  }
}
