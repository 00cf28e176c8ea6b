package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.cli.client.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Configuration files and command lines as they stand in people's notes and packages, with nothing
 * changed but paths and ports: they run with Redis, so they must run here.
 */
class ConfigurationFilesIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;
  private int port;
  private final Map<String, String> variables = new TreeMap<>();

  @BeforeEach
  void choosePorts() {
    port = Ports.block(6);
    variables.put("base", directory.toString());
    for (int i = 0; i < 3; i++) {
      variables.put("port" + i, Integer.toString(port + i));
      variables.put("sentinel" + i, Integer.toString(port + 3 + i));
    }
  }

  /** Daemons are nobody's children: they are found by the files they leave and by their ports. */
  @AfterEach
  void killDaemons() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".pid")).toList()) {
        String pid = Files.readString(file).trim();
        if (!pid.isEmpty()) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    }
    for (int each = port; each < port + 6; each++) {
      int taken = each;
      Await.until("port " + taken + " is free again", SOON, () -> Ports.isFree(taken));
    }
  }

  private String run(String lines) throws IOException {
    Script.Result result = Script.run(directory, variables, "set -e\n" + lines);
    assertThat(result.code()).as(result.output()).isZero();
    return result.output();
  }

  private void awaitStep(int replica) {
    Await.until(
        replica + " is in step", SOON, () -> Resp.info(replica, "master_link_status").equals("up"));
  }

  @Test
  void threeDaemonsOfOnePrimaryAndTwoReplicas() throws Exception {
    run(
        """
        mkdir $base/redis $base/redis/data0 $base/redis/data1 $base/redis/data2 $base/redis/conf $base/redis/log
        cat << EOF > $base/redis/conf/redis0.conf
        bind 127.0.0.1
        port $port0
        daemonize yes
        pidfile $base/redis/redis_0.pid
        loglevel notice
        logfile $base/redis/log/redis_0.log
        dir $base/redis/data0/
        EOF
        cat << EOF > $base/redis/conf/redis1.conf
        bind 127.0.0.1
        port $port1
        daemonize yes
        pidfile $base/redis/redis_1.pid
        loglevel notice
        logfile $base/redis/log/redis_1.log
        dir $base/redis/data1/
        slaveof 127.0.0.1 $port0
        EOF
        cat << EOF > $base/redis/conf/redis2.conf
        bind 127.0.0.1
        port $port2
        daemonize yes
        pidfile $base/redis/redis_2.pid
        loglevel notice
        logfile $base/redis/log/redis_2.log
        dir $base/redis/data2/
        slaveof 127.0.0.1 $port0
        EOF
        redis-server $base/redis/conf/redis0.conf
        redis-server $base/redis/conf/redis1.conf
        redis-server $base/redis/conf/redis2.conf
        """);
    awaitStep(port + 1);
    awaitStep(port + 2);
    assertThat(run("redis-cli -p $port0 set name yingges")).isEqualTo("OK\n");
    Await.until("the value", SOON, () -> "yingges".equals(Resp.text(port + 1, "GET", "name")));
    assertThat(run("redis-cli -p $port1 get name; redis-cli -p $port1 --no-raw get name"))
        .isEqualTo("yingges\n\"yingges\"\n");
    assertThat(run("redis-cli -p $port1 set name2 redis"))
        .isEqualTo("READONLY You can't write against a read only replica.\n\n");
    assertThat(run("redis-cli -p $port0 info Replication"))
        .startsWith(
            "# Replication\r\nrole:master\r\nconnected_slaves:2\r\nslave0:ip=127.0.0.1,port=")
        .contains("\r\nrepl_backlog_active:1\r\nrepl_backlog_size:1048576\r\n");
    for (int i = 0; i < 3; i++) {
      assertDetached(i);
    }
    assertThat(run("redis-cli -p $port2 shutdown nosave")).isEmpty();
    Await.until(
        "the pid file is gone",
        SOON,
        () -> !Files.exists(directory.resolve("redis").resolve("redis_2.pid")));
  }

  private void assertDetached(int i) throws IOException {
    Path redis = directory.resolve("redis");
    long pid = Long.parseLong(Files.readString(redis.resolve("redis_" + i + ".pid")).trim());
    assertThat(Resp.info(port + i, "process_id")).isEqualTo(Long.toString(pid));
    assertThat(redis.resolve("log").resolve("redis_" + i + ".log"))
        .content()
        .contains(pid + ":", "Ready to accept connections");
    // A session of its own, no terminal, and nothing of the starter's open.
    String[] stat =
        Files.readString(Path.of("/proc/" + pid + "/stat")).replaceFirst(".*\\) ", "").split(" ");
    assertThat(stat[3]).as("session").isEqualTo(Long.toString(pid));
    assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0"))).hasToString("/dev/null");
    assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/1"))).hasToString("/dev/null");
  }

  @Test
  void rolesAreChangedAtRunTime() throws Exception {
    run(
        """
        for i in 0 1 2; do
          mkdir $i
          eval "port=\\$port$i"
          cat << EOF > $i/redis.conf
        port $port
        daemonize yes
        pidfile $base/$i/redis.pid
        logfile "$port.log"
        dbfilename dump$port.rdb
        dir $base/$i
        EOF
          redis-server $i/redis.conf
        done
        """);
    for (int i = 0; i < 3; i++) {
      int each = port + i;
      Await.until(each + " answers", SOON, () -> "PONG".equals(Resp.text(each, "PING")));
    }
    assertThat(
            run(
                """
                redis-cli -p $port0 set a 1
                redis-cli -p $port1 slaveof 127.0.0.1 $port0
                redis-cli -p $port2 replicaof 127.0.0.1 $port1
                redis-cli -p $port1 replicaof 127.0.0.1 $port0
                """))
        .isEqualTo("OK\nOK\nOK\nOK Already connected to specified master\n");
    awaitStep(port + 1);
    awaitStep(port + 2);
    Await.until(
        "a replica of a replica has it", SOON, () -> "1".equals(Resp.text(port + 2, "GET", "a")));
    run("redis-cli -p $port0 set b 2");
    Await.until(
        "and what is written later", SOON, () -> "2".equals(Resp.text(port + 2, "GET", "b")));
    assertThat(Resp.info(port + 1, "slave0")).contains("port=" + (port + 2) + ",state=online");

    assertThat(run("redis-cli -p $port1 slaveof no one; redis-cli -p $port1 set c 3"))
        .isEqualTo("OK\nOK\n");
    Await.until(
        "its replica stays with it", SOON, () -> "3".equals(Resp.text(port + 2, "GET", "c")));
    assertThat(Resp.text(port, "GET", "c")).isNull();
    assertThat(run("redis-cli -p $port1 save")).isEqualTo("OK\n");
    assertThat(directory.resolve("1").resolve("dump" + (port + 1) + ".rdb")).isNotEmptyFile();
  }

  /**
   * The docker-compose notes: every password is there, and the Sentinels are started in both ways.
   */
  private void startGuardedGroup() throws IOException {
    run(
        """
        cat << EOF > redis0.conf
        port $port0
        requirepass foobared
        masterauth foobared
        daemonize yes
        pidfile $base/redis0.pid
        EOF
        for i in 1 2; do
          eval "port=\\$port$i"
          cat << EOF > redis$i.conf
        port $port
        requirepass foobared
        replicaof 127.0.0.1 $port0
        masterauth foobared
        daemonize yes
        pidfile $base/redis$i.pid
        EOF
        done
        for i in 0 1 2; do
          mkdir data$i sentinel$i
          echo "dir $base/data$i" >> redis$i.conf
          redis-server $base/redis$i.conf
        done
        for i in 0 1 2; do
          eval "port=\\$sentinel$i"
          cat << EOF > sentinel$i.conf
        port $port
        dir $base/sentinel$i
        daemonize yes
        pidfile $base/sentinel$i.pid
        logfile $base/sentinel$i.log
        sentinel monitor mymaster 127.0.0.1 $port0 2
        sentinel auth-pass mymaster foobared
        sentinel down-after-milliseconds mymaster 1000
        sentinel parallel-syncs mymaster 1
        sentinel failover-timeout mymaster 10000
        requirepass "foobared"
        EOF
        done
        """);
    for (int i = 0; i < 3; i++) {
      int each = port + i;
      Await.until(
          each + " answers",
          SOON,
          () -> "PONG".equals(Resp.askWith("foobared", each, "PING").text()));
    }
    run(
        """
        redis-sentinel $base/sentinel0.conf
        redis-sentinel $base/sentinel1.conf
        redis-server $base/sentinel2.conf --sentinel
        """);
    Await.until(
        "the Sentinels know each other and the replicas",
        SOON,
        () -> {
          for (int i = 3; i < 6; i++) {
            List<Reply> fields =
                Resp.askWith("foobared", port + i, "SENTINEL", "MASTER", "mymaster").elements();
            if (!TestGroup.value(fields, "num-slaves").equals("2")
                || !TestGroup.value(fields, "num-other-sentinels").equals("2")) {
              return false;
            }
          }
          return true;
        });
  }

  @Test
  void sentinelsWithPasswordsFailOverAndRewriteTheirFiles() throws Exception {
    startGuardedGroup();
    assertThat(Resp.text(port, "GET", "a")).isEqualTo("NOAUTH Authentication required.");
    assertThat(run("redis-cli -a foobared --no-auth-warning -p $port0 set a 1")).isEqualTo("OK\n");
    assertThat(
            run(
                "REDISCLI_AUTH=foobared redis-cli -p $sentinel2 sentinel get-master-addr-by-name"
                    + " mymaster"))
        .isEqualTo("127.0.0.1\n" + port + "\n");
    for (int i = 0; i < 3; i++) {
      assertThat(directory.resolve("sentinel" + i + ".conf"))
          .content()
          .contains("sentinel monitor mymaster 127.0.0.1 " + port + " 2")
          .containsPattern("sentinel myid [0-9a-f]{40}")
          .contains("sentinel known-replica mymaster 127.0.0.1 " + (port + 1))
          .contains("sentinel known-replica mymaster 127.0.0.1 " + (port + 2))
          .containsPattern("sentinel known-sentinel mymaster \\S+ \\d+ [0-9a-f]{40}")
          .contains("requirepass \"foobared\"");
    }
    for (int replica : new int[] {port + 1, port + 2}) {
      Await.until(
          replica + " has the value",
          SOON,
          () -> "1".equals(Resp.askWith("foobared", replica, "GET", "a").text()));
    }
    run("kill -9 $(cat redis0.pid)");
    Await.until(
        "another primary", SOON, () -> primary("foobared") != port && primary("foobared") != 0);
    int primary = primary("foobared");
    Await.until(
        "it takes writes",
        SOON,
        () -> "OK".equals(Resp.askWith("foobared", primary, "SET", "b", "2").text()));
    assertThat(Resp.askWith("foobared", primary, "GET", "a").text()).isEqualTo("1");
    Await.until(
        "every Sentinel has it in its file",
        SOON,
        () -> {
          for (int i = 0; i < 3; i++) {
            if (!Files.readString(directory.resolve("sentinel" + i + ".conf"))
                .contains("sentinel monitor mymaster 127.0.0.1 " + primary + " 2")) {
              return false;
            }
          }
          return true;
        });
    // The one that was killed comes back from its own, old file and is told to follow.
    run("redis-server $base/redis0.conf");
    Await.until(
        "the old primary follows the new one",
        Duration.ofSeconds(40),
        () -> "2".equals(Resp.askWith("foobared", port, "GET", "b").text()));
    Await.until(
        "its file says so",
        SOON,
        () ->
            Files.readString(directory.resolve("redis0.conf"))
                .contains("replicaof 127.0.0.1 " + primary));
  }

  private int primary(String password) throws IOException {
    List<Reply> address =
        Resp.askWith(password, port + 4, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
            .elements();
    return address.size() == 2 ? Integer.parseInt(address.get(1).text()) : 0;
  }

  @Test
  void scriptsOfASentinelMustExistAndAreCalled() throws Exception {
    String configuration =
        """
        cat << EOF > sentinel.conf
        port $sentinel0
        dir $base
        daemonize yes
        pidfile $base/sentinel.pid
        logfile $base/sentinel.log
        sentinel monitor mymaster 127.0.0.1 $port0 1
        sentinel down-after-milliseconds mymaster 300
        sentinel notification-script mymaster $base/notify.sh
        sentinel client-reconfig-script mymaster $base/reconfig.sh
        EOF
        """;
    Script.Result refused =
        Script.run(directory, variables, configuration + "redis-sentinel $base/sentinel.conf");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output() + logOf("sentinel.log"))
        .contains("Notification script seems non existing or non executable");

    for (String script : List.of("notify.sh", "reconfig.sh")) {
      Path file = directory.resolve(script);
      Files.writeString(
          file, "#!/bin/sh\necho \"$@\" >> " + directory.resolve(script + ".called") + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    run(configuration + "redis-sentinel $base/sentinel.conf");
    Await.until(
        "the script is told that the primary is down",
        SOON,
        () ->
            logOf("notify.sh.called").contains("+sdown master mymaster 127.0.0.1 " + port + "\n"));
  }

  private String logOf(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Debian's own files; they come with its packages, which are there where the peers are. */
  @Test
  @Tag("peer")
  void filesOfTheDebianPackage() throws Exception {
    run(
        """
        mkdir run lib log lib/redis log/redis run/redis run/sentinel
        for name in redis sentinel; do
          sed -e "s,/run/redis,$base/run/redis,; s,/run/sentinel,$base/run/sentinel,; s,/var/lib/,$base/lib/,; s,/var/log/,$base/log/," \\
              -e "s,^port 6379,port $port0,; s,^port 26379,port $sentinel0,; s,mymaster 127.0.0.1 6379 2,mymaster 127.0.0.1 $port0 2," \\
              /etc/redis/$name.conf > $name.conf
        done
        redis-server $base/redis.conf
        redis-sentinel $base/sentinel.conf
        """);
    Await.until("the server answers", SOON, () -> "PONG".equals(Resp.text(port, "PING")));
    Await.until("the Sentinel answers", SOON, () -> "PONG".equals(Resp.text(port + 3, "PING")));
    assertThat(Resp.ask(port, "CONFIG", "GET", "list-compress-depth").elements())
        .extracting(Reply::text)
        .containsExactly("list-compress-depth", "0");
    assertThat(run("redis-cli -p $port0 config rewrite")).isEqualTo("OK\n");
    assertThat(Files.readString(directory.resolve("redis.conf")))
        .contains(
            "\nport " + port + "\n", "\ndaemonize yes\n", "# Redis configuration file example.");
    assertThat(directory.resolve("run").resolve("redis").resolve("redis-server.pid"))
        .content()
        .isEqualTo(Resp.info(port, "process_id") + "\n");
    Await.until(
        "the Sentinel watches the server",
        SOON,
        () -> {
          List<Reply> fields = Resp.ask(port + 3, "SENTINEL", "MASTER", "mymaster").elements();
          return TestGroup.value(fields, "flags").equals("master")
              && TestGroup.value(fields, "role-reported").equals("master");
        });
  }
}
