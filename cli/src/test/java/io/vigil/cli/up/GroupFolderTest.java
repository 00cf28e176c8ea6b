package io.vigil.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupFolderTest {
  @TempDir Path directory;

  private GroupFolder open(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--dir", directory.toString(), "--server-command", "s", "--sentinel-command", "t"));
    arguments.addAll(List.of(more));
    return GroupFolder.open(UpOptions.parse(arguments.toArray(String[]::new)));
  }

  private Path node(int port) {
    return directory.resolve("node-" + port).resolve("vigil.conf");
  }

  private Path sentinel(int port) {
    return directory.resolve("sentinel-" + port).resolve("sentinel.conf");
  }

  @Test
  void aNewGroupHasOnePrimaryAndAMajorityAsQuorum() throws IOException {
    try (GroupFolder folder = open("--port", "7000", "--sentinels", "5", "--password", "a b\"c")) {
      folder.prepare();
      assertThat(folder.primaryPort()).isEqualTo(7000);
      assertThat(node(7000))
          .content()
          .contains("port 7000\n", "requirepass \"a b\\\"c\"\n", "masterauth \"a b\\\"c\"\n")
          .doesNotContain("replicaof");
      assertThat(node(7002)).content().contains("replicaof 127.0.0.1 7000\n");
      assertThat(sentinel(27004))
          .content()
          .contains(
              "port 27004\n",
              "sentinel monitor mymaster 127.0.0.1 7000 3\n",
              "sentinel auth-pass mymaster \"a b\\\"c\"\n");
    }
  }

  @Test
  void aNewSentinelIsToldOfTheReplicasAndTheOthers() throws IOException {
    try (GroupFolder folder = open("--port", "7000")) {
      folder.prepare();
    }
    assertThat(sentinel(27001))
        .content()
        .containsPattern("sentinel myid [0-9a-f]{40}\n")
        .contains(
            "sentinel known-replica mymaster 127.0.0.1 7001\n",
            "sentinel known-replica mymaster 127.0.0.1 7002\n",
            "sentinel known-sentinel mymaster 127.0.0.1 27000 " + idOf(27000) + "\n",
            "sentinel known-sentinel mymaster 127.0.0.1 27002 " + idOf(27002) + "\n")
        .doesNotContain(
            "known-replica mymaster 127.0.0.1 7000", "known-sentinel mymaster 127.0.0.1 27001");
    String others = idOf(27000);
    Files.delete(sentinel(27001));
    try (GroupFolder folder = open()) {
      folder.prepare();
    }
    assertThat(idOf(27000)).isEqualTo(others);
    assertThat(sentinel(27001)).content().contains("127.0.0.1 27000 " + others + "\n");
  }

  private String idOf(int port) throws IOException {
    return Files.readString(sentinel(port)).replaceAll("(?s).*myid ([0-9a-f]{40}).*", "$1");
  }

  @Test
  void theSentinelWithTheNewestEpochSaysWhoIsPrimary() throws IOException {
    try (GroupFolder folder = open("--port", "7000")) {
      folder.prepare();
    }
    rewrite(sentinel(27000), 7000, 3);
    rewrite(sentinel(27001), 7002, 4);
    rewrite(sentinel(27002), 7001, 2);
    try (GroupFolder folder = open()) {
      folder.prepare();
      assertThat(folder.primaryPort()).isEqualTo(7002);
      assertThat(node(7002)).content().doesNotContain("replicaof");
      assertThat(node(7000)).content().contains("replicaof 127.0.0.1 7002\n");
      assertThat(node(7001)).content().contains("replicaof 127.0.0.1 7000\n");
    }
  }

  private static void rewrite(Path file, int primary, int epoch) throws IOException {
    Files.writeString(
        file,
        "port 1\nsentinel monitor mymaster 127.0.0.1 %d 2\nsentinel config-epoch mymaster %d\n"
            .formatted(primary, epoch));
  }

  @Test
  void anotherGroupIsRefused() throws IOException {
    try (GroupFolder folder = open("--port", "7000", "--password", "x")) {
      folder.prepare();
    }
    assertThatThrownBy(() -> open("--replicas", "4"))
        .hasMessageContaining("was made with --replicas 2, not 4.");
    assertThatThrownBy(() -> open("--port", "6379"))
        .hasMessageContaining("was made with --port 7000, not 6379.");
    assertThatThrownBy(() -> open("--password", "y")).hasMessageContaining("has another password");
  }

  @Test
  void knowsWhetherTheLastRunWasKilled() throws IOException {
    try (GroupFolder folder = open()) {
      assertThat(folder.wasKilled()).isFalse();
      folder.prepare();
    }
    try (GroupFolder folder = open()) {
      assertThat(folder.wasKilled()).isFalse();
    }
    Files.writeString(directory.resolve("lock"), "4711\n");
    try (GroupFolder folder = open()) {
      assertThat(folder.wasKilled()).isTrue();
    }
  }

  @Test
  void portsMustFit() {
    assertThatThrownBy(() -> open("--port", "45535", "--sentinels", "2"))
        .hasMessageContaining("leaves no room for the Sentinels: the last would listen on 65536");
  }
}
