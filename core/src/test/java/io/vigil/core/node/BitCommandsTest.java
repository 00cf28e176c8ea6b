package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class BitCommandsTest {
  private final CommandTester tester = new CommandTester();

  private String text(String... words) {
    return tester.text(words);
  }

  private static String randomBytes(Rng rng, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int kind = rng.nextInt(3);
      text.append((char) (kind == 0 ? 0 : kind == 1 ? 255 : rng.nextInt(256)));
    }
    return text.toString();
  }

  private static int bit(String bytes, int index) {
    return bytes.charAt(index >>> 3) >>> (7 - (index & 7)) & 1;
  }

  @Test
  void countsAndFindsBitsAsOneByOne() {
    Rng rng = new Rng(11);
    for (int round = 0; round < 300; round++) {
      // Some are longer than the pieces that are looked at.
      int length = round % 10 == 0 ? 16_300 + rng.nextInt(20_000) : 1 + rng.nextInt(40);
      String bytes = randomBytes(rng, length);
      text("SET", "k", bytes);
      int from = rng.nextInt(length * 8);
      int to = from + rng.nextInt(length * 8 - from);
      int count = 0;
      int[] first = {-1, -1};
      for (int i = from; i <= to; i++) {
        int bit = bit(bytes, i);
        count += bit;
        first[bit] = first[bit] < 0 ? i : first[bit];
      }
      String start = Integer.toString(from);
      String end = Integer.toString(to);
      assertThat(text("BITCOUNT", "k", start, end, "BIT")).isEqualTo(":" + count + "\r\n");
      assertThat(text("BITPOS", "k", "0", start, end, "BIT")).isEqualTo(":" + first[0] + "\r\n");
      assertThat(text("BITPOS", "k", "1", start, end, "BIT")).isEqualTo(":" + first[1] + "\r\n");
    }
  }

  @Test
  void aStringWithoutNamedEndGoesOnWithZeros() {
    text("SET", "k", "\u00ff\u00ff");
    assertThat(text("BITPOS", "k", "0")).isEqualTo(":16\r\n");
    assertThat(text("BITPOS", "k", "0", "1")).isEqualTo(":16\r\n");
    assertThat(text("BITPOS", "k", "0", "0", "-1")).isEqualTo(":-1\r\n");
    assertThat(text("BITPOS", "missing", "0")).isEqualTo(":0\r\n");
    assertThat(text("BITPOS", "missing", "1")).isEqualTo(":-1\r\n");
  }

  @Test
  void joinsStringsLongerThanAPieceOntoOneOfThem() {
    Rng rng = new Rng(12);
    String one = randomBytes(rng, 70_000);
    String other = randomBytes(rng, 40_001);
    StringBuilder xor = new StringBuilder();
    for (int i = 0; i < one.length(); i++) {
      xor.append((char) (one.charAt(i) ^ (i < other.length() ? other.charAt(i) : 0)));
    }
    text("SET", "one", one);
    text("SET", "other", other, "EX", "100");
    assertThat(text("BITOP", "XOR", "other", "one", "other", "missing")).isEqualTo(":70000\r\n");
    assertThat(text("GET", "other")).isEqualTo("$70000\r\n" + xor + "\r\n");
    assertThat(text("TTL", "other")).isEqualTo(":-1\r\n");
    assertThat(text("BITOP", "AND", "one", "missing")).isEqualTo(":0\r\n");
    assertThat(text("EXISTS", "one")).isEqualTo(":0\r\n");
  }

  @Test
  void aBitOperationTellsOneKeyspaceEvent() {
    tester.notifyEvents("KEA");
    TestClient listener = tester.connect();
    listener.raw("PSUBSCRIBE", "__keyevent@0__:*");
    text("SET", "a", "x");
    listener.takeText();
    text("BITOP", "NOT", "b", "a");
    assertThat(listener.takeText()).contains("__keyevent@0__:set").contains("b");
    text("BITOP", "NOT", "b", "missing");
    assertThat(listener.takeText()).contains("__keyevent@0__:del");
    text("BITFIELD", "a", "GET", "u8", "0");
    assertThat(listener.takeText()).isEmpty();
    text("BITFIELD", "a", "SET", "u8", "0", "1");
    assertThat(listener.takeText()).contains("__keyevent@0__:setbit");
  }

  /** Wrapping arithmetic of fields against that of BigInteger. */
  @Test
  void fieldsWrapAndSaturate() {
    Rng rng = new Rng(13);
    for (int round = 0; round < 2_000; round++) {
      boolean signed = rng.nextInt(2) == 0;
      int bits = 1 + rng.nextInt(signed ? 64 : 63);
      BigInteger span = BigInteger.ONE.shiftLeft(bits);
      BigInteger low = signed ? span.shiftRight(1).negate() : BigInteger.ZERO;
      BigInteger high = low.add(span).subtract(BigInteger.ONE);
      BigInteger value = low.add(new BigInteger(Long.toUnsignedString(rng.nextLong())).mod(span));
      long increment = rng.nextLong() >> rng.nextInt(64);
      BigInteger sum = value.add(BigInteger.valueOf(increment));
      BigInteger wrapped = sum.subtract(low).mod(span).add(low);
      BigInteger clamped = sum.max(low).min(high);
      String type = (signed ? "i" : "u") + bits;
      String offset = Integer.toString(rng.nextInt(100));
      String by = Long.toString(increment);
      text("DEL", "k");
      text("BITFIELD", "k", "SET", type, offset, value.toString());
      assertThat(text("BITFIELD", "k", "GET", type, offset)).isEqualTo("*1\r\n:" + value + "\r\n");
      assertThat(text("BITFIELD", "k", "OVERFLOW", "FAIL", "INCRBY", type, offset, by))
          .as("%s %s + %s", type, value, by)
          .isEqualTo(sum.equals(wrapped) ? "*1\r\n:" + sum + "\r\n" : "*1\r\n$-1\r\n");
      text("BITFIELD", "k", "SET", type, offset, value.toString());
      assertThat(text("BITFIELD", "k", "OVERFLOW", "SAT", "INCRBY", type, offset, by))
          .isEqualTo("*1\r\n:" + clamped + "\r\n");
      text("BITFIELD", "k", "SET", type, offset, value.toString());
      assertThat(text("BITFIELD", "k", "INCRBY", type, offset, by))
          .isEqualTo("*1\r\n:" + wrapped + "\r\n");
      assertThat(text("BITCOUNT", "k"))
          .isEqualTo(
              ":" + Long.bitCount(wrapped.longValue() & high.subtract(low).longValue()) + "\r\n");
    }
  }

  @Test
  void aWriteThatFailsStillTellsReplicasOfTheGrownString() {
    text("BITFIELD", "k", "OVERFLOW", "FAIL", "SET", "u8", "8", "256");
    assertThat(text("STRLEN", "k")).isEqualTo(":2\r\n");
    assertThat(text("INFO", "persistence")).contains("rdb_changes_since_last_save:1");
  }

  @Test
  void hyperLogLogsKeepTheirDeadlineAndRefuseOtherStrings() {
    assertThat(text("PFADD", "h", "a", "b")).isEqualTo(":1\r\n");
    assertThat(text("PFADD", "h", "a")).isEqualTo(":0\r\n");
    text("EXPIRE", "h", "100");
    assertThat(text("PFCOUNT", "h")).isEqualTo(":2\r\n");
    assertThat(text("PFMERGE", "h", "missing")).isEqualTo("+OK\r\n");
    assertThat(text("TTL", "h")).isEqualTo(":100\r\n");
    text("SET", "s", "HYLL but not one");
    String wrong = "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n";
    assertThat(text("PFADD", "s", "a")).isEqualTo(wrong);
    assertThat(text("PFCOUNT", "h", "s")).isEqualTo(wrong);
    text("SET", "s", "HYLL\u0001" + "\0".repeat(10) + "\u0080" + "\u007f\u00ff\0");
    String corrupted = "-INVALIDOBJ Corrupted HLL object detected\r\n";
    assertThat(text("PFCOUNT", "s")).isEqualTo(corrupted);
    assertThat(text("PFMERGE", "h", "s")).isEqualTo(corrupted);
    assertThat(text("PFDEBUG", "TODENSE", "s")).isEqualTo(corrupted);
    text("SET", "s", "HYLL\u0001" + "\0".repeat(50_000));
    assertThat(text("PFADD", "s", "a")).isEqualTo(corrupted);
  }
}
