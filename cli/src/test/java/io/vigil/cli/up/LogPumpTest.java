package io.vigil.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogPumpTest {
  @TempDir Path directory;

  private final List<String> lines = new ArrayList<>();

  private static InputStream printed(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everythingGoesToTheEndOfTheLogAndEachLineIsHandedOn() throws IOException {
    Path log = Files.writeString(directory.resolve("log"), "before\n");
    String text = "one\ntwo\n" + "x".repeat(20_000) + "\nhalf a line";
    new LogPump(printed(text), log, lines::add).run();
    assertThat(log).content().isEqualTo("before\n" + text);
    assertThat(lines).containsExactly("one", "two", "x".repeat(20_000));
  }

  @Test
  void aLogThatCannotBeWrittenIsToldOnceAndReadOn() {
    Path log = directory.resolve("no folder").resolve("log");
    new LogPump(printed("one\ntwo\n"), log, lines::add).run();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("cannot write " + log);
    assertThat(lines.subList(1, 3)).containsExactly("one", "two");
  }
}
