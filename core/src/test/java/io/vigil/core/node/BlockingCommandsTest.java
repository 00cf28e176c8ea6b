package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockingCommandsTest {
  private final CommandTester tester = new CommandTester("enable-debug-command yes");
  private final TestClient first = tester.connect();
  private final TestClient second = tester.connect();

  @Test
  void whoWaitsLongestIsServedFirst() {
    assertThat(first.raw("BLPOP", "a", "b", "0")).isEmpty();
    assertThat(second.raw("BRPOP", "b", "0")).isEmpty();
    assertThat(tester.text("RPUSH", "b", "1", "2", "3")).isEqualTo(":3\r\n");
    assertThat(first.takeText()).isEqualTo("*2\r\n$1\r\nb\r\n$1\r\n1\r\n");
    assertThat(second.takeText()).isEqualTo("*2\r\n$1\r\nb\r\n$1\r\n3\r\n");
    assertThat(tester.text("LRANGE", "b", "0", "-1")).isEqualTo("*1\r\n$1\r\n2\r\n");
  }

  @Test
  void aChainOfMovesServesTheNext() {
    assertThat(first.raw("BLPOP", "c", "0")).isEmpty();
    assertThat(second.raw("BLMOVE", "a", "c", "LEFT", "RIGHT", "0")).isEmpty();
    tester.run("LPUSH", "a", "x");
    assertThat(second.takeText()).isEqualTo("$1\r\nx\r\n");
    assertThat(first.takeText()).isEqualTo("*2\r\n$1\r\nc\r\n$1\r\nx\r\n");
    assertThat(tester.text("DBSIZE")).isEqualTo(":0\r\n");
  }

  @Test
  void aTransactionServesAfterItsEndAndDoesNotWait() {
    assertThat(first.raw("BLPOP", "a", "0")).isEmpty();
    tester.run("MULTI");
    tester.run("LPUSH", "a", "x");
    tester.run("DEL", "a");
    tester.run("LPUSH", "a", "y");
    tester.run("BLPOP", "none", "0");
    assertThat(tester.text("EXEC")).isEqualTo("*4\r\n:1\r\n:1\r\n:1\r\n*-1\r\n");
    assertThat(first.takeText()).isEqualTo("*2\r\n$1\r\na\r\n$1\r\ny\r\n");
  }

  /** The key that would serve a client has expired by then: it is deleted, and the client waits. */
  @Test
  void anExpiredKeyServesNobody() {
    TestClient replica = tester.connect();
    tester.configure("repl-diskless-sync-delay", "0");
    tester.run("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    replica.send("SYNC");
    replica.pump();
    replica.takeText();
    tester.run("SELECT", "1");
    tester.run("RPUSH", "k", "hello");
    tester.run("PEXPIRE", "k", "100");
    tester.run("SELECT", "9");
    first.send("SELECT", "9");
    first.takeText();
    assertThat(first.raw("BRPOP", "k", "1")).isEmpty();
    tester.world().advanceMs(101);
    replica.pump();
    replica.takeText();
    tester.run("SWAPDB", "1", "9");
    assertThat(first.takeText()).isEmpty();
    replica.pump();
    assertThat(replica.takeText())
        .isEqualTo(
            TestClient.encode("SELECT", "9")
                + TestClient.encode("SWAPDB", "1", "9")
                + TestClient.encode("DEL", "k"));
    tester.run("RPUSH", "k", "again");
    assertThat(first.takeText()).contains("again");
  }

  @Test
  void timeoutsAndUnblock() {
    assertThat(first.raw("BLPOP", "a", "0.05")).isEmpty();
    tester.world().advanceMs(60);
    assertThat(first.takeText()).isEqualTo("*-1\r\n");
    assertThat(first.raw("BLMOVE", "a", "b", "LEFT", "LEFT", "0")).isEmpty();
    String id = second.raw("CLIENT", "ID");
    assertThat(id).startsWith(":");
    tester.run("SET", "a", "x");
    assertThat(first.takeText()).isEmpty();
    assertThat(second.raw("BLPOP", "a", "-1")).isEqualTo("-ERR timeout is negative\r\n");
    assertThat(second.raw("BLPOP", "a", "x"))
        .isEqualTo("-ERR timeout is not a float or out of range\r\n");
    assertThat(second.raw("BLPOP", "a", "1")).startsWith("-WRONGTYPE");
  }

  @Test
  void anErrorOnTheWayEndsTheWait() {
    assertThat(first.raw("BLMOVE", "a", "s", "LEFT", "LEFT", "0")).isEmpty();
    tester.run("SET", "s", "x");
    tester.run("RPUSH", "a", "1");
    assertThat(first.takeText()).startsWith("-WRONGTYPE");
    assertThat(tester.text("LLEN", "a")).isEqualTo(":1\r\n");
  }

  @Test
  void severalFromOne() {
    assertThat(first.raw("BLMPOP", "0", "2", "a", "b", "RIGHT", "COUNT", "2")).isEmpty();
    tester.run("RPUSH", "b", "1", "2", "3");
    assertThat(first.takeText()).isEqualTo("*2\r\n$1\r\nb\r\n*2\r\n$1\r\n3\r\n$1\r\n2\r\n");
  }
}
