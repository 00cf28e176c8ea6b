package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Sentinel says and does when what it is given is wrong. */
final class SentinelBadInputIT {
  private static final String NOBODY = "65534";

  @TempDir Path directory;
  private final List<AutoCloseable> running = new ArrayList<>();

  @AfterEach
  void endAll() throws Exception {
    for (AutoCloseable each : running) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T closing(T process) {
    running.add(process);
    return process;
  }

  private void assertRefused(SentinelProcess sentinel, String... texts) throws Exception {
    assertThat(sentinel.process().waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(sentinel.process().exitValue()).isEqualTo(1);
    assertThat(sentinel.output()).contains(texts);
  }

  /**
   * Lines 1 to 3 are the test's own; what is wrong names its line, the line, the word, the rule.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nosuch directive                                 | Bad directive or wrong number of arguments
          sentinel nosuch mymaster 1                       | Unrecognized sentinel configuration statement. 'nosuch' is none of: announce-hostnames,
          sentinel monitor mymaster 127.0.0.1 6379         | Its form is: sentinel monitor NAME IP PORT QUORUM
          sentinel announce-port                           | Its form is: sentinel announce-port PORT
          sentinel monitor mymaster 127.0.0.1 x 2          | Invalid port number. 'x' is not one of 1 to 65535.
          sentinel monitor mymaster 127.0.0.1 70000 2      | Invalid port number. '70000' is not one of 1 to 65535.
          sentinel monitor mymaster 127.0.0.1 6379 0       | Quorum must be 1 or greater.
          sentinel monitor mymaster some.host 6379 2       | Can't resolve instance hostname. 'some.host' is no address; names need 'resolve-hostnames yes'.
          sentinel monitor "mymaster 127.0.0.1 6379 2      | Unbalanced quotes in configuration line
          sentinel down-after-milliseconds other 1         | No such master with specified name. No line monitors 'other'.
          sentinel resolve-hostnames maybe                 | Please specify yes or no for the resolve-hostnames option.
          sentinel myid 1234                               | Malformed Sentinel id in myid option.
          """)
  void aMalformedLineStopsTheStart(String line, String error) throws Exception {
    SentinelProcess sentinel = closing(SentinelProcess.oursThatFails(directory, line));
    assertRefused(sentinel, "at line 4\n>>> '" + line + "'\n", error);
  }

  @ParameterizedTest
  @CsvSource({"down-after-milliseconds,0", "down-after-milliseconds,-5", "failover-timeout,soon"})
  void aTimeMustBeANumberAboveZero(String option, String value) throws Exception {
    SentinelProcess sentinel =
        closing(
            SentinelProcess.oursThatFails(
                directory,
                "sentinel monitor mymaster 127.0.0.1 6379 2",
                "sentinel " + option + " mymaster " + value));
    assertRefused(
        sentinel,
        "at line 5",
        "negative or zero time parameter. '" + value + "' is not a number above 0.");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "port " + taken.getLocalPort();
      assertRefused(
          closing(SentinelProcess.oursThatFails(directory, port)),
          "Could not create server TCP listening socket 127.0.0.1:" + taken.getLocalPort(),
          "bind: Address already in use",
          "Failed listening on port " + taken.getLocalPort() + " (TCP), aborting.");
    }
  }

  @Test
  void aSentinelNeedsAFile() throws Exception {
    Script.Result result = Script.run(directory, java.util.Map.of(), "redis-sentinel");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("Sentinel needs config file on disk to save state.");
  }

  /** As root every file may be written, so that the Sentinel is started as somebody else. */
  @Test
  void aFileThatCannotBeWrittenStopsTheStart() throws Exception {
    Path file = directory.resolve("sentinel.conf");
    Files.writeString(file, "port " + (Ports.block(1) + Ports.SENTINEL_DISTANCE) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String prefix = "";
    if ("root".equals(System.getProperty("user.name"))) {
      prefix = "setpriv --reuid " + NOBODY + " --regid " + NOBODY + " --clear-groups ";
      Script.Result readable =
          Script.run(
              directory, java.util.Map.of(), prefix + "test -r " + Programs.root() + "/bin/launch");
      assumeThat(readable.code()).as("the clone may be read by others").isZero();
    }
    Script.Result result =
        Script.run(
            directory, java.util.Map.of(), prefix + Programs.sentinel() + " ./sentinel.conf");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output())
        .contains("Sentinel config file " + file + " is not writable: Permission denied. Exiting");
  }

  /** Garbage costs the connection it came on and nothing else. */
  @Test
  void garbageOnThePortEndsItsConnectionOnly() throws Exception {
    SentinelProcess sentinel =
        closing(SentinelProcess.ours(directory, "sentinel monitor mymaster 127.0.0.1 6379 2"));
    List<byte[]> inputs = new ArrayList<>();
    for (String text :
        List.of(
            "*-1\r\n*1000000000\r\n",
            "*3\r\n$-5\r\nabc\r\n",
            "*1\r\n$999999999999\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\"unbalanced\r\n")) {
      inputs.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    Random random = new Random(20261120);
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[1 + random.nextInt(5000)];
      random.nextBytes(noise);
      inputs.add(noise);
    }
    try (Client steady = new Client(sentinel.port())) {
      for (byte[] input : inputs) {
        try (Client client = new Client(sentinel.port())) {
          client.sendRaw(input);
          client.sendRaw("\r\nQUIT\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThat(steady.call("PING")).isEqualTo("PONG");
      }
      for (String hello :
          List.of(
              "",
              ",,,,,,,",
              "127.0.0.1,1",
              "nohost,26379,%s,1,mymaster,127.0.0.1,6379,0",
              "127.0.0.1,70000,%s,1,mymaster,127.0.0.1,6379,0",
              "127.0.0.1,26379,%s,-1,mymaster,127.0.0.1,6379,0",
              "127.0.0.1,26379,%s,1,mymaster,,0,9",
              "127.0.0.1,26379,%s,1,mymaster,127.0.0.1,99999,9",
              "127.0.0.1,26379,%s,1,other,127.0.0.1,6379,9")) {
        String message = hello.replace("%s", "a".repeat(40));
        assertThat(steady.call("PUBLISH", "__sentinel__:hello", message)).isEqualTo("1");
      }
      assertThat(steady.call("SENTINEL", "SENTINELS", "mymaster")).isEqualTo("[]");
      assertThat(steady.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"))
          .isEqualTo("[127.0.0.1, 6379]");
    }
  }

  @Test
  void anHttpRequestIsCutOff() throws Exception {
    SentinelProcess sentinel = closing(SentinelProcess.ours(directory));
    try (Client client = new Client(sentinel.port())) {
      client.sendRaw("POST / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(endOf(client)).isInstanceOfAny(EOFException.class, SocketException.class);
    }
    sentinel.awaitOutput("Possible SECURITY ATTACK detected");
  }

  private static IOException endOf(Client client) {
    try {
      while (true) {
        client.receive();
      }
    } catch (IOException end) {
      return end;
    }
  }

  @Test
  void aWrongPasswordIsToldAndHoldsTheServerDown() throws Exception {
    DataNode node = closing(DataNode.ours(directory));
    node.call("CONFIG", "SET", "requirepass", "right");
    SentinelProcess sentinel =
        closing(
            SentinelProcess.ours(
                directory,
                "sentinel monitor mymaster 127.0.0.1 " + node.port() + " 2",
                "sentinel auth-pass mymaster wrong",
                "sentinel down-after-milliseconds mymaster 500"));
    sentinel.awaitOutput(
        "master mymaster 127.0.0.1 "
            + node.port()
            + " refuses this Sentinel: NOAUTH Authentication required."
            + " Check 'sentinel auth-pass mymaster'.");
    sentinel.awaitOutput("+sdown master mymaster 127.0.0.1 " + node.port());
    assertThat(sentinel.call("SENTINEL", "SET", "mymaster", "auth-pass", "right")).isEqualTo("OK");
    sentinel.awaitOutput("-sdown master mymaster 127.0.0.1 " + node.port());
  }
}
