package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionCommandsTest {
  private final CommandTester tester = new CommandTester();

  @Test
  void pingAndEcho() {
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
    assertThat(tester.text("ping", "hi")).isEqualTo("$2\r\nhi\r\n");
    assertThat(tester.text("PING", "a", "b"))
        .isEqualTo("-ERR wrong number of arguments for 'ping' command\r\n");
    assertThat(tester.text("ECHO", "x\0y")).isEqualTo("$3\r\nx\0y\r\n");
    assertThat(tester.text("ECHO"))
        .isEqualTo("-ERR wrong number of arguments for 'echo' command\r\n");
  }

  @Test
  void unknownCommandsAreNamedWithTheirArguments() {
    assertThat(tester.text("foo", "bar", "b\r\naz"))
        .isEqualTo("-ERR unknown command 'foo', with args beginning with: 'bar' 'b  az' \r\n");
    String longWord = "x".repeat(200);
    assertThat(tester.text(longWord, longWord, "more"))
        .isEqualTo(
            "-ERR unknown command '"
                + "x".repeat(128)
                + "', with args beginning with: '"
                + "x".repeat(128)
                + "' \r\n");
  }

  @Test
  void selectChecksItsRange() {
    assertThat(tester.text("SELECT", "15")).isEqualTo("+OK\r\n");
    assertThat(tester.text("SELECT", "16")).isEqualTo("-ERR DB index is out of range\r\n");
    assertThat(tester.text("SELECT", "-1")).isEqualTo("-ERR DB index is out of range\r\n");
    assertThat(tester.text("SELECT", "x"))
        .isEqualTo("-ERR value is not an integer or out of range\r\n");
  }

  @Test
  void pipelinesAreAnsweredInOrderAcrossTurns() {
    StringBuilder pipeline = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      pipeline.append(TestClient.encode("ECHO", "n" + i));
      expected.append('$').append(("n" + i).length()).append("\r\nn").append(i).append("\r\n");
    }
    tester.client().sendRaw(pipeline.toString());
    assertThat(tester.client().takeText()).isEqualTo(expected.toString());
  }

  @Test
  void commandsMayArriveByteByByte() {
    for (char letter : (TestClient.encode("ECHO", "abc") + "PING\r\n").toCharArray()) {
      tester.client().sendRaw(String.valueOf(letter));
    }
    assertThat(tester.client().takeText()).isEqualTo("$3\r\nabc\r\n+PONG\r\n");
  }

  @Test
  void brokenProtocolIsAnsweredAndCloses() {
    tester.client().sendRaw("*1\r\nPING\r\n");
    assertThat(tester.client().takeText())
        .isEqualTo("-ERR Protocol error: expected '$', got 'P'\r\n");
    assertThat(tester.client().isClosed()).isTrue();
    assertThat(tester.node().sessions().count()).isZero();
  }

  @Test
  void passwordIsAskedFor() {
    tester.node().sessions().limits().password = "secret";
    TestClient client = tester.connect();
    assertThat(client.raw("PING")).isEqualTo("-NOAUTH Authentication required.\r\n");
    assertThat(client.raw("AUTH", "wrong"))
        .isEqualTo("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    assertThat(client.raw("AUTH", "other", "secret")).startsWith("-WRONGPASS");
    assertThat(client.raw("HELLO", "3")).startsWith("-NOAUTH HELLO must be called with");
    assertThat(client.raw("AUTH", "secret")).isEqualTo("+OK\r\n");
    assertThat(client.raw("PING")).isEqualTo("+PONG\r\n");
    assertThat(client.raw("RESET")).isEqualTo("+RESET\r\n");
    assertThat(client.raw("PING")).startsWith("-NOAUTH");
    assertThat(client.raw("AUTH", "default", "secret")).isEqualTo("+OK\r\n");
  }

  @Test
  void authWithoutPasswordConfigured() {
    assertThat(tester.text("AUTH", "x"))
        .isEqualTo(
            "-ERR AUTH <password> called without any password configured for the default user. Are"
                + " you sure your configuration is correct?\r\n");
    assertThat(tester.text("AUTH", "default", "x")).isEqualTo("+OK\r\n");
    assertThat(tester.text("AUTH", "a", "b", "c")).isEqualTo("-ERR syntax error\r\n");
  }

  @Test
  void helloChoosesTheProtocol() {
    assertThat(tester.text("HELLO", "3", "SETNAME", "me"))
        .isEqualTo(
            "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n"
                + "$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
                + "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n");
    assertThat(tester.text("HELLO", "4")).isEqualTo("-NOPROTO unsupported protocol version\r\n");
    assertThat(tester.text("HELLO", "x"))
        .isEqualTo("-ERR Protocol version is not an integer or out of range\r\n");
    assertThat(tester.text("HELLO", "2", "FOO"))
        .isEqualTo("-ERR Syntax error in HELLO option 'FOO'\r\n");
    assertThat(tester.text("HELLO", "2", "SETNAME", "a b"))
        .isEqualTo("-ERR Client names cannot contain spaces, newlines or special characters.\r\n");
  }

  @Test
  void tooManyClientsAreRefused() {
    tester.node().sessions().limits().maxClients = 1;
    TestClient second = tester.connect();
    assertThat(second.takeText()).isEqualTo("-ERR max number of clients reached\r\n");
    assertThat(second.isClosed()).isTrue();
  }

  @Test
  void protectedModeRefusesStrangers() {
    TestClient stranger = tester.connectFrom("192.0.2.7:1234");
    assertThat(stranger.takeText()).startsWith("-DENIED Redis is running in protected mode");
    tester.node().sessions().limits().protectedMode = false;
    assertThat(tester.connectFrom("192.0.2.7:1235").raw("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void browsersAreCut() {
    tester.client().sendRaw("POST / HTTP/1.1\r\n");
    assertThat(tester.client().takeText()).isEmpty();
    assertThat(tester.client().isClosed()).isTrue();
    assertThat(tester.world().logged()).anyMatch(line -> line.contains("SECURITY ATTACK"));
  }

  @Test
  void quitAnswersAndCloses() {
    assertThat(tester.text("QUIT")).isEqualTo("+OK\r\n");
    assertThat(tester.client().isClosed()).isTrue();
  }
}
