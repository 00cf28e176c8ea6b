package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.SplitArguments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replays what a stock redis-server answered to random commands, byte for byte; {@code
 * dev/transcript.py} records it.
 */
class TranscriptTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"string", "bit", "generic", "hash", "list", "set", "zset", "geo", "transaction"})
  void answersAsStockDid(String family) throws IOException {
    CommandTester tester = Shadow.original();
    Shadow shadow = Shadow.of(tester);
    Iterator<String> lines = transcript(family).iterator();
    int compared = 0;
    while (lines.hasNext()) {
      String[] request = SplitArguments.of(lines.next()).toArray(String[]::new);
      String expected = SplitArguments.of(lines.next().substring(2)).getFirst();
      assertThat(tester.text(request))
          .as("reply %d, to %s", compared, List.of(request))
          .isEqualTo(expected);
      if (++compared % 200 == 0) {
        shadow.verify();
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(1000);
  }

  private static List<String> transcript(String family) throws IOException {
    try (InputStream file = TranscriptTest.class.getResourceAsStream(path(family))) {
      return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  private static String path(String family) {
    return "/transcripts/" + family + ".txt";
  }
}
