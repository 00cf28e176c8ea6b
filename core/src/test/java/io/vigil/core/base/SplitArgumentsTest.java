package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SplitArgumentsTest {
  @Test
  void wordsAndQuotes() {
    assertThat(SplitArguments.of("  set  key value ")).containsExactly("set", "key", "value");
    assertThat(SplitArguments.of("save \"\"")).containsExactly("save", "");
    assertThat(SplitArguments.of("a 'b \\' \"c\\n' d")).containsExactly("a", "b ' \"c\\n", "d");
    assertThat(SplitArguments.of("\"\\x41\\xfF\\n\\r\\t\\b\\a\\q\\\"\\xZ\""))
        .containsExactly("Aÿ\n\r\t\b\u0007q\"xZ");
    assertThat(SplitArguments.of("foo\"bar\"")).containsExactly("foobar");
    assertThat(SplitArguments.of("a\u000bb \fc")).containsExactly("a\u000bb", "c");
    assertThat(SplitArguments.of("back\\slash")).containsExactly("back\\slash");
    assertThat(SplitArguments.of("ends\0here")).containsExactly("ends");
    assertThat(SplitArguments.of("")).isEmpty();
  }

  @Test
  void unbalancedQuotes() {
    for (String line : List.of("\"", "'", "a \"b", "\"a\"b", "'a'b", "\"a\\\"", "a'b")) {
      assertThat(SplitArguments.of(line)).as(line).isNull();
    }
  }

  @Test
  void quotedBytesComeBack() {
    Rng rng = new Rng(8);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[rng.nextInt(30)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) rng.nextInt(256);
      }
      byte[] line = ("x " + Quote.of(bytes)).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      List<byte[]> words = SplitArguments.of(line, 0, line.length);
      assertThat(words).hasSize(2);
      assertThat(words.get(1)).isEqualTo(bytes);
    }
  }

  @Test
  void quoteShowsEscapes() {
    assertThat(Quote.of("a\"\\\n\r\t\u0007\b\u0001\u00ff~"))
        .isEqualTo("\"a\\\"\\\\\\n\\r\\t\\a\\b\\x01\\xff~\"");
  }
}
