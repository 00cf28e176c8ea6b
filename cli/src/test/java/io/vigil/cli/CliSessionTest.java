package io.vigil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The prompt tells the state that the session keeps in mind. */
class CliSessionTest {

  @Test
  void promptShowsAddressDatabaseAndTransaction() throws IOException {
    try (FakeServer server =
        new FakeServer(
            "+OK\r\n", "+OK\r\n", "+QUEUED\r\n", "*1\r\n+OK\r\n", "+OK\r\n", "+OK\r\n")) {
      CliOptions options = new CliOptions();
      options.port = server.port();
      CliSession session =
          new CliSession(
              options,
              new ByteArrayOutputStream(),
              new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
              true);
      String address = "127.0.0.1:" + server.port();
      assertThat(session.prompt()).isEqualTo("not connected> ");
      assertThat(session.connect(false)).isTrue();
      assertThat(session.prompt()).isEqualTo(address + "> ");
      issue(session, "select", "3");
      assertThat(session.prompt()).isEqualTo(address + "[3]> ");
      issue(session, "multi");
      assertThat(session.prompt()).isEqualTo(address + "[3](TX)> ");
      issue(session, "select", "4");
      assertThat(session.prompt()).isEqualTo(address + "[4](TX)> ");
      issue(session, "exec");
      assertThat(session.prompt()).isEqualTo(address + "[4]> ");
      issue(session, "multi");
      issue(session, "discard");
      assertThat(session.prompt()).isEqualTo(address + "[4]> ");
      issue(session, "get", "a");
      assertThat(session.prompt()).isEqualTo("not connected> ");
    }
  }

  private static void issue(CliSession session, String... words) throws IOException {
    List<byte[]> command =
        java.util.Arrays.stream(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
    session.issue(command, 1);
  }

  @Test
  void passwordsStayOutOfTheHistory() {
    for (String secret :
        List.of(
            "auth x",
            "AUTH u x",
            "acl setuser u",
            "config set requirepass x",
            "CONFIG SET masterauth x",
            "hello 3 auth u x",
            "migrate h 1 k 0 1 auth x",
            "migrate h 1 k 0 1 copy auth2 u x")) {
      assertThat(holdsSecret(secret)).as(secret).isTrue();
    }
    for (String plain :
        List.of(
            "set auth x", "config set dir x", "hello 3", "acl list", "config get requirepass")) {
      assertThat(holdsSecret(plain)).as(plain).isFalse();
    }
  }

  private static boolean holdsSecret(String line) {
    return SensitiveCommands.holdsSecret(Quoting.split(line.getBytes(StandardCharsets.UTF_8)));
  }
}
