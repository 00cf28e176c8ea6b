package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CONFIG, INFO, SLOWLOG, LATENCY and MEMORY; answers were compared with redis-server 7.0.15. */
class ObserveCommandsTest {
  private final CommandTester tester = new CommandTester();

  private String info(String section) {
    return tester.run("INFO", section).asText();
  }

  private String field(String section, String name) {
    return info(section)
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 1);
  }

  @Test
  void configIsShownAndChanged() {
    assertThat(tester.text("CONFIG", "GET", "maxmemory", "HZ"))
        .isEqualTo("*4\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n$2\r\nHZ\r\n$2\r\n10\r\n");
    assertThat(tester.text("CONFIG", "SET", "hz", "50", "timeout", "9")).isEqualTo("+OK\r\n");
    assertThat(tester.text("CONFIG", "GET", "timeout")).contains("\r\n9\r\n");
    assertThat(tester.text("CONFIG", "SET", "hz", "x"))
        .isEqualTo(
            "-ERR CONFIG SET failed (possibly related to argument 'hz') - argument couldn't be"
                + " parsed into an integer\r\n");
    assertThat(tester.text("CONFIG", "SET", "hz", "1", "timeout"))
        .isEqualTo("-ERR syntax error\r\n");
    assertThat(tester.text("CONFIG", "SET", "hz"))
        .isEqualTo("-ERR wrong number of arguments for 'config|set' command\r\n");
    assertThat(tester.text("CONFIG", "REWRITE"))
        .isEqualTo("-ERR The server is running without a config file\r\n");
    assertThat(tester.text("CONFIG", "NOSUCH"))
        .isEqualTo("-ERR unknown subcommand 'NOSUCH'. Try CONFIG HELP.\r\n");
  }

  @Test
  void configGetIsAMapInRespThree() {
    tester.text("HELLO", "3");
    assertThat(tester.text("CONFIG", "GET", "hz")).startsWith("%1\r\n");
  }

  @Test
  void commandsAreCounted() {
    tester.text("SET", "a", "x");
    tester.text("INCR", "a");
    tester.text("INCR");
    tester.text("NOSUCH");
    assertThat(info("commandstats"))
        .contains("cmdstat_set:calls=1,", ",rejected_calls=0,failed_calls=0")
        .containsPattern(
            "cmdstat_incr:calls=1,usec=\\d+,usec_per_call=[0-9.]+,rejected_calls=1,failed_calls=1");
    assertThat(info("errorstats")).contains("errorstat_ERR:count=3");
    assertThat(field("stats", "total_error_replies")).isEqualTo("3");
    assertThat(info("latencystats")).contains("latency_percentiles_usec_set:p50=");
    assertThat(tester.text("CONFIG", "RESETSTAT")).isEqualTo("+OK\r\n");
    assertThat(info("errorstats")).doesNotContain("errorstat_");
    assertThat(info("commandstats")).doesNotContain("cmdstat_set");
  }

  /** The wait itself is no slow command; what serves it is, and a wait cut short is a failure. */
  @Test
  void commandsThatWaitAreToldOfAtTheirEnd() {
    tester.configure("slowlog-log-slower-than", "0");
    TestClient waiting = tester.connect();
    String id = waiting.call("CLIENT", "ID") instanceof Reply.Int number ? "" + number.value() : "";
    waiting.send("BLPOP", "list", "0");
    assertThat(tester.text("SLOWLOG", "GET")).doesNotContain("BLPOP");
    tester.text("RPUSH", "list", "x");
    assertThat(tester.text("SLOWLOG", "GET")).contains("BLPOP");
    assertThat(info("commandstats"))
        .containsPattern("cmdstat_blpop:calls=1,.*rejected_calls=0,failed_calls=0");
    waiting.send("BLPOP", "list", "0");
    tester.text("CLIENT", "UNBLOCK", id, "ERROR");
    assertThat(info("commandstats"))
        .containsPattern("cmdstat_blpop:calls=2,.*rejected_calls=0,failed_calls=1");
  }

  /** A command that fails inside of EXEC counts for itself, not for EXEC. */
  @Test
  void execDoesNotFailWithItsCommands() {
    tester.text("SET", "a", "x");
    tester.text("MULTI");
    tester.text("INCR", "a");
    tester.text("EXEC");
    assertThat(info("commandstats"))
        .containsPattern("cmdstat_incr:.*failed_calls=1")
        .containsPattern("cmdstat_exec:.*failed_calls=0");
  }

  @Test
  void infoHasEverySection() {
    tester.text("SET", "a", "1");
    String all = info("everything");
    for (String title :
        List.of(
            "Server",
            "Clients",
            "Memory",
            "Persistence",
            "Stats",
            "Replication",
            "CPU",
            "Modules",
            "Commandstats",
            "Errorstats",
            "Latencystats",
            "Cluster",
            "Keyspace")) {
      assertThat(all).contains("# " + title + "\r\n");
    }
    assertThat(all).contains("redis_version:7.0.15\r\n", "vigil_version:", "role:master\r\n");
    assertThat(all).contains("db0:keys=1,expires=0,");
    assertThat(field("clients", "connected_clients")).isEqualTo("1");
    assertThat(Long.parseLong(field("memory", "used_memory"))).isPositive();
  }

  @Test
  void slowCommandsAreLogged() {
    tester.text("CONFIG", "SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "3");
    tester.text("SLOWLOG", "RESET");
    tester.text("CLIENT", "SETNAME", "me");
    tester.text("CONFIG", "SET", "masterauth", "secret");
    Reply.Array entries = (Reply.Array) tester.run("SLOWLOG", "GET", "1");
    Reply.Array entry = (Reply.Array) entries.elements().getFirst();
    assertThat(entry.elements()).hasSize(6);
    assertThat(((Reply.Array) entry.elements().get(3)).elements())
        .extracting(Reply::asText)
        .containsExactly("CONFIG", "SET", "masterauth", "(redacted)");
    assertThat(entry.elements().get(5).asText()).isEqualTo("me");
    assertThat(tester.text("SLOWLOG", "LEN")).isEqualTo(":3\r\n");
    assertThat(tester.text("SLOWLOG", "GET", "-2"))
        .isEqualTo("-ERR count should be greater than or equal to -1\r\n");
    tester.text("CONFIG", "SET", "slowlog-log-slower-than", "-1");
    assertThat(tester.text("SLOWLOG", "RESET")).isEqualTo("+OK\r\n");
    assertThat(tester.text("SLOWLOG", "GET")).isEqualTo("*0\r\n");
  }

  @Test
  void latencyByEventAndByCommand() {
    assertThat(tester.text("LATENCY", "LATEST")).isEqualTo("*0\r\n");
    assertThat(tester.text("LATENCY", "HISTORY", "x")).isEqualTo("*0\r\n");
    assertThat(tester.text("LATENCY", "GRAPH", "x"))
        .isEqualTo("-ERR No samples available for event 'x'\r\n");
    tester.node().observed().latency.add("command", 20, 10, 77);
    assertThat(tester.text("LATENCY", "HISTORY", "command"))
        .isEqualTo("*1\r\n*2\r\n:77\r\n:20\r\n");
    assertThat(tester.text("LATENCY", "RESET", "command", "x")).isEqualTo(":1\r\n");
    tester.text("SET", "a", "1");
    assertThat(tester.text("LATENCY", "HISTOGRAM", "set", "nosuch"))
        .startsWith(
            "*2\r\n$3\r\nset\r\n*4\r\n$5\r\ncalls\r\n:1\r\n$14\r\nhistogram_usec\r\n*2\r\n");
    tester.text("CONFIG", "GET", "hz");
    assertThat(tester.text("LATENCY", "HISTOGRAM", "config")).contains("config|get");
  }

  @Test
  void memoryOfAKey() {
    tester.text("SET", "a", "x".repeat(1000));
    assertThat(((Reply.Int) tester.run("MEMORY", "USAGE", "a")).value()).isBetween(1000L, 2000L);
    assertThat(tester.text("MEMORY", "USAGE", "none")).isEqualTo("$-1\r\n");
    assertThat(tester.text("MEMORY", "USAGE", "a", "SAMPLES", "-1"))
        .isEqualTo("-ERR syntax error\r\n");
    assertThat(tester.text("MEMORY", "DOCTOR"))
        .isEqualTo("-ERR unknown subcommand 'DOCTOR'. Try MEMORY HELP.\r\n");
  }
}
