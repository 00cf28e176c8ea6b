package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static double parse(String text) {
    byte[] bytes = ascii(text);
    return Numbers.parseDouble(bytes, 0, bytes.length);
  }

  @Test
  void integersInTheirOneForm() {
    for (long value : new long[] {0, 1, -1, 10, 99, 100, -100, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThat(Numbers.parseLong(Long.toString(value))).hasValue(value);
    }
    String[] invalid = {
      "",
      "-",
      "+1",
      "01",
      "-0",
      "00",
      " 1",
      "1 ",
      "1a",
      "9223372036854775808",
      "1.0",
      "0x1",
      "-9223372036854775809",
      "99999999999999999999",
      "18446744073709551616",
      "000000000000000000001",
    };
    for (String text : invalid) {
      assertThat(Numbers.parseLong(text)).as(text).isEmpty();
    }
  }

  @Test
  void printedIntegersAreThoseOfJava() {
    Rng rng = new Rng(9);
    for (int round = 0; round < 100_000; round++) {
      long value = rng.nextLong() >> rng.nextInt(64);
      String text = Long.toString(value);
      assertThat(Numbers.longBytes(value)).isEqualTo(ascii(text));
      assertThat(Numbers.parseLong(text)).hasValue(value);
    }
    for (long ten = 1; ten > 0 && ten < Long.MAX_VALUE / 10; ten *= 10) {
      for (long value : new long[] {ten - 1, ten, -ten, 1 - ten}) {
        assertThat(Numbers.longBytes(value)).isEqualTo(ascii(Long.toString(value)));
      }
    }
  }

  @Test
  void doublesAsSeventeenDigits() {
    Object[][] cases = {
      {0.1, "0.10000000000000001"},
      {3.0, "3"},
      {-0.0, "-0"},
      {1e17, "1e+17"},
      {1e16, "10000000000000000"},
      {1e-5, "1.0000000000000001e-05"},
      {1.5e300, "1.5000000000000001e+300"},
      {0.0001, "0.0001"},
      {5e-324, "4.9406564584124654e-324"},
      {123456.789, "123456.789"},
      {1e100, "1e+100"},
      {Double.POSITIVE_INFINITY, "inf"},
      {Double.NEGATIVE_INFINITY, "-inf"},
      {-2.5, "-2.5"},
    };
    for (Object[] c : cases) {
      assertThat(Numbers.doubleText((Double) c[0])).isEqualTo(c[1]);
    }
    assertThat(Numbers.storedDoubleText(1e17)).isEqualTo("100000000000000000");
    assertThat(Numbers.storedDoubleText(1e19)).isEqualTo("1e+19");
    assertThat(Numbers.storedDoubleText(-0.0)).isEqualTo("-0");
  }

  @Test
  void doublesAreRead() {
    assertThat(parse("1.5")).isEqualTo(1.5);
    assertThat(parse("+.5e1")).isEqualTo(5);
    assertThat(parse("5.")).isEqualTo(5);
    assertThat(parse("-INF")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(parse("infinity")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(parse("0x10")).isEqualTo(16);
    assertThat(parse("0x1.8p3")).isEqualTo(12);
    assertThat(parse("0x.8p-1")).isEqualTo(0.25);
    assertThat(parse("4.9e-324")).isEqualTo(Double.MIN_VALUE);
    assertThat(parse("0e999999999999")).isEqualTo(0);
    String[] invalid = {
      "", " 1", "1 ", "1e", "1e+", ".", "-", "nan", "NaN", "1f", "1d", "0x", "0x.", "0xp1", "1e400",
      "1e-400", "inf ", "infi", "1_0", "--1", "1.2.3", "1\0",
    };
    for (String text : invalid) {
      assertThat(parse(text)).as(text).isNaN();
    }
  }

  @Test
  void doublesReadAsJavaReadsThem() {
    Rng rng = new Rng(10);
    for (int round = 0; round < 20_000; round++) {
      double value = Double.longBitsToDouble(rng.nextLong());
      if (!Double.isNaN(value)) {
        assertThat(parse(Double.toString(value).replace("Infinity", "inf"))).isEqualTo(value);
        assertThat(parse(Numbers.doubleText(value))).isEqualTo(value);
      }
    }
  }

  @Test
  void sizes() {
    Object[][] cases = {
      {"100", 100L},
      {"1k", 1000L},
      {"1KB", 1024L},
      {"2mb", 2L << 20},
      {"3Gb", 3L << 30},
      {"1g", 1_000_000_000L},
      {"5b", 5L},
      {"1m", 1_000_000L},
      {"18446744073709551615", -1L},
    };
    for (Object[] c : cases) {
      assertThat(Numbers.parseBytes((String) c[0])).hasValue((Long) c[1]);
    }
    for (String text : new String[] {"-1", "1x", "1 mb", "1.5gb", "k1", "1kbb"}) {
      assertThat(Numbers.parseBytes(text)).as(text).isEmpty();
    }
  }

  @Test
  void sizesForPeople() {
    assertThat(Numbers.humanBytes(0)).isEqualTo("0B");
    assertThat(Numbers.humanBytes(1023)).isEqualTo("1023B");
    assertThat(Numbers.humanBytes(1024)).isEqualTo("1.00K");
    assertThat(Numbers.humanBytes(1_500_000)).isEqualTo("1.43M");
    assertThat(Numbers.humanBytes(3L << 30)).isEqualTo("3.00G");
    assertThat(Numbers.humanBytes(1L << 40)).isEqualTo("1.00T");
    assertThat(Numbers.humanBytes(1L << 50)).isEqualTo("1.00P");
    assertThat(Numbers.humanBytes(1L << 60)).isEqualTo((1L << 60) + "B");
  }

  @Test
  void fixedDecimals() {
    assertThat(Numbers.fixed(0.125, 2)).isEqualTo("0.12");
    assertThat(Numbers.fixed(-0.001, 2)).isEqualTo("-0.00");
    assertThat(Numbers.fixed(2.675, 2)).isEqualTo("2.67");
  }
}
