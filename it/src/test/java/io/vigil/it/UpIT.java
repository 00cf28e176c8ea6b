package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vigil.cli.client.Address;
import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `vigil up`: a group from the outside, as its user sees it. */
class UpIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MEMBERS = 6;

  @TempDir Path directory;

  private RunningUp up(String output, String... more) throws Exception {
    String[] options = new String[more.length + 2];
    options[0] = "--dir";
    options[1] = directory.resolve("the group").toString();
    System.arraycopy(more, 0, options, 2, more.length);
    return RunningUp.start(directory, output, options);
  }

  private static RunningUp.Row rowOf(List<RunningUp.Row> rows, int port) {
    return rows.stream().filter(row -> row.port() == port).findFirst().orElseThrow();
  }

  @Test
  void saysWhoIsWhoAndReplicates() throws Exception {
    int port = Ports.block(3);
    try (RunningUp up = up("up.log", "--port", Integer.toString(port))) {
      List<RunningUp.Row> rows = up.awaitTable(MEMBERS);
      assertThat(rows)
          .extracting(RunningUp.Row::role)
          .containsExactly("primary", "replica", "replica", "sentinel", "sentinel", "sentinel");
      assertThat(rows)
          .extracting(RunningUp.Row::port)
          .containsExactly(port, port + 1, port + 2, port + 20_000, port + 20_001, port + 20_002);
      assertThat(rows).allSatisfy(row -> assertThat(row.folder()).isDirectory());
      for (RunningUp.Row row : rows.subList(0, 3)) {
        assertThat(Resp.info(row.port(), "process_id")).isEqualTo(Long.toString(row.pid()));
      }
      up.awaitLine(
          "node +"
              + (port + 1)
              + " +full resynchronisation from "
              + port
              + ": \\d+ bytes, \\d+\\.\\d+ s");
      up.awaitLine("node +" + (port + 2) + " +full resynchronisation from " + port);

      assertThat(Resp.text(port, "SET", "name", "yingges")).isEqualTo("OK");
      for (int replica : new int[] {port + 1, port + 2}) {
        Await.until(
            "the value on " + replica,
            SOON,
            () -> "yingges".equals(Resp.text(replica, "GET", "name")));
        assertThat(Resp.text(replica, "SET", "name", "other"))
            .isEqualTo("READONLY You can't write against a read only replica.");
      }
      String info = Resp.text(port, "INFO", "replication");
      assertThat(info)
          .contains("role:master\r\nconnected_slaves:2\r\nslave0:ip=127.0.0.1,port=")
          .containsPattern("slave1:ip=127.0.0.1,port=\\d+,state=online,offset=\\d+,lag=[01]\r\n")
          .contains("repl_backlog_active:1\r\n");
      List<Reply> address =
          Resp.ask(port + 20_000, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster").elements();
      assertThat(address)
          .extracting(Reply::text)
          .containsExactly("127.0.0.1", Integer.toString(port));
    }
  }

  @Test
  void killedPrimaryIsReplacedAndComesBackAsReplica() throws Exception {
    int port = Ports.block(3);
    try (RunningUp up = up("up.log", "--port", Integer.toString(port))) {
      List<RunningUp.Row> rows = up.awaitTable(MEMBERS);
      awaitReplicas(port);
      setEverywhere(port, "before", "1");
      ProcessHandle.of(rowOf(rows, port).pid()).orElseThrow().destroyForcibly();
      up.awaitLine("node +" + port + " +died \\(killed by SIGKILL\\), starts again in \\d+ s");
      up.awaitLine("\\+sdown +primary " + port);
      up.awaitLine("\\+odown +primary " + port + " is down, quorum [23]/2");
      up.awaitLine("\\+vote-for-leader +votes for sentinel \\d{5} in epoch \\d+");
      up.awaitLine("\\+switch-master +\\d+ is the primary now, " + port + " was");
      int primary = primaryPort(port);
      assertThat(primary).isNotEqualTo(port);
      assertThat(Resp.text(primary, "SET", "after", "2")).isEqualTo("OK");
      assertThat(Resp.text(primary, "GET", "before")).isEqualTo("1");

      up.awaitLine("node +" + port + " +started again \\(pid \\d+\\) as replica of " + primary);
      Await.until(
          port + " is a replica in step",
          SOON,
          () ->
              "slave".equals(Resp.info(port, "role"))
                  && "up".equals(Resp.info(port, "master_link_status"))
                  && "2".equals(Resp.text(port, "GET", "after")));
      up.awaitLine("node +" + port + " +(full|partial) resynchronisation from " + primary);
      assertThat(up.output().split("\\+switch-master")).as("said once").hasSize(2);
    }
  }

  /** Nobody has had the time to learn of anybody. */
  @Test
  void aPrimaryThatDiesAtOnceIsReplaced() throws Exception {
    int port = Ports.block(3);
    try (RunningUp up = up("up.log", "--port", Integer.toString(port))) {
      ProcessHandle.of(rowOf(up.awaitTable(MEMBERS), port).pid()).orElseThrow().destroyForcibly();
      up.awaitLine("\\+switch-master +\\d+ is the primary now, " + port + " was");
      int primary = primaryPort(port);
      assertThat(Resp.text(primary, "SET", "name", "yingges")).isEqualTo("OK");
      up.awaitLine("node +" + port + " +started again \\(pid \\d+\\) as replica of " + primary);
      Await.until(
          port + " has the value", SOON, () -> "yingges".equals(Resp.text(port, "GET", "name")));
    }
  }

  @Test
  void secondUpGoesOnWhereTheFirstStopped() throws Exception {
    int port = Ports.block(3);
    int primary;
    try (RunningUp up = up("first.log", "--port", Integer.toString(port))) {
      List<RunningUp.Row> rows = up.awaitTable(MEMBERS);
      awaitReplicas(port);
      setEverywhere(port, "name", "yingges");
      ProcessHandle.of(rowOf(rows, port).pid()).orElseThrow().destroyForcibly();
      up.awaitLine("\\+switch-master");
      primary = primaryPort(port);
      Resp.text(primary, "SET", "after", "failover");
      // Stopped before the old primary is started again: its own configuration still calls it one.
      up.signal("TERM");
      up.awaitEnd();
      assertThat(rows).allSatisfy(row -> assertThat(ProcessHandle.of(row.pid())).isEmpty());
    }
    try (RunningUp up = up("second.log")) {
      List<RunningUp.Row> rows = up.awaitTable(MEMBERS);
      assertThat(rowOf(rows, primary).role()).isEqualTo("primary");
      assertThat(rowOf(rows, port).role()).isEqualTo("replica");
      Await.until(
          "the old primary has the newest data",
          SOON,
          () -> "failover".equals(Resp.text(port, "GET", "after")));
      assertThat(Resp.text(primary, "GET", "name")).isEqualTo("yingges");
      assertThat(Resp.info(port, "role")).isEqualTo("slave");
    }
  }

  @Test
  void everySignalStopsEverything() throws Exception {
    for (String signal : List.of("INT", "TERM", "HUP")) {
      int port = Ports.block(2);
      try (RunningUp up =
          RunningUp.start(
              directory,
              signal + ".log",
              "--dir=" + directory.resolve(signal),
              "--port=" + port,
              "--replicas=1",
              "--sentinels=1")) {
        List<RunningUp.Row> rows = up.awaitTable(3);
        up.signal(signal);
        up.awaitEnd();
        assertThat(up.output()).contains("\nstopping\n").endsWith("stopped\n");
        assertThat(rows)
            .as("processes after SIG" + signal)
            .allSatisfy(row -> assertThat(ProcessHandle.of(row.pid())).isEmpty());
      }
    }
  }

  @Test
  void processesEndWhenUpIsKilled() throws Exception {
    assumeThat(Programs.areForeign()).as("a stock server outlives its starter").isFalse();
    int port = Ports.block(3);
    try (RunningUp up = up("killed.log", "--port", Integer.toString(port))) {
      List<RunningUp.Row> rows = up.awaitTable(MEMBERS);
      Resp.text(port, "SET", "name", "yingges");
      up.signal("KILL");
      Await.until(
          "no process is left",
          Duration.ofSeconds(5),
          () -> rows.stream().noneMatch(row -> ProcessHandle.of(row.pid()).isPresent()));
    }
    try (RunningUp up = up("again.log")) {
      up.awaitTable(MEMBERS);
      assertThat(Resp.text(port, "GET", "name")).isEqualTo("yingges");
    }
  }

  @Test
  void namesATakenPortBeforeAnythingStarts() throws Exception {
    int port = Ports.block(3);
    try (ServerSocket other = new ServerSocket(port + 20_001, 1, InetAddress.getLoopbackAddress());
        RunningUp up = up("taken.log", "--port", Integer.toString(port))) {
      assertThat(other.isBound()).isTrue();
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.output())
          .contains(
              "Port " + (port + 20_001) + " is taken by another process. Nothing was started.");
      assertThat(directory.resolve("the group").resolve("node-" + port)).doesNotExist();
    }
  }

  @Test
  void aFolderTakesOneUpAtATime() throws Exception {
    int port = Ports.block(1);
    String[] options = {"--port", Integer.toString(port), "--replicas", "0", "--sentinels", "0"};
    try (RunningUp first = up("first.log", options)) {
      first.awaitTable(1);
      try (RunningUp second = up("second.log")) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output()).containsPattern("Another `vigil up` \\(pid \\d+\\) runs on ");
      }
    }
  }

  @Test
  void passwordGuardsEveryMemberAndFailoverWorksWithIt() throws Exception {
    int port = Ports.block(3);
    String password = "s3cret \"quoted\" \\ x";
    try (RunningUp up = up("up.log", "--port", Integer.toString(port), "--password", password)) {
      List<RunningUp.Row> rows = up.awaitTable(MEMBERS);
      for (RunningUp.Row row : rows) {
        assertThat(Resp.text(row.port(), "PING")).startsWith("NOAUTH");
        assertThat(Resp.askWith(password, row.port(), "PING").text()).isEqualTo("PONG");
      }
      assertThat(Files.getPosixFilePermissions(rows.getFirst().folder().resolve("vigil.conf")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      up.awaitLine("node +" + (port + 1) + " +full resynchronisation");
      up.awaitLine("node +" + (port + 2) + " +full resynchronisation");
      Await.until(
          "the Sentinels know the replicas and each other",
          SOON,
          () -> {
            List<Reply> fields =
                Resp.askWith(password, port + 20_000, "SENTINEL", "MASTER", "mymaster").elements();
            return TestGroup.value(fields, "num-slaves").equals("2")
                && TestGroup.value(fields, "num-other-sentinels").equals("2");
          });
      ProcessHandle.of(rowOf(rows, port).pid()).orElseThrow().destroyForcibly();
      up.awaitLine("\\+switch-master");
      up.awaitLine("node +" + port + " +started again");
    }
  }

  @Test
  void badOptionsAreNamed() throws Exception {
    assertRefused("Unknown option '--foo' of vigil up. Options are --replicas,", "--foo");
    assertRefused("The option --port needs a value.", "--port");
    assertRefused("--port wants a number from 1 to 45535, not 'abc'.", "--port", "abc");
    assertRefused("--replicas wants a number from 0 to 99, not '-1'.", "--replicas=-1");
  }

  private void assertRefused(String message, String... options) throws Exception {
    try (RunningUp up = RunningUp.start(directory, "refused.log", options)) {
      assertThat(up.awaitEnd()).isEqualTo(2);
      assertThat(up.output()).contains(message);
    }
  }

  /**
   * Writes, and waits until both replicas have it: what only a dead primary had is lost by right.
   */
  private static void setEverywhere(int primary, String key, String value) throws Exception {
    try (RedisConnection connection =
        RedisConnection.open(new Address.Tcp("127.0.0.1", primary), 10_000)) {
      assertThat(connection.call("SET", key, value).text()).isEqualTo("OK");
      assertThat(connection.call("WAIT", "2", "5000").text()).isEqualTo("2");
    }
  }

  private static void awaitReplicas(int primary) {
    Await.until(
        "both replicas are in step and known to every Sentinel",
        SOON,
        () -> {
          for (int sentinel = primary + 20_000; sentinel < primary + 20_003; sentinel++) {
            List<Reply> fields = Resp.ask(sentinel, "SENTINEL", "MASTER", "mymaster").elements();
            if (!TestGroup.value(fields, "num-slaves").equals("2")
                || !TestGroup.value(fields, "num-other-sentinels").equals("2")) {
              return false;
            }
          }
          return Resp.text(primary, "INFO", "replication").split("state=online", -1).length == 3;
        });
  }

  private static int primaryPort(int firstPort) throws Exception {
    Reply reply = Resp.ask(firstPort + 20_000, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster");
    return Integer.parseInt(reply.elements().get(1).text());
  }
}
