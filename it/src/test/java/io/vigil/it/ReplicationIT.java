package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replication between our server and stock Redis, both ways, while clients write. */
class ReplicationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * The load writes some 20 MB a second, more than a replica applies while it starts: at the moment
   * its link is cut it may be several MB behind (with redis-server on both sides more than 1 MB).
   * With the usual backlog of 1 MB a partial resynchronisation then is impossible, for anybody.
   */
  private static final String BACKLOG = "64mb";

  @TempDir Path folder;

  private static String[] options(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "--save";
    all[1] = "";
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  private static void awaitWrites(Load load, long count) {
    long from = load.writes();
    Await.until(count + " writes of the load", PATIENCE, () -> load.writes() >= from + count);
  }

  @ParameterizedTest
  @CsvSource({"yes", "no"})
  void stockRedisIsOurReplica(String diskless) throws IOException {
    try (DataNode ours =
            DataNode.ours(
                folder, options("--repl-diskless-sync", diskless, "--repl-backlog-size", BACKLOG));
        DataNode stock = DataNode.stock(folder, options())) {
      try (Load load = new Load(ours, 1)) {
        awaitWrites(load, 5_000);
        stock.follow(ours);
        awaitWrites(load, 5_000);
        stock.call("CLIENT", "KILL", "TYPE", "master");
        stock.awaitLink();
        awaitWrites(load, 2_000);
      }
      stock.awaitEqualTo(ours);
      assertThat(ours.info("sync_full")).isEqualTo("1");
      assertThat(ours.info("sync_partial_ok")).isEqualTo("1");
      assertThat(ours.info("slave0"))
          .startsWith("ip=127.0.0.1,port=" + stock.port() + ",state=online,");
    }
  }

  @ParameterizedTest
  @CsvSource({"yes,disabled", "yes,swapdb", "no,disabled", "no,on-empty-db"})
  void stockRedisIsOurPrimary(String disklessSync, String disklessLoad) throws IOException {
    try (DataNode stock =
            DataNode.stock(
                folder,
                options("--repl-diskless-sync", disklessSync, "--repl-backlog-size", BACKLOG));
        DataNode ours = DataNode.ours(folder, options("--repl-diskless-load", disklessLoad))) {
      try (Load load = new Load(stock, 2)) {
        awaitWrites(load, 5_000);
        ours.follow(stock);
        awaitWrites(load, 5_000);
        stock.call("CLIENT", "KILL", "TYPE", "replica");
        ours.awaitLink();
        awaitWrites(load, 2_000);
      }
      ours.awaitEqualTo(stock);
      assertThat(stock.info("sync_full")).isEqualTo("1");
      assertThat(stock.info("sync_partial_ok")).isEqualTo("1");
      assertThat(ours.call("SET", "a", "b"))
          .isEqualTo("-READONLY You can't write against a read only replica.");
    }
  }

  @Test
  void aChainGoesOnThroughAChangeOfPrimaries() throws IOException {
    try (DataNode first = DataNode.stock(folder, options());
        DataNode second = DataNode.ours(folder, options());
        DataNode third = DataNode.ours(folder, options());
        DataNode fourth = DataNode.stock(folder, options())) {
      second.follow(first);
      third.follow(second);
      fourth.follow(third);
      try (Load load = new Load(first, 3)) {
        awaitWrites(load, 5_000);
      }
      for (DataNode each : List.of(second, third, fourth)) {
        each.awaitEqualTo(first);
      }
      first.kill();
      assertThat(second.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
      assertThat(second.call("SET", "after", "promotion")).isEqualTo("OK");
      fourth.follow(second);
      third.awaitEqualTo(second);
      fourth.awaitEqualTo(second);
      assertThat(second.info("master_replid2")).isNotEqualTo("0".repeat(40));
      // The chain came back by the second id: nothing was sent whole.
      assertThat(third.output()).contains("Successful partial resynchronization with master.");
      assertThat(fourth.output()).contains("Successful partial resynchronization with master.");
    }
  }

  @Test
  void aDemotedPrimaryGoesOnWhereItWas() throws IOException {
    try (DataNode one = DataNode.ours(folder, options());
        DataNode two = DataNode.ours(folder, options())) {
      two.follow(one);
      one.call("SET", "a", "1");
      two.awaitEqualTo(one);
      two.call("REPLICAOF", "NO", "ONE");
      two.call("SET", "b", "2");
      one.follow(two);
      one.awaitEqualTo(two);
      assertThat(two.info("sync_full")).isEqualTo("0");
      assertThat(two.info("sync_partial_ok")).isEqualTo("1");
    }
  }

  @Test
  void waitCountsAcknowledgements() throws IOException {
    try (DataNode ours = DataNode.ours(folder, options());
        DataNode stock = DataNode.stock(folder, options())) {
      stock.follow(ours);
      try (Client client = new Client(ours.port())) {
        client.call("SET", "a", "1");
        assertThat(client.call("WAIT", "1", "5000")).isEqualTo("1");
        client.call("SET", "a", "2");
        assertThat(client.call("WAIT", "2", "200")).isEqualTo("1");
      }
    }
  }

  @Test
  void failoverHandsTheRoleOver() throws IOException {
    try (DataNode ours = DataNode.ours(folder, options());
        DataNode stock = DataNode.stock(folder, options())) {
      stock.follow(ours);
      ours.call("SET", "a", "1");
      assertThat(ours.call("FAILOVER", "TO", "127.0.0.1", Integer.toString(stock.port())))
          .isEqualTo("OK");
      Await.until("the roles have changed", PATIENCE, () -> stock.info("role").equals("master"));
      ours.awaitLink();
      ours.awaitEqualTo(stock);
      assertThat(ours.info("master_failover_state")).isEqualTo("no-failover");
      // And back.
      assertThat(stock.call("FAILOVER")).isEqualTo("OK");
      Await.until("the roles are back", PATIENCE, () -> ours.info("role").equals("master"));
      stock.awaitLink();
      assertThat(ours.call("SET", "b", "2")).isEqualTo("OK");
      stock.awaitEqualTo(ours);
    }
  }

  @Test
  void aWrongPasswordKeepsTheLinkDownOnEitherSide() throws IOException {
    try (DataNode locked = DataNode.stock(folder, options("--requirepass", ""));
        DataNode ours = DataNode.ours(folder, options("--masterauth", "wrong"))) {
      locked.call("CONFIG", "SET", "requirepass", "secret");
      ours.call("SET", "kept", "yes");
      ours.call("REPLICAOF", "127.0.0.1", Integer.toString(locked.port()));
      ours.awaitOutput("Unable to AUTH to MASTER: -WRONGPASS");
      assertThat(ours.info("master_link_status")).isEqualTo("down");
      assertThat(ours.call("GET", "kept")).isEqualTo("yes");
      ours.call("CONFIG", "SET", "masterauth", "secret");
      ours.awaitLink();
    }
    try (DataNode locked = DataNode.ours(folder, options("--requirepass", ""));
        DataNode stock = DataNode.stock(folder, options("--masterauth", "wrong"))) {
      locked.call("CONFIG", "SET", "requirepass", "secret");
      stock.call("REPLICAOF", "127.0.0.1", Integer.toString(locked.port()));
      stock.awaitOutput("Unable to AUTH to MASTER: -WRONGPASS");
      stock.call("CONFIG", "SET", "masterauth", "secret");
      stock.awaitLink();
    }
  }

  @Test
  void keysMigrateBothWays() throws IOException {
    try (DataNode ours = DataNode.ours(folder, options());
        DataNode stock = DataNode.stock(folder, options())) {
      ours.call("MSET", "a", "1", "b", "x".repeat(5000));
      ours.call("SET", "c", "later", "PX", "100000");
      String port = Integer.toString(stock.port());
      assertThat(
              ours.call("MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS", "a", "b", "c", "d"))
          .isEqualTo("OK");
      assertThat(ours.call("DBSIZE")).isEqualTo("0");
      assertThat(stock.call("GET", "b")).isEqualTo("x".repeat(5000));
      assertThat(Long.parseLong(stock.call("PTTL", "c"))).isBetween(1L, 100_000L);
      String back = Integer.toString(ours.port());
      assertThat(stock.call("MIGRATE", "127.0.0.1", back, "b", "0", "5000", "COPY"))
          .isEqualTo("OK");
      assertThat(ours.call("DUMP", "b")).isEqualTo(stock.call("DUMP", "b"));
      assertThat(ours.call("MIGRATE", "127.0.0.1", port, "b", "0", "5000"))
          .isEqualTo(
              "-ERR Target instance replied with error: BUSYKEY Target key name already exists.");
      assertThat(ours.call("MIGRATE", "127.0.0.1", port, "none", "0", "5000")).isEqualTo("NOKEY");
    }
  }
}
