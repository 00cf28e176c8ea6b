package io.vigil.core.observe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.observe.config.ConfigRegistry.SetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigRegistryTest {
  private static final SetContext LOCAL = new SetContext(false, true);

  private final TestWorld world = new TestWorld();
  private final Settings settings = new Settings(world);
  private final ConfigRegistry registry = new ConfigRegistry(settings);

  private String set(String... words) {
    return registry.set(List.of(words), LOCAL);
  }

  private static String failed(String name, String why) {
    return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
  }

  private static List<String[]> rows(String resource) throws IOException {
    try (InputStream in = ConfigRegistryTest.class.getResourceAsStream(resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      return text.lines().map(line -> line.split("\t", -1)).toList();
    }
  }

  /** CONFIG GET * of redis-server 7.0.15 without a file. */
  @Test
  void namesAndInitialValuesAreThoseOfRedis() throws IOException {
    Map<String, String> all = registry.get(List.of("*"));
    List<String[]> expected = rows("/config/initial.tsv");
    long ours = all.keySet().stream().filter(name -> name.startsWith("vigil-")).count();
    assertThat(all.size() - ours).isEqualTo(expected.size());
    for (String[] row : expected) {
      assertThat(all.get(row[0])).as(row[0]).isEqualTo(row[1]);
    }
  }

  /** Directive, value, reply of CONFIG SET and CONFIG GET after it, of redis-server 7.0.15. */
  @Test
  void setAnswersAsRedis() throws IOException {
    int cases = 0;
    for (String[] row : rows("/config/set.tsv")) {
      String before = registry.get(List.of(row[0])).get(row[0]);
      String error = set(row[0], row[1]);
      String after = registry.get(List.of(row[0])).get(row[0]);
      String what = row[0] + " '" + row[1] + "'";
      assertThat(error == null ? "+OK" : "-" + error).as(what).isEqualTo(row[2]);
      assertThat(after).as(what).isEqualTo(error == null ? row[3] : before);
      if (error == null) {
        set(row[0], before);
      }
      cases++;
    }
    assertThat(cases).isGreaterThan(900);
  }

  @Test
  void getTakesPatternsAndAliases() {
    assertThat(registry.get(List.of("maxmemory", "MAXMEMORY", "*replica-prio*", "nosuch")))
        .containsOnly(Map.entry("maxmemory", "0"), Map.entry("replica-priority", "100"));
    assertThat(registry.get(List.of("s*-priority"))).containsOnlyKeys("slave-priority");
    assertThat(registry.get(List.of("HZ"))).containsOnlyKeys("HZ");
    assertThat(registry.get(List.of("watchdog*"))).isEmpty();
    assertThat(registry.get(List.of("watchdog-period"))).containsOnlyKeys("watchdog-period");
  }

  @Test
  void severalAreSetAllOrNone() {
    assertThat(set("timeout", "5", "hz", "x"))
        .isEqualTo(failed("hz", "argument couldn't be parsed into an integer"));
    assertThat(settings.timeoutSeconds.get()).isZero();
    assertThat(set("timeout", "5", "hz", "20", "save", "10 2")).isNull();
    assertThat(settings.timeoutSeconds.get()).isEqualTo(5);
    assertThat(settings.savePoints.text()).isEqualTo("10 2");
    assertThat(set("hz", "1", "HZ", "2")).isEqualTo(failed("HZ", "duplicate parameter"));
    assertThat(set("hz", "1", "nosuch", "2"))
        .isEqualTo("ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'");
    assertThat(set("daemonize", "yes", "nosuch", "2"))
        .isEqualTo(failed("daemonize", "can't set immutable config"));
    assertThat(set("slave-priority", "x"))
        .startsWith("ERR CONFIG SET failed (possibly related to argument 'slave-priority')");
  }

  @Test
  void guardedDirectives() {
    assertThat(set("dir", "/tmp")).isEqualTo(failed("dir", "can't set protected config"));
    settings.enableProtectedConfigs.assign(List.of("local"));
    assertThat(registry.set(List.of("dir", "/x"), new SetContext(false, false)))
        .isEqualTo(failed("dir", "can't set protected config"));
    assertThat(set("dir", "/nonexistent")).isEqualTo(failed("dir", "No such file or directory"));
    assertThat(set("dir", "/x")).isNull();
    assertThat(world.directory).isEqualTo("/x");
    assertThat(registry.set(List.of("dir", "/y"), new SetContext(true, true)))
        .isEqualTo("LOADING Redis is loading the dataset in memory");
  }

  @Test
  void whatIsMissingIsRefused() {
    assertThat(set("appendonly", "yes")).contains("'appendonly'").contains("which vigil");
    assertThat(settings.appendOnly.get()).isFalse();
    assertThat(set("maxmemory", "100mb", "maxmemory-policy", "allkeys-lru"))
        .contains("argument 'maxmemory-policy'");
    assertThat(settings.maxMemoryBytes.get()).isZero();
    assertThat(set("maxmemory-policy", "allkeys-lru")).isNull();
    assertThat(set("maxmemory", "100mb")).contains("argument 'maxmemory'").contains("eviction");
    assertThat(set("maxmemory", "100mb", "maxmemory-policy", "noeviction")).isNull();
  }

  @Test
  void hooksRunOnChangesAndCanRefuse() {
    List<String> calls = new ArrayList<>();
    registry.onChange(
        "port",
        () -> {
          calls.add("port " + settings.port.get());
          return settings.port.get() == 1
              ? "Unable to listen on this port. Check server logs."
              : null;
        });
    registry.onChange(
        "hz",
        () -> {
          calls.add("hz " + settings.hz.get());
          return null;
        });
    assertThat(set("port", "6379", "hz", "11")).isNull();
    assertThat(calls).containsExactly("hz 11");
    calls.clear();
    assertThat(set("hz", "12", "port", "1"))
        .isEqualTo(failed("port", "Unable to listen on this port. Check server logs."));
    assertThat(calls).containsExactly("hz 12", "port 1", "hz 11", "port 6379");
    assertThatThrownBy(() -> registry.onChange("hz", () -> null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void secretsAreKnown() {
    assertThat(registry.isSensitive("RequirePass")).isTrue();
    assertThat(registry.isSensitive("port")).isFalse();
  }

  private ConfigRewriter rewriter(String text) {
    world.files.put("/etc/c.conf", text);
    return new ConfigRewriter(registry, world, world, "/etc/c.conf", false);
  }

  @Test
  void rewriteKeepsWhatItCan() throws Exception {
    ConfigRewriter rewriter =
        rewriter(
            "# head\nport 6379\n\n\n\nslaveof a 1\nsave 60 1\nsave 30 2\ninclude /x.conf\nbogus 1\n"
                + "rename-command a b\ntimeout 0\n");
    settings.replicaOf.adjust("h", 7);
    set("timeout", "9", "save", "1 2", "maxmemory", "2mb", "requirepass", "p\"w");
    rewriter.rewrite();
    assertThat(world.files.get("/etc/c.conf"))
        .isEqualTo(
            """
            # head
            port 6379

            replicaof h 7
            save 1 2

            include /x.conf
            # ??? bogus 1
            rename-command a b
            timeout 9

            # Generated by CONFIG REWRITE
            requirepass "p\\"w"
            maxmemory 2mb
            latency-tracking-info-percentiles 50 99 99.9
            dir "/work"
            """);
    assertThat(world.events)
        .containsSubsequence(
            "create /etc/c.conf.abcdef",
            "sync /etc/c.conf.abcdef",
            "rename /etc/c.conf",
            "sync /etc");
    settings.replicaOf.adjust(null, 0);
    rewriter.rewrite();
    assertThat(world.files.get("/etc/c.conf"))
        .doesNotContain("replicaof")
        .containsOnlyOnce("# Generated");
  }

  @Test
  void failedRewriteLeavesTheFile() {
    ConfigRewriter rewriter = rewriter("port 1\n");
    world.failRename = true;
    assertThatThrownBy(rewriter::rewrite)
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(world.files).containsOnlyKeys("/etc/c.conf");
    assertThat(world.files.get("/etc/c.conf")).isEqualTo("port 1\n");
  }
}
