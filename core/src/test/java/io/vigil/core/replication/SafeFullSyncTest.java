package io.vigil.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.node.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a replica does not give its data up for: data too large, broken, or none at all. */
class SafeFullSyncTest extends PlayedPrimary {
  private static final long LIMIT_BYTES = 32L << 20;
  private static final int VALUE_BYTES = 10_000;

  /** Values that no compression makes smaller. */
  private static String value(Random random) {
    byte[] bytes = new byte[VALUE_BYTES];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void limitMemory() {
    tester.node().keyspace().memory().setLimitBytes(LIMIT_BYTES);
    Random random = new Random(3);
    for (int i = 0; i < 1800; i++) {
      tester.text("SET", "old:" + i, value(random));
    }
  }

  private static String largePayload(int keys) {
    Random random = new Random(4);
    String[] words = new String[2 * keys];
    for (int i = 0; i < keys; i++) {
      words[2 * i] = "new:" + i;
      words[2 * i + 1] = value(random);
    }
    return snapshot(words);
  }

  private static String broken(String payload) {
    int at = payload.length() - 5000;
    char other = payload.charAt(at) == 'x' ? 'y' : 'x';
    return payload.substring(0, at) + other + payload.substring(at + 1);
  }

  private void send(String payload) {
    lastLink().sendRaw("+FULLRESYNC " + ID + " 7\r\n$" + payload.length() + "\r\n" + payload);
    lastLink().pump();
  }

  private String keys() {
    return tester.text("DBSIZE");
  }

  @Test
  void dataThatDoNotFitBesideTheOldAreCheckedBeforeTheOldOnesGo() {
    limitMemory();
    follow();
    handshake();
    send(largePayload(1700));
    assertThat(keys()).isEqualTo(":1700\r\n");
    assertThat(get("old:1")).isEqualTo("$-1\r\n");
    assertThat(tester.node().stream().id()).isEqualTo(ID);
    assertThat(tester.world().logged())
        .anyMatch(line -> line.contains("no memory for the new data beside the old"));
    assertThat(tester.disk().bytes("dump.rdb")).isNotNull();
    assertThat(tester.node().keyspace().memory().committedBytes()).isLessThan(LIMIT_BYTES);
    tester.node().keyspace().verify();
  }

  @Test
  void aBrokenFileIsFoundBeforeTheOldDataGo() {
    limitMemory();
    byte[] oldFile = snapshot("from", "before").getBytes(StandardCharsets.ISO_8859_1);
    tester.disk().put("dump.rdb", oldFile);
    String ownId = tester.node().stream().id();
    follow();
    handshake();
    send(broken(largePayload(1700)));
    assertThat(keys()).isEqualTo(":1801\r\n");
    assertThat(tester.node().stream().id()).isEqualTo(ownId);
    assertThat(tester.disk().bytes("dump.rdb")).isEqualTo(oldFile);
    assertThat(tester.disk().list(".")).containsExactly("dump.rdb");
  }

  @Test
  void oldDataAreNotDroppedForWhatCannotFitByItself() {
    limitMemory();
    follow();
    handshake();
    send(largePayload(5000));
    assertThat(keys()).isEqualTo(":1801\r\n");
    assertThat(tester.text("INFO", "replication"))
        .contains("vigil_full_sync_refused:no-room\r\n", "master_link_status:down\r\n");
    int links = tester.world().outgoing().size();
    tester.world().advanceMs(900);
    assertThat(tester.world().outgoing()).hasSize(links);
  }

  @Test
  void whatIsParsedAsItArrivesGoesToDiskTheNextTimeWhenThereIsNoRoom() {
    limitMemory();
    tester.configure("repl-diskless-load", "swapdb");
    follow();
    handshake();
    String payload = largePayload(1700);
    send(payload);
    assertThat(keys()).isEqualTo(":1801\r\n");
    tester.world().advanceMs(2000);
    handshake();
    send(payload);
    assertThat(keys()).isEqualTo(":1700\r\n");
    assertThat(tester.text("INFO", "replication"))
        .contains("vigil_full_sync_refused:none\r\n", "master_link_status:up\r\n");
  }

  @Test
  void withoutRoomAndWithoutDiskTheSynchronisationIsRefused() {
    limitMemory();
    tester.configure("repl-diskless-load", "swapdb");
    follow();
    handshake();
    String payload = largePayload(1700);
    send(payload);
    tester.disk().failWrites(new IOException("Read-only file system"));
    tester.world().advanceMs(2000);
    handshake();
    send(payload);
    assertThat(keys()).isEqualTo(":1801\r\n");
    assertThat(tester.text("INFO", "replication")).contains("vigil_full_sync_refused:no-room\r\n");
    assertThat(tester.world().logged())
        .anyMatch(line -> line.startsWith("Full synchronization refused: there is no memory"));
    tester.disk().failWrites(null);
    tester.world().advanceMs(3000);
    handshake();
    send(payload);
    assertThat(keys()).isEqualTo(":1700\r\n");
  }

  @Test
  void aFileThatCannotBeReadLeavesEverythingAsItWas() {
    String good = snapshot("new", "1");
    String tooNew = "REDIS0099" + good.substring(9);
    String[] payloads = {
      tooNew, "GARBAGE" + good, good.substring(0, 20), good.replace("new", "few"), "",
    };
    byte[] oldFile = snapshot("from", "before").getBytes(StandardCharsets.ISO_8859_1);
    for (String load : new String[] {"disabled", "swapdb"}) {
      for (String payload : payloads) {
        start();
        tester.configure("repl-diskless-load", load);
        tester.disk().put("dump.rdb", oldFile);
        String ownId = tester.node().stream().id();
        follow();
        handshake();
        send(payload);
        String what = load + " " + payload.length();
        assertThat(get("old")).as(what).isEqualTo(bulk("data"));
        assertThat(get("new")).as(what).isEqualTo("$-1\r\n");
        assertThat(tester.node().stream().id()).isEqualTo(ownId);
        assertThat(tester.disk().bytes("dump.rdb")).isEqualTo(oldFile);
        tester.world().advanceMs(2000);
        assertThat(tester.disk().list(".")).containsExactly("dump.rdb");
        assertThat(tester.world().outgoing()).as("it connects again").hasSize(2);
      }
    }
    assertThat(tester.world().exitStatus()).isEqualTo(-1);
  }

  /** The link is lost and comes back to a primary with another history. */
  private void reconnectTo(String payload) {
    lastLink().hangUp();
    handshake();
    lastLink().sendRaw("+FULLRESYNC " + OTHER_ID + " 0\r\n$EOF:" + MARK + "\r\n" + payload + MARK);
    lastLink().pump();
  }

  @Test
  void aPrimaryThatCameBackEmptyIsNotFollowedIntoNothing() {
    for (String load : new String[] {"disabled", "swapdb"}) {
      start();
      tester.configure("repl-diskless-load", load);
      follow();
      handshake();
      synchronise("a", "1");
      byte[] file = tester.disk().bytes("dump.rdb");
      reconnectTo(snapshot());
      assertThat(get("a")).as(load).isEqualTo(bulk("1"));
      assertThat(tester.node().stream().id()).isEqualTo(ID);
      assertThat(tester.disk().bytes("dump.rdb")).isEqualTo(file);
      assertThat(tester.text("INFO", "replication"))
          .contains("vigil_full_sync_refused:empty-primary\r\n", "master_link_status:down\r\n");
      assertThat(tester.world().logged())
          .anyMatch(line -> line.startsWith("Full synchronization refused: the master 10.0.0.1"));
      // It goes on asking, less and less often, and takes any data that there are.
      tester.world().advanceMs(1100);
      assertThat(handshake()).isEqualTo(TestClient.encode("PSYNC", ID, "1"));
      lastLink()
          .sendRaw("+FULLRESYNC " + OTHER_ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot() + MARK);
      lastLink().pump();
      assertThat(get("a")).isEqualTo(bulk("1"));
      tester.world().advanceMs(900);
      assertThat(lastLink().isClosed()).isTrue();
      tester.world().advanceMs(2200);
      handshake();
      lastLink()
          .sendRaw(
              "+FULLRESYNC "
                  + OTHER_ID
                  + " 0\r\n$EOF:"
                  + MARK
                  + "\r\n"
                  + snapshot("b", "2")
                  + MARK);
      lastLink().pump();
      assertThat(get("b")).isEqualTo(bulk("2"));
      assertThat(get("a")).isEqualTo("$-1\r\n");
      assertThat(tester.text("INFO", "replication")).contains("vigil_full_sync_refused:none\r\n");
    }
  }

  @Test
  void anOrderToFollowTheEmptyPrimaryIsObeyed() {
    follow();
    handshake();
    synchronise("a", "1");
    reconnectTo(snapshot());
    assertThat(get("a")).isEqualTo(bulk("1"));
    assertThat(tester.text("REPLICAOF", "10.0.0.1", "7000"))
        .isEqualTo("+OK Already connected to specified master\r\n");
    handshake();
    lastLink()
        .sendRaw("+FULLRESYNC " + OTHER_ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot() + MARK);
    lastLink().pump();
    assertThat(keys()).isEqualTo(":0\r\n");
    assertThat(tester.node().stream().id()).isEqualTo(OTHER_ID);
  }

  @Test
  void anEmptyPrimaryIsFollowedWhereItWasOrderedOrItsHistoryIsOurs() {
    // By order, to an address that was never followed.
    follow();
    handshake();
    synchronise();
    assertThat(keys()).isEqualTo(":0\r\n");
    // The same history, only with too little backlog.
    start();
    follow();
    handshake();
    synchronise("a", "1");
    lastLink().hangUp();
    handshake();
    synchronise();
    assertThat(keys()).isEqualTo(":0\r\n");
    // An order to follow another address, and back.
    start();
    follow();
    handshake();
    synchronise("a", "1");
    tester.text("REPLICAOF", "10.0.0.2", "7000");
    tester.text("REPLICAOF", "10.0.0.1", "7000");
    handshake();
    lastLink()
        .sendRaw("+FULLRESYNC " + OTHER_ID + " 0\r\n$EOF:" + MARK + "\r\n" + snapshot() + MARK);
    lastLink().pump();
    assertThat(keys()).isEqualTo(":0\r\n");
  }

  @Test
  void watchedKeysChangeWithTheDataSet() {
    follow();
    handshake();
    TestClient watcher = tester.connect();
    assertThat(watcher.raw("WATCH", "old")).isEqualTo("+OK\r\n");
    TestClient other = tester.connect();
    assertThat(other.raw("WATCH", "none")).isEqualTo("+OK\r\n");
    synchronise("new", "1");
    watcher.raw("MULTI");
    watcher.raw("GET", "new");
    assertThat(watcher.raw("EXEC")).isEqualTo("*-1\r\n");
    other.raw("MULTI");
    other.raw("GET", "new");
    assertThat(other.raw("EXEC")).isEqualTo("*1\r\n" + bulk("1"));
  }
}
