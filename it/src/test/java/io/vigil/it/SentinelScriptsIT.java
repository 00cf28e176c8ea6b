package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.cli.client.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts of the administrator as real processes of a Sentinel. */
final class SentinelScriptsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String NOTE =
      """
      echo "$*" >> "$(dirname "$0")/called"
      """;

  @TempDir Path directory;
  private final List<DataNode> nodes = new ArrayList<>();
  private final int deadPort = Ports.block(1);
  private SentinelProcess sentinel;

  @AfterEach
  void endAll() {
    if (sentinel != null) {
      sentinel.close();
    }
    nodes.forEach(DataNode::close);
  }

  private Path script(String text) throws IOException {
    Path file = directory.resolve("script.sh");
    Files.writeString(file, "#!/bin/bash\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private List<String> calls() throws IOException {
    Path file = directory.resolve("called");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void awaitCall(String line) {
    Await.until(
        () -> "the script is called with '" + line + "'; " + sentinel.output(),
        SOON,
        () -> calls().contains(line));
  }

  /** Watches a port where nobody is: +monitor at once, +sdown a second later. */
  private void watchNobody(Path script) throws IOException {
    sentinel =
        SentinelProcess.ours(
            directory,
            "sentinel monitor mymaster 127.0.0.1 " + deadPort + " 2",
            "sentinel down-after-milliseconds mymaster 1000",
            "sentinel notification-script mymaster " + script);
    assertThat(
            sentinel.call(
                "SENTINEL", "DEBUG", "SCRIPT-MAX-RUNTIME", "700", "SCRIPT-RETRY-DELAY", "200"))
        .isEqualTo("OK");
  }

  @Test
  void anEventIsTold() throws IOException {
    watchNobody(script(NOTE));
    awaitCall("+monitor master mymaster 127.0.0.1 " + deadPort + " quorum 2");
    awaitCall("+sdown master mymaster 127.0.0.1 " + deadPort);
  }

  @Test
  void clientsCanBeToldOfANewPrimary() throws IOException {
    nodes.add(DataNode.ours(directory));
    nodes.add(DataNode.ours(directory));
    nodes.getLast().follow(nodes.getFirst());
    int from = nodes.getFirst().port();
    int to = nodes.getLast().port();
    sentinel =
        SentinelProcess.ours(
            directory,
            "sentinel monitor mymaster 127.0.0.1 " + from + " 1",
            "sentinel client-reconfig-script mymaster " + script(NOTE));
    Await.until(
        () -> "the replica is known; " + sentinel.output(),
        SOON,
        () -> sentinel.call("SENTINEL", "FAILOVER", "mymaster").equals("OK"));
    awaitCall("mymaster leader start 127.0.0.1 " + from + " 127.0.0.1 " + to);
  }

  @Test
  void aScriptThatHangsIsShownKilledAndCalledAgain() throws IOException {
    Path script =
        script(
            """
            [ "$1" = +sdown ] || exit 0
            echo $$ >> "$(dirname "$0")/called"
            exec sleep 1000
            """);
    try {
      watchNobody(script);
      Await.until(() -> "it runs; " + sentinel.output(), SOON, () -> !calls().isEmpty());
      String pid = calls().getFirst();
      assertThat(Path.of("/proc", pid, "fd").toFile().list())
          .as("descriptors")
          .containsExactlyInAnyOrder("0", "1", "2");
      List<Reply> job =
          Resp.ask(sentinel.port(), "SENTINEL", "PENDING-SCRIPTS").elements().getFirst().elements();
      assertThat(job.get(1).elements())
          .extracting(Reply::text)
          .containsExactly(script.toString(), "+sdown", "master mymaster 127.0.0.1 " + deadPort);
      assertThat(TestGroup.value(job, "flags")).isEqualTo("running");
      assertThat(TestGroup.value(job, "pid")).isEqualTo(pid);
      assertThat(TestGroup.value(job, "retry-num")).isEqualTo("1");
      assertThat(Long.parseLong(TestGroup.value(job, "run-time"))).isBetween(0L, 10_000L);

      sentinel.awaitOutput("-script-timeout " + script + " " + pid);
      assertThat(ProcessHandle.of(Long.parseLong(pid))).isEmpty();
      Await.until(() -> "it is called again; " + sentinel.output(), SOON, () -> calls().size() > 1);
      assertThat(calls().get(1)).isNotEqualTo(pid);
    } finally {
      // The Sentinel first: it would start another.
      sentinel.close();
      for (String pid : calls()) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,3", "2,1"})
  void statusOneAsksForAnotherTryAndStatusTwoDoesNot(int status, int starts) throws IOException {
    Path script =
        script(
            """
            [ "$1" = +sdown ] || exit 0
            echo called >> "$(dirname "$0")/called"
            exit\s\
            """
                + status
                + "\n");
    watchNobody(script);
    Await.until(
        () -> "it is called " + starts + " times; " + sentinel.output(),
        SOON,
        () -> calls().size() == starts);
    if (starts == 1) {
      sentinel.awaitOutput("-script-error " + script + " 0 " + status);
      assertThat(sentinel.call("SENTINEL", "PENDING-SCRIPTS")).isEqualTo("[]");
      assertThat(calls()).hasSize(1);
    } else {
      assertThat(sentinel.output()).doesNotContain("-script-error");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "notification-script,Notification script seems non existing or non executable",
    "client-reconfig-script,Client reconfiguration script seems non existing or non executable"
  })
  void aFileThatMayNotBeExecutedStopsTheStart(String option, String error) throws Exception {
    Path file = Files.writeString(directory.resolve("plain.sh"), "#!/bin/sh\n");
    String line = "sentinel " + option + " mymaster " + file;
    sentinel =
        SentinelProcess.oursThatFails(
            directory, "sentinel monitor mymaster 127.0.0.1 " + deadPort + " 2", line);
    assertThat(sentinel.process().onExit().get().exitValue()).isEqualTo(1);
    assertThat(sentinel.output()).contains("at line 5", ">>> '" + line + "'", error);
  }
}
