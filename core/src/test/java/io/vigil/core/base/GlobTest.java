package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GlobTest {
  @Test
  void matches() {
    String[][] pairs = {
      {"*", "x"},
      {"h?llo", "hello"},
      {"h*llo", "heeello"},
      {"h[ae]llo", "hallo"},
      {"h[^e]llo", "hallo"},
      {"h[a-b]llo", "hbllo"},
      {"h[b-a]llo", "hallo"},
      {"a\\*b", "a*b"},
      {"[\\]]", "]"},
      {"[abc", "c"},
      {"a**", "a"},
      {"*a*b*", "xxaxxb"},
      {"\\", "\\"},
      {"", ""},
      {"a***b", "ab"},
      {"[^]a", "xa"},
      {"*[0-9]", "ab7"},
    };
    for (String[] pair : pairs) {
      assertThat(Glob.matches(pair[0], pair[1])).as("%s %s", pair[0], pair[1]).isTrue();
    }
  }

  @Test
  void doesNotMatch() {
    String[][] pairs = {
      {"*", ""},
      {"", "x"},
      {"h?llo", "hllo"},
      {"h[^e]llo", "hello"},
      {"a\\*b", "axb"},
      {"a*b", "abc"},
      {"[a-c]", "d"},
      {"[]", "x"},
      {"abc", "ab"},
      {"A", "a"},
      {"?", ""},
    };
    for (String[] pair : pairs) {
      assertThat(Glob.matches(pair[0], pair[1])).as("%s %s", pair[0], pair[1]).isFalse();
    }
  }

  @Test
  void ignoresCaseWhenAsked() {
    assertThat(Glob.matchesIgnoringCase("MAX*[A-C]", "maxmemoryb")).isTrue();
    assertThat(Glob.matchesIgnoringCase("MAX*[A-C]", "maxmemoryd")).isFalse();
  }

  /** The pattern that keeps a recursive matcher busy for years. */
  @Test
  void hostilePatternTakesLinearSteps() {
    assertThat(Glob.matches("a*".repeat(500) + "b", "a".repeat(2000))).isFalse();
  }

  /** A slow but plain definition of the language, without brackets. */
  private static boolean plain(String pattern, String text) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    if (pattern.charAt(0) == '*') {
      return plain(pattern.substring(1), text)
          || !text.isEmpty() && plain(pattern, text.substring(1));
    }
    return !text.isEmpty()
        && (pattern.charAt(0) == '?' || pattern.charAt(0) == text.charAt(0))
        && plain(pattern.substring(1), text.substring(1));
  }

  @Test
  void agreesWithThePlainDefinition() {
    Rng rng = new Rng(7);
    int matched = 0;
    for (int round = 0; round < 50_000; round++) {
      String pattern = word(rng, "ab*?*", rng.nextInt(8));
      String text = word(rng, "ab", 1 + rng.nextInt(8));
      boolean expected = plain(pattern, text);
      matched += expected ? 1 : 0;
      assertThat(Glob.matches(pattern, text)).as("%s %s", pattern, text).isEqualTo(expected);
    }
    assertThat(matched).isGreaterThan(5_000);
  }

  private static String word(Rng rng, String alphabet, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(alphabet.charAt(rng.nextInt(alphabet.length())));
    }
    return out.toString();
  }
}
