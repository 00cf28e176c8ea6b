package io.vigil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.env.Log.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLogTest {
  @TempDir Path folder;

  private List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void writesRedissPrefixAndOnlyWhatTheLevelAllows() throws IOException {
    Path file = folder.resolve("log");
    ProcessLog log = new ProcessLog();
    log.file(file.toString());
    log.role(() -> 'M');
    log.debug("dropped");
    log.notice("one");
    log.level(Level.DEBUG);
    log.role(() -> 'S');
    log.debug("two");
    log.verbose("three");
    log.warning("four \u00ff");
    log.level(Level.WARNING);
    log.notice("dropped");
    long pid = ProcessHandle.current().pid();
    String time = " \\d\\d [A-Z][a-z][a-z] 20\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d ";
    List<String> lines = lines(file);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).matches(pid + ":M" + time + "\\* one");
    assertThat(lines.get(1)).matches(pid + ":S" + time + "\\. two");
    assertThat(lines.get(2)).matches(pid + ":S" + time + "- three");
    assertThat(lines.get(3)).matches(pid + ":S" + time + "# four \u00ff");
  }

  @Test
  void comesBackAfterTheFileWasMovedAway() throws IOException {
    Path file = folder.resolve("log");
    ProcessLog log = new ProcessLog();
    log.file(file.toString());
    log.notice("before");
    Files.move(file, folder.resolve("log.1"));
    log.notice("after");
    assertThat(lines(folder.resolve("log.1"))).hasSize(1);
    assertThat(lines(file)).hasSize(1);
    assertThat(lines(file).get(0)).endsWith("* after");
  }
}
