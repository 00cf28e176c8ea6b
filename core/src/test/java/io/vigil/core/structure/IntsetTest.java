package io.vigil.core.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import java.util.HexFormat;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class IntsetTest {
  private static final int AT = 3;
  private final byte[] array = new byte[10_000];

  private void add(long value) {
    int index = Intset.search(array, AT, value);
    assertThat(index).isNegative();
    int bytes = Intset.bytesWith(array, AT, value);
    Intset.insert(array, AT, -1 - index, value);
    assertThat(Intset.bytes(array, AT)).isEqualTo(bytes);
  }

  @Test
  void equalsTheBytesOfRedis() {
    // From DUMP of SADD s 1 2 -3 and of SADD s 1 70000 of redis-server 7.0.15.
    Intset.writeEmpty(array, AT);
    add(1);
    add(2);
    add(-3);
    assertThat(HexFormat.of().formatHex(array, AT, AT + Intset.bytes(array, AT)))
        .isEqualTo("0200000003000000fdff01000200");
    Intset.writeEmpty(array, AT);
    add(1);
    add(70_000);
    assertThat(HexFormat.of().formatHex(array, AT, AT + Intset.bytes(array, AT)))
        .isEqualTo("04000000020000000100000070110100");
  }

  @Test
  void isASortedSet() {
    Rng rng = new Rng(3);
    TreeSet<Long> twin = new TreeSet<>();
    for (int round = 0; round < 200; round++) {
      twin.clear();
      Intset.writeEmpty(array, AT);
      int narrow = rng.nextInt(64);
      for (int i = 0; i < 100; i++) {
        long value = rng.nextLong() >> narrow >> rng.nextInt(20);
        if (twin.add(value)) {
          add(value);
        } else {
          int index = Intset.search(array, AT, value);
          assertThat(Intset.get(array, AT, index)).isEqualTo(value);
          Intset.remove(array, AT, index);
          twin.remove(value);
        }
      }
      assertThat(Intset.isIntact(array, AT, Intset.bytes(array, AT))).isTrue();
      assertThat(Intset.count(array, AT)).isEqualTo(twin.size());
      int index = 0;
      for (long value : twin) {
        assertThat(Intset.get(array, AT, index++)).isEqualTo(value);
      }
    }
  }

  @Test
  void damagedBytesAreRefused() {
    Intset.writeEmpty(array, 0);
    assertThat(Intset.isIntact(array, 0, 8)).isTrue();
    assertThat(Intset.isIntact(array, 0, 7)).isFalse();
    assertThat(Intset.isIntact(array, 0, 10)).isFalse();
    array[0] = 3;
    assertThat(Intset.isIntact(array, 0, 8)).isFalse();
    byte[] unsorted = HexFormat.of().parseHex("020000000200000002000100");
    assertThat(Intset.isIntact(unsorted, 0, unsorted.length)).isFalse();
    byte[] huge = HexFormat.of().parseHex("08000000ffffffff0200");
    assertThat(Intset.isIntact(huge, 0, huge.length)).isFalse();
  }
}
