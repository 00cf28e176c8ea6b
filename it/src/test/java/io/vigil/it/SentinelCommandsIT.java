package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every subcommand of SENTINEL, good and bad, asked of a Sentinel of ours and of a stock one that
 * watch the same servers: the replies are the same but for ids, ports and times.
 */
@Tag("peer")
final class SentinelCommandsIT {
  /** Fields of an instance whose values differ from one Sentinel or moment to the next. */
  private static final Set<String> VOLATILE =
      Set.of(
          "link-pending-commands",
          "last-ping-sent",
          "last-ok-ping-reply",
          "last-ping-reply",
          "s-down-time",
          "o-down-time",
          "info-refresh",
          "role-reported-time",
          "slave-repl-offset",
          "last-hello-message");

  /** Where {@code $primary} and {@code $dead} stand for ports; lines are split at blanks. */
  private static final String WORDS_WITHOUT_STATE =
      """
      master nope
      master
      masters x
      replicas nope
      replicas
      slaves nope
      slaves
      sentinels nope
      sentinels
      ckquorum mymaster
      ckquorum dead
      ckquorum nope
      ckquorum
      get-master-addr-by-name mymaster
      get-master-addr-by-name nope
      get-master-addr-by-name
      myid x
      info-cache nope
      info-cache
      pending-scripts
      pending-scripts x
      flushconfig
      flushconfig x
      reset nope
      reset
      reset a b
      config
      config get
      config get *
      config get ANNOUNCE-*
      config get announce-ip announce-port
      config get nope
      config set
      config set nope x
      config set announce-port x
      config set announce-port -1
      config set announce-port 70000
      config set announce-port 1 x
      config set resolve-hostnames x
      config set resolve-hostnames yes
      config get resolve-hostnames
      config set resolve-hostnames no
      config set announce-hostnames YES
      config get announce-hostnames
      config set announce-hostnames no
      config set announce-ip 127.0.0.1
      config set Announce-Port 0
      config get announce-*
      config get sentinel-*
      config rewrite x
      set mymaster
      set mymaster quorum
      set nope quorum 2
      set mymaster nope 1
      set mymaster quorum x
      set mymaster quorum 0
      set mymaster quorum 2
      set mymaster down-after-milliseconds 0
      set mymaster down-after-milliseconds x
      set mymaster DOWN-AFTER-milliseconds 5000
      set mymaster down-after-milliseconds 5000 quorum
      set mymaster down-after-milliseconds 5000 quorum x
      set mymaster down-after-milliseconds 5000 quorum 2
      set mymaster failover-timeout 0
      set mymaster failover-timeout 10000
      set mymaster parallel-syncs 0
      set mymaster parallel-syncs -1
      set mymaster parallel-syncs 1
      set dead auth-pass foo
      set dead auth-user foo
      set dead auth-user ""
      set dead auth-pass ""
      set mymaster notification-script /nope
      set mymaster client-reconfig-script /nope
      set mymaster notification-script ""
      set dead rename-command CONFIG MYCONFIG
      set dead rename-command CONFIG CONFIG
      set dead rename-command CONFIG
      set dead rename-command "" x
      set dead rename-command CONFIG ""
      set mymaster master-reboot-down-after-period -1
      set mymaster master-reboot-down-after-period x
      set mymaster master-reboot-down-after-period 0
      is-master-down-by-addr 127.0.0.1 $primary 0 *
      is-master-down-by-addr 127.0.0.1 $dead 0 *
      is-master-down-by-addr 127.0.0.1 $primary 0
      is-master-down-by-addr 127.0.0.1 x 0 *
      is-master-down-by-addr 127.0.0.1 70000 0 *
      is-master-down-by-addr 127.0.0.1 $primary x *
      is-master-down-by-addr 127.0.0.1 $primary -1 *
      is-master-down-by-addr 127.0.0.9 $primary 0 *
      is-master-down-by-addr nohost $primary 0 *
      is-master-down-by-addr 127.0.0.1 $dead 7000 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      is-master-down-by-addr 127.0.0.1 $dead 7000 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      is-master-down-by-addr 127.0.0.1 $dead 6999 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      is-master-down-by-addr 127.0.0.1 $dead 0 *
      simulate-failure
      simulate-failure help
      simulate-failure nope
      simulate-failure crash-after-election
      simulate-failure crash-after-election help
      simulate-failure crash-after-election crash-after-promotion
      simulate-failure
      debug
      debug nope
      debug nope 1
      debug info-period
      debug info-period x
      debug info-period 0
      debug info-period -1
      debug info-period 10000 ping-period
      debug INFO-period 10000 ping-period 1000
      help
      help x
      nope
      monitor
      monitor m2 127.0.0.1 $primary 0
      monitor m2 127.0.0.1 $primary x
      monitor m2 127.0.0.1 x 1
      monitor m2 127.0.0.1 70000 1
      monitor m2 127.0.0.1 -5 1
      monitor m2 localhost $primary 1
      monitor mymaster 127.0.0.1 $primary 1
      monitor m2 127.0.0.1 $dead 1
      monitor m2 127.0.0.1 $dead 1
      failover m2
      failover dead
      failover nope
      failover
      remove m2
      remove m2
      remove nope
      remove
      monitor m3 127.0.0.1 $dead 1
      reset m*3
      remove m3
      """;

  @TempDir Path directory;
  private final List<DataNode> nodes = new ArrayList<>();
  private final List<SentinelProcess> sentinels = new ArrayList<>();
  private int deadPort;

  @BeforeEach
  void startBoth() throws IOException {
    nodes.add(DataNode.ours(directory));
    nodes.add(DataNode.ours(directory));
    nodes.getLast().follow(nodes.getFirst());
    deadPort = Ports.block(1);
    String[] lines = {
      "sentinel monitor mymaster 127.0.0.1 " + nodes.getFirst().port() + " 2",
      "sentinel down-after-milliseconds mymaster 5000",
      "sentinel monitor dead 127.0.0.1 " + deadPort + " 3",
      "sentinel down-after-milliseconds dead 300"
    };
    sentinels.add(SentinelProcess.stock(directory, lines));
    sentinels.add(SentinelProcess.ours(directory, lines));
    for (SentinelProcess sentinel : sentinels) {
      Await.until(
          () -> "the Sentinels know all: " + sentinel.output(),
          SentinelProcess.PATIENCE,
          () ->
              sentinel.ofPrimary("mymaster", "num-other-sentinels").equals("1")
                  && sentinel.call("SENTINEL", "REPLICAS", "mymaster").contains("ok")
                  && sentinel.ofPrimary("dead", "flags").contains("s_down"));
    }
  }

  @AfterEach
  void endAll() {
    sentinels.forEach(SentinelProcess::close);
    nodes.forEach(DataNode::close);
  }

  @ParameterizedTest(name = "RESP{0}")
  @ValueSource(strings = {"2", "3"})
  void everySubcommandAnswersAlike(String protocol) throws IOException {
    SoftAssertions softly = new SoftAssertions();
    try (Client stock = new Client(sentinels.get(0).port());
        Client ours = new Client(sentinels.get(1).port())) {
      ask(stock, "HELLO", protocol);
      ask(ours, "HELLO", protocol);
      for (String line : (Iterable<String>) WORDS_WITHOUT_STATE.lines()::iterator) {
        String[] words = words(line);
        softly.assertThat(ask(ours, words)).as("SENTINEL " + line).isEqualTo(ask(stock, words));
      }
      for (String line : List.of("masters", "master mymaster", "replicas mymaster")) {
        softly
            .assertThat(instances(ask(ours, words(line))))
            .as("SENTINEL " + line)
            .isEqualTo(instances(ask(stock, words(line))));
      }
      softly
          .assertThat(withoutIds(ask(ours, words("sentinels mymaster"))))
          .as("SENTINEL SENTINELS")
          .isEqualTo(withoutIds(ask(stock, words("sentinels mymaster"))));
      softly
          .assertThat(withoutNumbers(ask(ours, words("info-cache mymaster"))))
          .as("SENTINEL INFO-CACHE")
          .isEqualTo(withoutNumbers(ask(stock, words("info-cache mymaster"))));
      softly
          .assertThat(withoutIds(ask(ours, words("myid"))))
          .as("SENTINEL MYID")
          .isEqualTo(withoutIds(ask(stock, words("myid"))));
      softly
          .assertThat(groups(ask(ours, "INFO", "sentinel")))
          .as("INFO sentinel")
          .isEqualTo(groups(ask(stock, "INFO", "sentinel")));
    }
    softly.assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "m*"})
  void resetForgetsAlike(String pattern) throws IOException {
    List<String> replies = new ArrayList<>();
    for (SentinelProcess sentinel : sentinels) {
      try (Client client = new Client(sentinel.port())) {
        client.send("SENTINEL", "RESET", pattern);
        client.send("SENTINEL", "SENTINELS", "mymaster");
        replies.add(client.receive() + " " + client.receive());
      }
    }
    assertThat(replies.get(1)).isEqualTo(replies.get(0));
  }

  private static Reply ask(Client client, String... words) throws IOException {
    client.send(words);
    return client.receive();
  }

  private String[] words(String line) {
    String filled =
        line.replace("$primary", Integer.toString(nodes.getFirst().port()))
            .replace("$dead", Integer.toString(deadPort));
    return Stream.concat(Stream.of("SENTINEL"), Arrays.stream(filled.split(" ")))
        .map(word -> word.equals("\"\"") ? "" : word)
        .toArray(String[]::new);
  }

  /** Instances in the order of their names, volatile values blanked. */
  private static String instances(Reply reply) {
    if (reply instanceof Reply.Array list && !(list.elements().getFirst() instanceof Reply.Bulk)) {
      return list.elements().stream()
          .map(SentinelCommandsIT::instance)
          .sorted(Comparator.naturalOrder())
          .toList()
          .toString();
    }
    return instance(reply);
  }

  private static String instance(Reply reply) {
    StringBuilder text = new StringBuilder(reply.getClass().getSimpleName());
    switch (reply) {
      case Reply.MapReply map -> {
        for (int i = 0; i < map.keys().size(); i++) {
          append(text, map.keys().get(i), map.values().get(i));
        }
      }
      case Reply.Array list -> {
        for (int i = 0; i < list.elements().size(); i += 2) {
          append(text, list.elements().get(i), list.elements().get(i + 1));
        }
      }
      default -> text.append(reply);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Reply key, Reply value) {
    String name = key.asText();
    text.append(' ').append(name).append('=');
    text.append(VOLATILE.contains(name) ? "?" : value.asText());
  }

  private static String withoutIds(Reply reply) {
    String text = reply instanceof Reply.Bulk bulk ? bulk.toString() : instances(reply);
    return text.replaceAll("[0-9a-f]{40}", "ID").replaceAll("port=\\d+", "port=PORT");
  }

  /** The lines of INFO, groups in any order. */
  private static List<String> groups(Reply info) {
    return info.toString().replaceAll("master\\d:", "master:").lines().sorted().toList();
  }

  private static String withoutNumbers(Reply reply) {
    return reply.toString().replaceAll("\\d+", "N");
  }
}
