package io.vigil.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.base.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserveTest {
  private static List<String> texts(SlowLog.Entry entry) {
    return entry.words().stream()
        .map(word -> new String(word, StandardCharsets.ISO_8859_1))
        .toList();
  }

  @Test
  void slowLogShortensAndForgets() {
    SlowLog log = new SlowLog();
    log.add(Arguments.of("AUTH", "secret"), i -> i == 1, 5, 100, "1.2.3.4:5", "name", 2);
    log.add(Arguments.of("SET", "x".repeat(130)), _ -> false, 6, 200, "a", "", 2);
    String[] many = new String[40];
    java.util.Arrays.fill(many, "w");
    log.add(Arguments.of(many), _ -> false, 7, 300, "a", "", 2);
    assertThat(log.length()).isEqualTo(2);
    List<SlowLog.Entry> entries = new java.util.ArrayList<>();
    log.entries().forEach(entries::add);
    assertThat(entries).extracting(SlowLog.Entry::id).containsExactly(2L, 1L);
    assertThat(texts(entries.get(0))).hasSize(32).endsWith("w", "... (9 more arguments)");
    assertThat(texts(entries.get(1)))
        .containsExactly("SET", "x".repeat(128) + "... (2 more bytes)");
    log.reset();
    log.add(Arguments.of("AUTH", "secret"), i -> i == 1, 5, 100, "1.2.3.4:5", "name", 2);
    SlowLog.Entry only = log.entries().iterator().next();
    assertThat(texts(only)).containsExactly("AUTH", "(redacted)");
    assertThat(only.id()).isEqualTo(3);
  }

  @Test
  void statisticsByCommand() {
    CommandStats stats = new CommandStats();
    stats.called(3, 10, false, true);
    stats.called(3, 20, true, false);
    stats.rejected(3);
    assertThat(stats.of(3).calls()).isEqualTo(2);
    assertThat(stats.of(3).micros()).isEqualTo(30);
    assertThat(stats.of(3).failed()).isEqualTo(1);
    assertThat(stats.of(3).rejected()).isEqualTo(1);
    assertThat(stats.of(3).histogram().total()).isEqualTo(1);
    assertThat(stats.of(100).wasUsed()).isFalse();
    stats.reset();
    assertThat(stats.of(3).wasUsed()).isFalse();
  }

  @Test
  void errorsByCode() {
    ErrorStats errors = new ErrorStats();
    errors.count("WRONGTYPE");
    errors.count("ERR");
    errors.count("ERR");
    InfoText out = new InfoText();
    errors.write(out);
    assertThat(out).hasToString("errorstat_ERR:count=2\r\nerrorstat_WRONGTYPE:count=1\r\n");
    assertThat(errors.total()).isEqualTo(3);
  }

  @Test
  void sectionsInOrder() {
    InfoRegistry info = InfoRegistry.ofServer();
    info.section("cpu", out -> out.field("used_cpu_sys", "1"));
    info.section("stats", out -> out.field("a", 1));
    info.section("stats", out -> out.field("b", 2));
    info.section("commandstats", out -> out.field("c", 3));
    assertThat(info.render(List.of("CPU", "nosuch", "stats")))
        .isEqualTo("# Stats\r\na:1\r\nb:2\r\n\r\n# CPU\r\nused_cpu_sys:1\r\n");
    assertThat(info.render(List.of())).contains("# Keyspace").doesNotContain("Commandstats");
    assertThat(info.render(List.of("default", "cpu"))).doesNotContain("Commandstats");
    assertThat(info.render(List.of("cpu", "All"))).contains("Commandstats").containsOnlyOnce("CPU");
    assertThat(info.render(List.of("sentinel"))).isEmpty();
    assertThat(info.render(List.of("module_list"))).isEqualTo("# Modules\r\n");
    assertThatThrownBy(() -> info.section("nosuch", _ -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
