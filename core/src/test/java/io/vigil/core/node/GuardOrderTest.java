package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.command.common.Invocation;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.Peer;
import io.vigil.core.session.Session;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The order of the guards: of all that stand in a command's way, the first in Redis's order is
 * told.
 */
class GuardOrderTest {
  private final CommandTester tester = new CommandTester();

  private void add(CommandSpec spec) {
    tester.node().services().table().add(spec);
  }

  @Test
  void existenceThenArityThenAuthentication() {
    tester.configure("requirepass", "secret");
    TestClient stranger = tester.connect();
    assertThat(stranger.raw("nope")).startsWith("-ERR unknown command");
    assertThat(stranger.raw("get")).startsWith("-ERR wrong number of arguments");
    assertThat(stranger.raw("get", "a")).isEqualTo("-NOAUTH Authentication required.\r\n");
  }

  @Test
  void memoryBeforeReplicasBeforeSubscription() {
    tester.run("SET", "kept", "1");
    tester.run("SUBSCRIBE", "c");
    List<String> seen = new ArrayList<>();
    seen.add(tester.text("SET", "a", "1"));
    tester.configure("min-replicas-to-write", "1");
    seen.add(tester.text("SET", "a", "1"));
    tester.configure("maxmemory", "1");
    seen.add(tester.text("SET", "a", "1"));
    assertThat(seen.get(0)).startsWith("-ERR Can't execute 'set'");
    assertThat(seen.get(1)).isEqualTo("-NOREPLICAS Not enough good replicas to write.\r\n");
    assertThat(seen.get(2))
        .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
  }

  @Test
  void execIsJudgedByWhatItRuns() {
    tester.run("MULTI");
    tester.run("GET", "a");
    tester.configure("min-replicas-to-write", "1");
    assertThat(tester.text("EXEC")).isEqualTo("*1\r\n$-1\r\n");
    tester.configure("min-replicas-to-write", "0");
    tester.run("MULTI");
    tester.run("SET", "a", "1");
    tester.configure("min-replicas-to-write", "1");
    assertThat(tester.text("EXEC"))
        .isEqualTo(
            "-EXECABORT Transaction discarded because of: NOREPLICAS Not enough good replicas to"
                + " write.\r\n");
  }

  @Test
  void replicasGetNoKeys() {
    TestClient replica = tester.connect();
    tester.node().sessions().byId(2).peer(new FedPeer());
    assertThat(replica.raw("SET", "a", "1")).isEmpty();
    assertThat(replica.isClosed()).isTrue();
    assertThat(tester.text("EXISTS", "a")).isEqualTo(":0\r\n");
  }

  private static final class FedPeer implements Peer {
    @Override
    public ClientType type() {
      return ClientType.REPLICA;
    }

    @Override
    public long heldBytes() {
      return 0;
    }

    @Override
    public int heldBlocks() {
      return 0;
    }

    @Override
    public void drained() {}

    @Override
    public void closed(String reason) {}
  }

  @Test
  void aCommandThatFailsUnexpectedlyClosesItsClientOnly() {
    add(
        CommandSpec.command("broken")
            .arity(1)
            .flags(CommandFlag.FAST)
            .handler(
                (Invocation in) -> {
                  throw new IllegalStateException("planted");
                }));
    TestClient other = tester.connect();
    other.send("broken");
    assertThat(other.isClosed()).isTrue();
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
    assertThat(tester.node().sessions().counters().unexpectedFailures).isEqualTo(1);
    assertThat(tester.world().logged()).anyMatch(line -> line.contains("'broken'"));
  }

  @Test
  void usersMistakesAreReplies() {
    add(
        CommandSpec.command("wrong")
            .arity(1)
            .handler(
                (Invocation in) -> {
                  throw CommandError.SYNTAX;
                }));
    assertThat(tester.text("wrong")).isEqualTo("-ERR syntax error\r\n");
    Session session = tester.node().sessions().byId(1);
    assertThat(session.isClosing()).isFalse();
  }
}
