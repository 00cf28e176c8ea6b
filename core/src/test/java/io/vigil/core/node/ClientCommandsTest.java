package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.session.ClientType;
import io.vigil.core.session.OutputLimits;
import org.junit.jupiter.api.Test;

class ClientCommandsTest {
  private final CommandTester tester = new CommandTester();

  @Test
  void namesAndLines() {
    assertThat(tester.text("CLIENT", "GETNAME")).isEqualTo("$-1\r\n");
    assertThat(tester.text("CLIENT", "SETNAME", "me")).isEqualTo("+OK\r\n");
    assertThat(tester.text("CLIENT", "GETNAME")).isEqualTo("$2\r\nme\r\n");
    assertThat(tester.text("CLIENT", "ID")).isEqualTo(":1\r\n");
    tester.world().advanceMs(3500);
    assertThat(tester.text("CLIENT", "INFO"))
        .contains("id=1 addr=127.0.0.1:50000 laddr=127.0.0.1:6379 fd=8 name=me age=3 idle=0")
        .contains(" flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=")
        .contains(" cmd=client|info user=default redir=-1 resp=2\n");
    TestClient other = tester.connect();
    other.send("SUBSCRIBE", "x");
    assertThat(tester.text("CLIENT", "LIST").lines().filter(l -> l.startsWith("id="))).hasSize(2);
    assertThat(tester.text("CLIENT", "LIST", "TYPE", "pubsub"))
        .contains("id=2")
        .doesNotContain("id=1");
    assertThat(tester.text("CLIENT", "LIST", "ID", "1", "7"))
        .contains("id=1")
        .doesNotContain("id=2");
    assertThat(tester.text("CLIENT", "LIST", "TYPE", "x"))
        .isEqualTo("-ERR Unknown client type 'x'\r\n");
  }

  @Test
  void kills() {
    TestClient other = tester.connect();
    assertThat(tester.text("CLIENT", "KILL", "1.2.3.4:5")).isEqualTo("-ERR No such client\r\n");
    assertThat(tester.text("CLIENT", "KILL", "ID", "2", "TYPE", "normal")).isEqualTo(":1\r\n");
    assertThat(other.isClosed()).isTrue();
    assertThat(tester.text("CLIENT", "KILL", "TYPE", "normal")).isEqualTo(":0\r\n");
    assertThat(tester.text("CLIENT", "KILL", "ID", "0"))
        .isEqualTo("-ERR client-id should be greater than 0\r\n");
    assertThat(tester.text("CLIENT", "KILL", "127.0.0.1:50000")).isEqualTo("+OK\r\n");
    assertThat(tester.client().isClosed()).isTrue();
  }

  @Test
  void repliesCanBeTurnedOff() {
    assertThat(tester.text("CLIENT", "REPLY", "SKIP")).isEmpty();
    assertThat(tester.text("PING")).isEmpty();
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
    assertThat(tester.text("CLIENT", "REPLY", "OFF")).isEmpty();
    assertThat(tester.text("PING")).isEmpty();
    assertThat(tester.text("NOPE")).isEmpty();
    assertThat(tester.text("CLIENT", "REPLY", "ON")).isEqualTo("+OK\r\n");
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void pauseHoldsBackAndKeepsOrder() {
    TestClient other = tester.connect();
    assertThat(other.raw("CLIENT", "PAUSE", "1000")).isEqualTo("+OK\r\n");
    tester.client().sendRaw(TestClient.encode("ECHO", "1") + TestClient.encode("ECHO", "2"));
    assertThat(tester.client().takeText()).isEmpty();
    tester.world().advanceMs(999);
    assertThat(tester.client().takeText()).isEmpty();
    tester.world().advanceMs(2);
    assertThat(tester.client().takeText()).isEqualTo("$1\r\n1\r\n$1\r\n2\r\n");
  }

  @Test
  void pauseOfWritesLetsReadsPass() {
    tester.run("CLIENT", "PAUSE", "100000", "WRITE");
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
    TestClient other = tester.connect();
    assertThat(other.raw("PUBLISH", "c", "m")).isEmpty();
    assertThat(tester.text("CLIENT", "LIST")).contains("flags=b");
    assertThat(tester.text("CLIENT", "UNPAUSE")).isEqualTo("+OK\r\n");
    assertThat(other.takeText()).isEqualTo(":0\r\n");
  }

  @Test
  void pauseChecksItsWords() {
    assertThat(tester.text("CLIENT", "PAUSE", "x"))
        .isEqualTo("-ERR timeout is not an integer or out of range\r\n");
    assertThat(tester.text("CLIENT", "PAUSE", "-1")).isEqualTo("-ERR timeout is negative\r\n");
    assertThat(tester.text("CLIENT", "PAUSE", "1", "x"))
        .isEqualTo("-ERR CLIENT PAUSE mode must be WRITE or ALL\r\n");
  }

  @Test
  void slowReadersAreCutAtTheHardLimit() {
    tester.node().sessions().limits().output(ClientType.PUBSUB, new OutputLimits(100_000, 0, 0));
    TestClient slow = tester.connect();
    slow.send("SUBSCRIBE", "c");
    slow.stopReading();
    String message = "x".repeat(10_000);
    for (int i = 0; i < 9; i++) {
      assertThat(tester.text("PUBLISH", "c", message)).isEqualTo(":1\r\n");
    }
    tester.run("PUBLISH", "c", message);
    assertThat(slow.isClosed()).isTrue();
    assertThat(tester.world().logged())
        .anyMatch(
            line ->
                line.startsWith("Client id=2 ")
                    && line.endsWith(
                        " scheduled to be closed ASAP for overcoming of output buffer limits."));
    assertThat(tester.text("PUBLISH", "c", message)).isEqualTo(":0\r\n");
  }

  @Test
  void softLimitNeedsTime() {
    tester.node().sessions().limits().output(ClientType.PUBSUB, new OutputLimits(0, 5_000, 3));
    TestClient slow = tester.connect();
    slow.send("SUBSCRIBE", "c");
    slow.stopReading();
    tester.run("PUBLISH", "c", "x".repeat(10_000));
    tester.world().advanceMs(3000);
    tester.run("PUBLISH", "c", "x");
    assertThat(slow.isClosed()).isFalse();
    tester.world().advanceMs(2000);
    tester.run("PUBLISH", "c", "x");
    assertThat(slow.isClosed()).isTrue();
  }

  @Test
  void queriesHaveALimit() {
    tester.node().sessions().limits().queryBufferBytes = 50_000;
    tester.client().sendRaw("*2\r\n$4\r\nECHO\r\n$100000\r\n" + "x".repeat(60_000));
    assertThat(tester.client().isClosed()).isTrue();
    assertThat(tester.world().logged())
        .anyMatch(line -> line.startsWith("Closing client that reached max query buffer length:"));
  }
}
