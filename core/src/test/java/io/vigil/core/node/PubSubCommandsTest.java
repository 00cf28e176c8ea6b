package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PubSubCommandsTest {
  private final CommandTester tester = new CommandTester();

  @Test
  void messagesReachChannelsAndPatterns() {
    TestClient one = tester.connect();
    TestClient two = tester.connect();
    assertThat(one.raw("SUBSCRIBE", "news", "news"))
        .isEqualTo(
            "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n"
                + "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
    assertThat(two.raw("PSUBSCRIBE", "n*"))
        .isEqualTo("*3\r\n$10\r\npsubscribe\r\n$2\r\nn*\r\n:1\r\n");
    assertThat(tester.text("PUBLISH", "news", "hi")).isEqualTo(":2\r\n");
    assertThat(one.takeText()).isEqualTo("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n");
    assertThat(two.takeText())
        .isEqualTo("*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$2\r\nhi\r\n");
    assertThat(tester.text("PUBSUB", "NUMSUB", "news", "x"))
        .isEqualTo("*4\r\n$4\r\nnews\r\n:1\r\n$1\r\nx\r\n:0\r\n");
    assertThat(tester.text("PUBSUB", "NUMPAT")).isEqualTo(":1\r\n");
    assertThat(tester.text("PUBSUB", "CHANNELS", "n?ws")).isEqualTo("*1\r\n$4\r\nnews\r\n");
    one.hangUp();
    assertThat(tester.text("PUBSUB", "CHANNELS")).isEqualTo("*0\r\n");
    assertThat(tester.text("PUBLISH", "news", "hi")).isEqualTo(":1\r\n");
  }

  @Test
  void shardChannelsAreApart() {
    TestClient one = tester.connect();
    assertThat(one.raw("SSUBSCRIBE", "s"))
        .isEqualTo("*3\r\n$10\r\nssubscribe\r\n$1\r\ns\r\n:1\r\n");
    assertThat(tester.text("PUBLISH", "s", "x")).isEqualTo(":0\r\n");
    assertThat(tester.text("SPUBLISH", "s", "x")).isEqualTo(":1\r\n");
    assertThat(one.takeText()).isEqualTo("*3\r\n$8\r\nsmessage\r\n$1\r\ns\r\n$1\r\nx\r\n");
    assertThat(tester.text("PUBSUB", "SHARDCHANNELS")).isEqualTo("*1\r\n$1\r\ns\r\n");
    assertThat(tester.text("PUBSUB", "SHARDNUMSUB", "s")).isEqualTo("*2\r\n$1\r\ns\r\n:1\r\n");
  }

  @Test
  void subscribersMayDoLittleInProtocolTwo() {
    tester.run("SUBSCRIBE", "c");
    assertThat(tester.text("ECHO", "x"))
        .isEqualTo(
            "-ERR Can't execute 'echo': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT /"
                + " RESET are allowed in this context\r\n");
    assertThat(tester.text("PING")).isEqualTo("*2\r\n$4\r\npong\r\n$0\r\n\r\n");
    assertThat(tester.text("PING", "x")).isEqualTo("*2\r\n$4\r\npong\r\n$1\r\nx\r\n");
    assertThat(tester.text("UNSUBSCRIBE"))
        .isEqualTo("*3\r\n$11\r\nunsubscribe\r\n$1\r\nc\r\n:0\r\n");
    assertThat(tester.text("UNSUBSCRIBE")).isEqualTo("*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n");
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void protocolThreePushesAndAllowsAll() {
    tester.run("HELLO", "3");
    assertThat(tester.text("SUBSCRIBE", "c"))
        .isEqualTo(">3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n");
    assertThat(tester.text("ECHO", "x")).isEqualTo("$1\r\nx\r\n");
    assertThat(tester.text("PUBLISH", "c", "m"))
        .isEqualTo(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n:1\r\n");
  }

  @Test
  void wrongSubcommandsPointToHelp() {
    assertThat(tester.text("PUBSUB", "NOPE"))
        .isEqualTo("-ERR unknown subcommand 'NOPE'. Try PUBSUB HELP.\r\n");
    assertThat(tester.text("PUBSUB"))
        .isEqualTo("-ERR wrong number of arguments for 'pubsub' command\r\n");
    assertThat(tester.text("PUBSUB", "NUMPAT", "x"))
        .isEqualTo("-ERR wrong number of arguments for 'pubsub|numpat' command\r\n");
    assertThat(tester.text("PUBSUB", "HELP"))
        .startsWith("*14\r\n+PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n");
  }
}
