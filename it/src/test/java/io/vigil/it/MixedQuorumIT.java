package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our Sentinels and stock ones in one quorum, over servers of either kind: they believe each other
 * that the primary is down, vote for each other, and end up with one view.
 */
@Tag("peer")
final class MixedQuorumIT {
  private static final String GROUP = "mymaster";
  private static final Pattern ELECTED = Pattern.compile("\\+elected-leader master mymaster");
  private static final Pattern VOTE = Pattern.compile("\\+vote-for-leader ([0-9a-f]{40}) (\\d+)");

  @TempDir Path directory;
  private final List<DataNode> nodes = new ArrayList<>();
  private final List<SentinelProcess> ours = new ArrayList<>();
  private final List<SentinelProcess> stock = new ArrayList<>();

  @AfterEach
  void endAll() {
    ours.forEach(SentinelProcess::close);
    stock.forEach(SentinelProcess::close);
    nodes.forEach(DataNode::close);
  }

  private void startNodes(boolean areOurs) throws IOException {
    for (int i = 0; i < 3; i++) {
      nodes.add(areOurs ? DataNode.ours(directory) : DataNode.stock(directory));
      if (i > 0) {
        nodes.getLast().follow(nodes.getFirst());
      }
    }
  }

  /** Starts a Sentinel that holds the primary down after so long. */
  private void startSentinel(boolean isOurs, int downAfterMs) throws IOException {
    String[] lines = {
      "sentinel monitor " + GROUP + " 127.0.0.1 " + nodes.getFirst().port() + " 2",
      "sentinel down-after-milliseconds " + GROUP + " " + downAfterMs,
      "sentinel failover-timeout " + GROUP + " 3000"
    };
    if (isOurs) {
      ours.add(SentinelProcess.ours(directory, lines));
    } else {
      stock.add(SentinelProcess.stock(directory, lines));
    }
  }

  private List<SentinelProcess> sentinels() {
    List<SentinelProcess> all = new ArrayList<>(ours);
    all.addAll(stock);
    return all;
  }

  private void awaitFormed() {
    await(
        "every Sentinel knows the others and the replicas",
        sentinel ->
            is(sentinel, "num-slaves", "2")
                && is(sentinel, "num-other-sentinels", Integer.toString(sentinels().size() - 1)));
  }

  private void await(String what, Predicate<SentinelProcess> holds) {
    Await.until(
        () -> {
          StringBuilder text = new StringBuilder(what);
          sentinels().forEach(sentinel -> text.append('\n').append(sentinel.output()));
          return text.toString();
        },
        SentinelProcess.PATIENCE,
        () -> sentinels().stream().filter(each -> each.process().isAlive()).allMatch(holds));
  }

  private static boolean is(SentinelProcess sentinel, String field, String value) {
    try {
      return value.equals(sentinel.ofPrimary(GROUP, field));
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills the primary; returns the port of the one that all living Sentinels then agree on. */
  private int failOver() throws IOException {
    DataNode old = nodes.getFirst();
    old.kill();
    await(
        "all Sentinels agree on another primary",
        sentinel -> {
          try {
            return sentinel.primaryPort(GROUP) != old.port()
                && is(sentinel, "flags", "master")
                && is(sentinel, "role-reported", "master")
                && is(sentinel, "config-epoch", leading().ofPrimary(GROUP, "config-epoch"));
          } catch (IOException e) {
            return false;
          }
        });
    Set<Integer> named = new HashSet<>();
    for (SentinelProcess sentinel : sentinels()) {
      if (sentinel.process().isAlive()) {
        named.add(sentinel.primaryPort(GROUP));
      }
    }
    assertThat(named).hasSize(1);
    int primary = named.iterator().next();
    String change = "+switch-master mymaster 127.0.0.1 %d 127.0.0.1 %d";
    for (SentinelProcess sentinel : sentinels()) {
      if (sentinel.process().isAlive()) {
        sentinel.awaitOutput(change.formatted(old.port(), primary));
      }
    }
    return primary;
  }

  /** The one Sentinel that was elected. */
  private SentinelProcess leading() {
    List<SentinelProcess> elected =
        sentinels().stream().filter(each -> ELECTED.matcher(each.output()).find()).toList();
    assertThat(elected).as("elected leaders").hasSize(1);
    assertThat(ELECTED.matcher(elected.getFirst().output()).results()).hasSize(1);
    return elected.getFirst();
  }

  private static boolean votedFor(SentinelProcess voter, SentinelProcess leader)
      throws IOException {
    String id = leader.call("SENTINEL", "MYID");
    String epoch = leader.ofPrimary(GROUP, "config-epoch");
    for (MatchResult vote : VOTE.matcher(voter.output()).results().toList()) {
      if (vote.group(1).equals(id) && vote.group(2).equals(epoch)) {
        return true;
      }
    }
    return false;
  }

  private void assertFollow(int primaryPort) throws IOException {
    for (DataNode node : nodes) {
      if (node.port() == primaryPort) {
        assertThat(node.info("role")).isEqualTo("master");
        assertThat(node.call("SET", "after", "failover")).isEqualTo("OK");
      }
    }
    for (DataNode node : nodes) {
      if (node.port() != primaryPort) {
        Await.until(
            () -> "port " + node.port() + " follows " + primaryPort + ":\n" + node.output(),
            SentinelProcess.PATIENCE,
            () ->
                node.info("master_port").equals(Integer.toString(primaryPort))
                    && node.info("master_link_status").equals("up")
                    && node.call("GET", "after").equals("failover"));
      }
    }
  }

  /**
   * Two of one kind see the death first and lead; the third, of the other kind, has not yet seen it
   * and votes for the leader all the same.
   */
  @ParameterizedTest(name = "our Sentinels lead: {0}, our servers: {1}")
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void theMinorityVotesForTheOtherKindAndAllAgree(boolean oursLead, boolean serversAreOurs)
      throws IOException {
    startNodes(serversAreOurs);
    startSentinel(oursLead, 1000);
    startSentinel(oursLead, 1000);
    startSentinel(!oursLead, 4000);
    awaitFormed();

    int primary = failOver();
    SentinelProcess leader = leading();
    assertThat(oursLead ? ours : stock).contains(leader);
    assertThat(votedFor((oursLead ? stock : ours).getFirst(), leader)).as("vote").isTrue();

    nodes.getFirst().startAgain();
    assertFollow(primary);
  }

  /** One of each kind is left: neither can do anything without the other's word. */
  @ParameterizedTest(name = "our servers: {0}")
  @CsvSource({"false", "true"})
  void oneOfEachKindIsEnoughAndNecessary(boolean serversAreOurs) throws IOException {
    startNodes(serversAreOurs);
    startSentinel(true, 1000);
    startSentinel(false, 1000);
    startSentinel(false, 1000);
    awaitFormed();
    stock.getLast().close();

    int primary = failOver();
    SentinelProcess leader = leading();
    SentinelProcess other = leader == ours.getFirst() ? stock.getFirst() : ours.getFirst();
    assertThat(votedFor(other, leader)).as("vote").isTrue();
    assertThat(leader.output())
        .contains("+odown master mymaster 127.0.0.1")
        .contains("#quorum 2/2");

    nodes.getFirst().startAgain();
    assertFollow(primary);
  }
}
