package io.vigil.core.observe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.observe.config.ConfigLoader.SentinelLine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
  private static final String FATAL = "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\n";

  private final TestWorld world = new TestWorld();
  private final Settings settings = new Settings(world);
  private final ConfigRegistry registry = new ConfigRegistry(settings);

  private ConfigLoader load(String file, String options, boolean sentinel) throws ConfigError {
    world.files.put("/c.conf", file);
    ConfigLoader loader = new ConfigLoader(registry, world, world, world, sentinel);
    loader.load("/c.conf", null, options);
    return loader;
  }

  private void load(String file) throws ConfigError {
    load(file, "", false);
  }

  private void assertError(String file, int line, String text, String error) {
    assertThatThrownBy(() -> new ConfigLoaderTest().load(file))
        .isInstanceOf(ConfigError.class)
        .hasMessage(
            FATAL
                + "Reading the configuration file, at line "
                + line
                + "\n>>> '"
                + text
                + "'\n"
                + error);
  }

  /** Texts as redis-server 7.0.15 prints them for the same files. */
  @Test
  void errorsNameTheLine() {
    assertError("port abc\n", 1, "port abc", "argument couldn't be parsed into an integer");
    assertError("\n\n foo bar\t\n", 3, "foo bar", "Bad directive or wrong number of arguments");
    assertError("port 1 2\n", 1, "port 1 2", "wrong number of arguments");
    assertError("save 60\n", 1, "save 60", "Invalid save parameters");
    assertError("bind \"a\"b", 1, "bind \"a\"b", "Unbalanced quotes in configuration line");
    assertError(
        "loglevel x",
        1,
        "loglevel x",
        "argument(s) must be one of the following: debug, verbose, notice, warning");
    assertError(
        "sentinel monitor a b 1 1",
        1,
        "sentinel monitor a b 1 1",
        "sentinel directive while not in sentinel mode");
    assertError("a.b\n", 1, "a.b", "Module config specified without value");
    assertError("replicaof localhost\n", 1, "replicaof localhost", "wrong number of arguments");
    assertError("replicaof h 70000\n", 1, "replicaof h 70000", "Invalid master port");
    assertError("dir /nonexistent\n", 1, "dir /nonexistent", "No such file or directory");
    assertError("maxmemory 5x\n", 1, "maxmemory 5x", "argument must be a memory value");
    assertError(
        "unixsocketperm 1000\n",
        1,
        "unixsocketperm 1000",
        "argument must be between 0 and 777 inclusive");
    assertError("include\n", 1, "include", "Bad directive or wrong number of arguments");
    assertError(
        "list-max-ziplist-entries 5 6\n",
        1,
        "list-max-ziplist-entries 5 6",
        "Bad directive or wrong number of arguments");
  }

  @Test
  void missingFilesAreNamed() {
    assertThatThrownBy(() -> load("include /none.conf"))
        .hasMessage("Fatal error, can't open config file '/none.conf': No such file or directory");
    assertThatThrownBy(() -> load("logfile /nonexistent/x.log"))
        .hasMessage(FATAL + "Can't open the log file: No such file or directory");
  }

  /** What this version lacks is refused, unless a later line takes it back. */
  @Test
  void missingPartsAreRefused() throws ConfigError {
    List<String> lines =
        List.of(
            "appendonly yes",
            "cluster-enabled yes",
            "tls-port 6390",
            "loadmodule /m.so",
            "aclfile /users.acl",
            "user alice on +@all ~* &*",
            "user default on nopass ~* +get &*",
            "maxmemory-clients 5%",
            "server_cpulist 0-1");
    for (String line : lines) {
      assertThatThrownBy(() -> new ConfigLoaderTest().load("# x\n" + line + "\n"))
          .as(line)
          .hasMessageStartingWith(FATAL + "Reading the configuration file, at line 2\n>>> '" + line)
          .hasMessageContaining("which vigil");
    }
    assertThatThrownBy(() -> load("maxmemory-policy allkeys-lru\nmaxmemory 1gb\n"))
        .hasMessageContaining("'maxmemory-policy allkeys-lru' needs eviction of keys");
    load("maxmemory-policy allkeys-lru\nappendonly yes\nappendonly no\nmaxmemory 0");
    assertThat(settings.maxMemoryPolicy.get()).isEqualTo("allkeys-lru");
  }

  /** Redis itself writes such lines into the files it rewrites. */
  @Test
  void unrestrictedDefaultUserIsTaken() throws ConfigError {
    load("user default on nopass sanitize-payload ~* &* +@all\n");
    load(
        "requirepass foobared\nuser default on sanitize-payload"
            + " #1b58ee375b42e41f0e48ef2ff27d10a5b1f6924a9acdcdba7cae868e7adce6bf ~* &* +@all\n");
  }

  @Test
  void valuesOfEveryForm() throws ConfigError {
    load(
        """
        # a comment
        bind 127.0.0.1 -::1
        port 6381
        slaveof 127.0.0.1 6380
        save 900 1
        save 300 10
        client-output-buffer-limit replica 1gb 512mb 10
        unixsocketperm 700
        notify-keyspace-events KEA
        latency-tracking-info-percentiles 50 99.95
        requirepass "a b\\x41"
        shutdown-on-sigterm "nosave force"
        REPL-TIMEOUT 5
        list-max-ziplist-value 64
        rename-command CONFIG ""
        """);
    assertThat(settings.bindAddresses.get()).containsExactly("127.0.0.1", "-::1");
    assertThat(settings.port.get()).isEqualTo(6381);
    assertThat(settings.replicaOf.host()).isEqualTo("127.0.0.1");
    assertThat(settings.replicaOf.port()).isEqualTo(6380);
    assertThat(settings.savePoints.text()).isEqualTo("900 1 300 10");
    assertThat(settings.outputLimits.replica())
        .isEqualTo(new OutputLimits.Limit(1L << 30, 512 << 20, 10));
    assertThat(settings.unixSocketPermissions.get()).isEqualTo(0700);
    assertThat(settings.notifyEvents.text()).isEqualTo("AKE");
    assertThat(settings.notifyEvents.includes('$')).isTrue();
    assertThat(settings.notifyEvents.includes('m')).isFalse();
    assertThat(settings.latencyPercentiles.get()).containsExactly(50.0, 99.95);
    assertThat(settings.requirePass.get()).isEqualTo("a bA");
    assertThat(settings.shutdownOnSigterm.includes("force")).isTrue();
    assertThat(settings.replTimeoutSeconds.get()).isEqualTo(5);
  }

  @Test
  void optionsFollowTheFile() throws ConfigError {
    load("port 1\nsave 60 1\n", "port \"6380\" \nsave \"\" \nsave \"900\" \"1\" ", false);
    assertThat(settings.port.get()).isEqualTo(6380);
    assertThat(settings.savePoints.text()).isEqualTo("900 1");
    assertThatThrownBy(() -> load("port 1\n", "port \"x\" ", false))
        .hasMessageContaining("at line 3\n>>> 'port \"x\"'");
  }

  @Test
  void savePointsWithoutALineAreTheInitialOnes() throws ConfigError {
    load("port 1\n");
    assertThat(settings.savePoints.text()).isEqualTo("3600 1 300 100 60 10000");
    load("save \"\"\n");
    assertThat(settings.savePoints.get()).isEmpty();
  }

  @Test
  void includesAndPatterns() throws ConfigError {
    world.files.put("/conf.d/b.conf", "port 2\n");
    world.files.put("/conf.d/a.conf", "port 1\ntimeout 7\n");
    world.files.put("/conf.d/.hidden.conf", "port 3\n");
    load("include /conf.d/*.conf\ninclude /empty.d/*\n");
    assertThat(settings.port.get()).isEqualTo(2);
    assertThat(settings.timeoutSeconds.get()).isEqualTo(7);
    assertThatThrownBy(() -> load("include /c.conf")).hasMessageContaining("included from itself");
  }

  @Test
  void standardInputStandsBetween() throws ConfigError {
    world.files.put("/c.conf", "port 1\ntimeout 1\n");
    new ConfigLoader(registry, world, world, world, false)
        .load("/c.conf", "port 2\nhz 20\n", "hz 30");
    assertThat(settings.port.get()).isEqualTo(2);
    assertThat(settings.hz.get()).isEqualTo(30);
    assertThat(settings.timeoutSeconds.get()).isEqualTo(1);
    assertThat(world.events).contains("log Reading config from stdin");
  }

  @Test
  void linesOfASentinelAreCollected() throws ConfigError {
    ConfigLoader loader =
        load("port 26379\nSENTINEL monitor mymaster 127.0.0.1 6379 2\n", "sentinel ", true);
    assertThat(loader.sentinelLines())
        .containsExactly(
            new SentinelLine(
                List.of("monitor", "mymaster", "127.0.0.1", "6379", "2"),
                new ConfigLoader.Place(2, "SENTINEL monitor mymaster 127.0.0.1 6379 2")));
  }

  @Test
  void absolutePaths() {
    ConfigLoader loader = new ConfigLoader(registry, world, world, world, false);
    assertThat(loader.absolute("redis.conf")).isEqualTo("/work/redis.conf");
    assertThat(loader.absolute("../a/./b")).isEqualTo("/a/b");
    assertThat(loader.absolute("/x//y/../z")).isEqualTo("/x/z");
  }

  /** The file that Debian installs; skipped where the package is not. */
  @Test
  void filesOfDebianAreTaken() throws Exception {
    for (String name : List.of("redis.conf", "sentinel.conf")) {
      Path file = Path.of("/etc/redis", name);
      org.junit.jupiter.api.Assumptions.assumeTrue(Files.isReadable(file));
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      ConfigLoader loader = load(text, "", name.startsWith("sentinel"));
      assertThat(settings.daemonize.get()).isTrue();
      assertThat(loader.sentinelLines()).hasSize(name.startsWith("sentinel") ? 8 : 0);
    }
  }
}
