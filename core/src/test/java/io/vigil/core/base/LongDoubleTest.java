package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LongDoubleTest {
  private static LongDouble parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return LongDouble.parse(bytes, 0, bytes.length);
  }

  private static String increment(String value, String by) {
    LongDouble left = parse(value);
    LongDouble right = parse(by);
    if (left == null || right == null) {
      return "-ERR value is not a valid float";
    }
    LongDouble sum = left.plus(right);
    return sum.isFinite() ? sum.toString() : "-ERR increment would produce NaN or Infinity";
  }

  /** Value, increment and what redis-server 7.0.15 on x86-64 answered to INCRBYFLOAT. */
  @Test
  void agreesWithRedis() throws IOException {
    int cases = 0;
    try (InputStream in = getClass().getResourceAsStream("/incrbyfloat/cases.tsv")) {
      String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      for (String line : all.split("\n")) {
        String[] parts = line.split("\t", -1);
        assertThat(increment(parts[0], parts[1])).as(line).isEqualTo(parts[2]);
        cases++;
      }
    }
    assertThat(cases).isEqualTo(400);
  }

  @Test
  void edgesOfTheFormat() {
    assertThat(parse("0x1p16384")).isNull();
    assertThat(parse("0x1p-16446")).isNull();
    assertThat(parse("0x1p-16445")).isNotNull();
    assertThat(increment("0x1p16383", "0x1p16383")).startsWith("-ERR increment");
    assertThat(increment("inf", "-inf")).startsWith("-ERR increment");
    assertThat(increment("-1e-30", "0")).isEqualTo("0");
    assertThat(parse("1".repeat(5119))).isNull();
    assertThat(parse("0".repeat(5118) + "1")).hasToString("1");
    assertThat(parse("0".repeat(5119) + "1")).isNull();
  }
}
