package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis's own tools against our server, and our command line client beside them. */
@Tag("peer")
class RedisToolsClientIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private int port;

  @BeforeEach
  void start() throws Exception {
    port = Ports.block(1);
    run(
        """
        redis-server --port $port --dir $base --save "" --daemonize yes --pidfile $base/server.pid \\
          --logfile $base/server.log
        """);
    Await.until("the server answers", SOON, () -> "PONG".equals(Resp.text(port, "PING")));
  }

  @AfterEach
  void stop() throws Exception {
    String pid = Files.readString(directory.resolve("server.pid")).trim();
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    Await.until("the port is free", SOON, () -> Ports.isFree(port));
  }

  private Script.Result script(String lines) throws IOException {
    Map<String, String> variables =
        Map.of("port", Integer.toString(port), "base", directory.toString());
    return Script.run(directory, variables, lines);
  }

  private String run(String lines) throws IOException {
    Script.Result result = script(lines);
    assertThat(result.code()).as(result.output()).isZero();
    return result.output();
  }

  @Test
  void benchmarkRuns() throws Exception {
    String output = run("/usr/bin/redis-benchmark -p $port -n 2000 -q -t ping,set,get,incr,mset");
    for (String test :
        new String[] {"PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"}) {
      assertThat(output).contains(test + ": ").contains("requests per second");
    }
    assertThat(Resp.text(port, "GET", "counter:__rand_int__")).isEqualTo("2000");
  }

  @Test
  void pipelinedBenchmarkRuns() throws Exception {
    String output = run("/usr/bin/redis-benchmark -p $port -n 20000 -P 16 -r 1000 -q -t set,get");
    assertThat(output).contains("SET: ").contains("GET: ");
    assertThat(Integer.parseInt(Resp.text(port, "DBSIZE"))).isBetween(900, 1000);
  }

  /** One line each, in which {@code cli} stands for the client with its port. */
  private static final String CALLS =
      """
      cli ping
      cli --no-raw ping
      cli set k "two words"
      cli get k
      cli --no-raw get k
      cli --no-raw get nosuch
      cli get nosuch
      cli --no-raw incr k
      cli incr k
      cli -e incr k
      cli --csv mget k nosuch
      cli --json mget k nosuch
      cli --quoted-json mget k nosuch
      cli --no-raw mget k nosuch
      cli -3 --no-raw config get 'max*'
      cli -3 config get 'max*'
      cli --no-raw config get 'max*'
      cli --no-raw command info get set
      cli -3 --no-raw command info get set
      cli --no-raw command docs getex
      cli --no-raw info keyspace
      cli info keyspace
      cli -n 5 set k in5
      cli -n 5 get k
      cli -n 99 get k
      cli -a wrong ping
      cli --user nobody --pass wrong --no-auth-warning ping
      cli -r 3 ping
      cli --quoted-input set '"a\\x00b"' '"c\\n"'
      cli --no-raw --quoted-input get '"a\\x00b"'
      cli --scan --pattern 'k*'
      cli -d , mget k k
      cli -D '|' -r 2 get k
      cli nosuchcommand with arguments
      cli --nosuchoption
      printf 'value\\nwith line' | cli -x set x
      cli get x
      printf 'v' | cli -X tag set tagged tag
      printf 'multi\\nset a 1\\nget a\\nexec\\nselect 3\\nget a\\n3 ping\\nbad "quote\\n\\nquit\\nping\\n' | cli
      printf 'multi\\nset a 1\\nget a\\nexec\\nselect 3\\nget a\\n' | cli --no-raw
      printf 'reset\\nhello 3 setname n\\nclient getname\\n' | cli -2 | grep -v id
      printf 'SET p 1\\r\\nINCR p\\r\\nINCR k\\r\\n' | cli --pipe
      cli help
      """;

  @Test
  void ourClientPrintsWhatRedisCliPrints() throws Exception {
    for (String call : CALLS.lines().toList()) {
      String stock = outcome("/usr/bin/redis-cli", call);
      String ours = outcome("redis-cli", call);
      assertThat(ours).as(call).isEqualTo(stock);
    }
  }

  /**
   * Both kinds of output and the exit code; the data are the same before each call but for what
   * calls before have set.
   */
  private String outcome(String client, String call) throws IOException {
    String line = call.replaceFirst("\\bcli\\b", client + " -p \\$port");
    return script(
            line + " > out.txt 2> err.txt\necho \"code $?\"; cat out.txt; echo --; cat err.txt")
        .output();
  }
}
