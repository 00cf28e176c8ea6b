package io.vigil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuotingTest {

  private static List<String> split(String line) {
    List<byte[]> words = Quoting.split(line.getBytes(StandardCharsets.ISO_8859_1));
    return words == null
        ? null
        : words.stream().map(word -> new String(word, StandardCharsets.ISO_8859_1)).toList();
  }

  @Test
  void splitsAtBlanksAndUnderstandsQuotes() {
    assertThat(split("  set  a\tb \n")).containsExactly("set", "a", "b");
    assertThat(split("")).isEmpty();
    assertThat(split("set \"a b\" 'c d' \"\" ''")).containsExactly("set", "a b", "c d", "", "");
    assertThat(split("\"\\x00\\xff\\n\\r\\t\\b\\a\\\"\\q\""))
        .containsExactly("\0\u00ff\n\r\t\b\u0007\"q");
    assertThat(split("'a\\'b\\n'")).containsExactly("a'b\\n");
    assertThat(split("foo\"bar\"")).containsExactly("foobar");
  }

  @Test
  void refusesOpenQuotesAndTextAfterThem() {
    assertThat(split("get \"a")).isNull();
    assertThat(split("get 'a")).isNull();
    assertThat(split("get \"a\"b")).isNull();
    assertThat(split("get 'a'b")).isNull();
    assertThat(split("get \"a\\\"")).isNull();
  }

  @Test
  void whatIsQuotedComesBackWhole() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      ByteArrayOutputStream quoted = new ByteArrayOutputStream();
      Quoting.quote(quoted, bytes);
      assertThat(Quoting.unquote(quoted.toByteArray())).isEqualTo(bytes);
    }
  }
}
