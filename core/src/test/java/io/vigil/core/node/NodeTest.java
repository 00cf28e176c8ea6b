package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NodeTest {
  private final CommandTester tester = new CommandTester();

  private String streamed(long from) {
    return new String(
        tester.node().stream().copy(from, tester.node().stream().offset()),
        StandardCharsets.ISO_8859_1);
  }

  @Test
  void effectsEnterTheStreamWithTheirDatabase() {
    tester.node().stream().activate();
    tester.run("SET", "a", "1");
    tester.run("GET", "a");
    tester.run("SELECT", "3");
    tester.run("SET", "b", "2");
    assertThat(streamed(1))
        .isEqualTo(
            TestClient.encode("SELECT", "0")
                + TestClient.encode("SET", "a", "1")
                + TestClient.encode("SELECT", "3")
                + TestClient.encode("SET", "b", "2"));
  }

  @Test
  void aTransactionIsWrappedOnlyWhenItHasSeveralEffects() {
    tester.node().stream().activate();
    tester.run("SET", "a", "1");
    long start = tester.node().stream().offset() + 1;
    tester.run("MULTI");
    tester.run("INCR", "a");
    tester.run("GET", "a");
    tester.run("EXEC");
    assertThat(streamed(start)).isEqualTo(TestClient.encode("INCR", "a"));
    start = tester.node().stream().offset() + 1;
    tester.run("MULTI");
    tester.run("INCR", "a");
    tester.run("INCR", "b");
    tester.run("EXEC");
    assertThat(streamed(start))
        .isEqualTo(
            TestClient.encode("MULTI")
                + TestClient.encode("INCR", "a")
                + TestClient.encode("INCR", "b")
                + TestClient.encode("EXEC"));
  }

  @Test
  void dueKeysAreDeletedByTheClockworkEachOnItsOwn() {
    tester.node().stream().activate();
    tester.run("SET", "a", "1", "PX", "100");
    tester.run("SET", "b", "1", "PX", "100");
    long start = tester.node().stream().offset() + 1;
    tester.world().advanceMs(500);
    assertThat(tester.text("DBSIZE")).isEqualTo(":0\r\n");
    assertThat(streamed(start)).contains("DEL").doesNotContain("MULTI");
  }

  @Test
  void nothingExpiresWhileWritesArePaused() {
    tester.run("SET", "a", "1", "PX", "100");
    tester.run("CLIENT", "PAUSE", "10000", "WRITE");
    tester.world().advanceMs(500);
    assertThat(tester.text("GET", "a")).isEqualTo("$-1\r\n");
    assertThat(tester.text("DBSIZE")).isEqualTo(":1\r\n");
    tester.run("CLIENT", "UNPAUSE");
    assertThat(tester.text("GET", "a")).isEqualTo("$-1\r\n");
    assertThat(tester.text("DBSIZE")).isEqualTo(":0\r\n");
  }

  @Test
  void watchedKeysMakeExecFail() {
    TestClient other = tester.connect();
    tester.run("SET", "x", "1");
    tester.run("WATCH", "x");
    other.send("SET", "x", "2");
    tester.run("MULTI");
    tester.run("PING");
    assertThat(tester.text("EXEC")).isEqualTo("*-1\r\n");
    tester.run("WATCH", "x");
    tester.run("UNWATCH");
    other.send("SET", "x", "3");
    tester.run("MULTI");
    tester.run("PING");
    assertThat(tester.text("EXEC")).isEqualTo("*1\r\n+PONG\r\n");
  }

  @Test
  void aWatchedKeyThatExpiresMakesExecFail() {
    tester.run("SET", "x", "1", "PX", "50");
    tester.run("WATCH", "x");
    tester.world().advanceMs(60);
    tester.run("MULTI");
    tester.run("PING");
    assertThat(tester.text("EXEC")).isEqualTo("*-1\r\n");
  }

  @Test
  void savesAndLoadsItsData() {
    tester.run("SET", "a", "1");
    tester.run("SET", "b", "2", "PX", "100000");
    assertThat(tester.text("SAVE")).isEqualTo("+OK\r\n");
    assertThat(tester.disk().bytes("dump.rdb"))
        .startsWith("REDIS0010".getBytes(StandardCharsets.US_ASCII));
    Node second = new Node(tester.world().env(tester.disk()));
    second.start(() -> {});
    assertThat(second.loading().isLoading()).isTrue();
    TestClient client = new TestClient(tester.world(), "127.0.0.1:1");
    client.connect(second.sessions().accept(client));
    client.sendRaw("");
    assertThat(client.raw("GET", "a")).isEqualTo("$1\r\n1\r\n");
    assertThat(client.raw("DBSIZE")).isEqualTo(":2\r\n");
  }

  @Test
  void loadsInSlowMotion() {
    tester.run("SET", "a", "1");
    tester.run("SET", "b", "2");
    tester.run("SAVE");
    Node second = new Node(tester.world().env(tester.disk()));
    second.persistence().settings().keyLoadDelayMicros = 100_000;
    second.start(() -> {});
    tester.world().advanceMs(199);
    assertThat(second.loading().isLoading()).isTrue();
    tester.world().advanceMs(1);
    assertThat(second.loading().isLoading()).isFalse();
    assertThat(second.keyspace().size()).isEqualTo(2);
  }

  @Test
  void backgroundSaveWritesTheFile() {
    tester.run("SET", "a", "1");
    assertThat(tester.text("BGSAVE")).isEqualTo("+Background saving started\r\n");
    tester.world().advanceMs(100);
    assertThat(tester.disk().bytes("dump.rdb")).isNotNull();
    assertThat(tester.node().persistence().state().changes).isZero();
  }

  @Test
  void aBrokenDataFileStopsTheStart() {
    tester.disk().put("dump.rdb", "REDIS0010garbage".getBytes(StandardCharsets.US_ASCII));
    Node second = new Node(tester.world().env(tester.disk()));
    second.start(() -> {});
    tester.world().runTurns();
    assertThat(tester.world().exitStatus()).isEqualTo(1);
    assertThat(tester.world().logged()).anyMatch(line -> line.contains("offset"));
    assertThat(tester.disk().bytes("dump.rdb")).hasSize(16);
  }

  @Test
  void keyspaceEventsArePublished() {
    CommandTester own = new CommandTester();
    TestClient listener = own.connect();
    own.node().services();
    listener.send("PSUBSCRIBE", "__key*");
    listener.takeText();
    own.notifyEvents("KEA");
    own.run("SET", "foo", "bar");
    assertThat(listener.takeText())
        .contains("__keyspace@0__:foo\r\n$3\r\nset\r\n")
        .contains("__keyevent@0__:set\r\n$3\r\nfoo\r\n");
  }
}
