package io.vigil.core.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vigil.core.base.Rng;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HyperLogLogTest {
  private static final int MAX_SPARSE = 3000;

  private static void add(HyperLogLog target, String element) {
    byte[] bytes = element.getBytes(StandardCharsets.US_ASCII);
    target.add(bytes, 0, bytes.length, MAX_SPARSE);
  }

  private static HyperLogLog sparse(int... runs) {
    HyperLogLog empty = HyperLogLog.empty();
    byte[] bytes = Arrays.copyOf(empty.bytes(), HyperLogLog.HEADER_BYTES + runs.length);
    for (int i = 0; i < runs.length; i++) {
      bytes[HyperLogLog.HEADER_BYTES + i] = (byte) runs[i];
    }
    return HyperLogLog.of(bytes);
  }

  /** The runs are those that redis-server 7.0.15 has after the same PFADD. */
  @Test
  void keepsTheRunsOfRedis() {
    HyperLogLog value = HyperLogLog.empty();
    assertThat(value.describeRuns()).isEqualTo("Z:16384");
    for (String element : new String[] {"a", "b", "c", "foo", "bar"}) {
      add(value, element);
    }
    value.verify();
    assertThat(value.describeRuns())
        .isEqualTo("Z:7348 v:5,1 Z:1087 v:1,1 Z:1570 v:1,1 Z:2703 v:2,1 Z:3068 v:1,1 Z:603");
    assertThat(value.hasCount()).isFalse();
    assertThat(value.count()).isEqualTo(5);
    assertThat(value.cachedCount()).isEqualTo(5);
  }

  @Test
  void sparseAndDenseHoldTheSame() {
    for (int seed = 0; seed < 20; seed++) {
      Rng rng = new Rng(seed);
      HyperLogLog sparse = HyperLogLog.empty();
      HyperLogLog dense = HyperLogLog.empty();
      dense.makeDense();
      int elements = 1 + rng.nextInt(3000);
      for (int i = 0; i < elements; i++) {
        String element = "e" + rng.nextInt(2000);
        add(sparse, element);
        add(dense, element);
      }
      sparse.verify();
      assertThat(sparse.values()).as("seed %d", seed).isEqualTo(dense.values());
      assertThat(sparse.count()).isEqualTo(dense.count());
      assertThat(HyperLogLog.countOfValues(dense.values())).isEqualTo(dense.count());
      assertThat(sparse.isDense()).isEqualTo(sparse.length() == HyperLogLog.DENSE_BYTES);
      sparse.makeDense();
      assertThat(Arrays.copyOf(sparse.bytes(), HyperLogLog.DENSE_BYTES)).hasSize(sparse.length());
      assertThat(sparse.values()).isEqualTo(dense.values());
    }
  }

  @Test
  void estimatesWithinItsError() {
    HyperLogLog value = HyperLogLog.empty();
    for (int i = 0; i < 100_000; i++) {
      add(value, "element:" + i);
    }
    assertThat(value.isDense()).isTrue();
    assertThat(value.count()).isCloseTo(100_000, within(3_000L));
  }

  @Test
  void refusesRegistersThatDoNotAddUp() {
    HyperLogLog[] corrupted = {
      sparse(),
      sparse(0x7f),
      sparse(0x7f, 0xfe),
      sparse(0x7f, 0xff, 0x00),
      sparse(0x7f, 0xff, 0x83),
      sparse(0x80),
      sparse(0x00, 0x7f, 0xff)
    };
    for (HyperLogLog each : corrupted) {
      assertThatThrownBy(each::count).isInstanceOf(HyperLogLog.Corrupted.class);
      assertThatThrownBy(each::values).isInstanceOf(HyperLogLog.Corrupted.class);
      assertThatThrownBy(each::makeDense).isInstanceOf(HyperLogLog.Corrupted.class);
    }
    assertThatThrownBy(() -> sparse(0x80).raise(16_383, 3, MAX_SPARSE))
        .isInstanceOf(HyperLogLog.Corrupted.class);
    assertThatThrownBy(() -> sparse(0x83, 0x7f, 0xff).raise(16_383, 3, MAX_SPARSE))
        .isInstanceOf(HyperLogLog.Corrupted.class);
  }

  /** Whatever the bytes are, the answer is a number or Corrupted. */
  @Test
  void survivesAnyBytes() {
    Rng rng = new Rng(7);
    for (int round = 0; round < 20_000; round++) {
      int[] runs = new int[rng.nextInt(12)];
      for (int i = 0; i < runs.length; i++) {
        runs[i] = rng.nextInt(4) == 0 ? 0x7f : rng.nextInt(256);
      }
      HyperLogLog value = sparse(runs);
      try {
        value.raise(rng.nextInt(HyperLogLog.REGISTERS), 1 + rng.nextInt(50), MAX_SPARSE);
        value.count();
        value.values();
      } catch (HyperLogLog.Corrupted corrupted) {
        assertThat(corrupted).hasNoCause();
      }
    }
  }
}
