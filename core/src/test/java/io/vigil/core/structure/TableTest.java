package io.vigil.core.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import io.vigil.core.memory.Allocator;
import io.vigil.core.memory.MemoryAccount;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table over elements that are nothing but a number, in a block of 16 bytes each; the number's
 * hash is spread or not at will.
 */
class TableTest {
  private final Allocator allocator = new Allocator(new MemoryAccount(Long.MAX_VALUE), true);
  private final Table table = new Table(allocator, new Numbers());

  private final class Numbers implements Table.Elements {
    @Override
    public boolean keyEquals(long element, byte[] key, int offset, int length) {
      return allocator.pages().equal(element, key, offset, length);
    }

    @Override
    public long hash(long element) {
      return hashOf(allocator.pages().getLong(element));
    }

    @Override
    public int traits(long element) {
      return allocator.pages().getInt(element + 8);
    }
  }

  private static long hashOf(long number) {
    return new Rng(number).nextLong();
  }

  private static byte[] key(long number) {
    byte[] key = new byte[8];
    for (int i = 0; i < 8; i++) {
      key[i] = (byte) (number >>> (8 * i));
    }
    return key;
  }

  private long find(long number) {
    return table.find(hashOf(number), key(number), 0, 8);
  }

  private void add(long number) {
    long element = allocator.allocate(16);
    allocator.pages().putLong(element, number);
    allocator.pages().putInt(element + 8, 0);
    table.insert(hashOf(number), element);
  }

  private void remove(long number) {
    long element = find(number);
    assertThat(element).isNotZero();
    table.removeFound();
    allocator.free(element);
  }

  @Test
  void isThreeQuartersFullAtEverySize() {
    double worst = 1;
    double sum = 0;
    int measured = 0;
    for (int i = 0; i < 60_000; i++) {
      add(i);
      if (i > 2000 && i % 50 == 0) {
        double fill = (double) table.count() / table.slots();
        worst = Math.min(worst, fill);
        sum += fill;
        measured++;
      }
    }
    table.verify();
    assertThat(worst).isGreaterThan(0.75);
    assertThat(sum / measured).isGreaterThan(0.82);
  }

  /**
   * SCAN's promise: what is there from the first step to the last is seen, whatever else comes and
   * goes.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aWalkSeesAllThatStays(long seed) {
    Rng rng = new Rng(seed);
    int stay = 3000;
    int passing = 20_000;
    for (int i = 0; i < stay; i++) {
      add(i);
    }
    BitSet present = new BitSet();
    BitSet seen = new BitSet();
    boolean growing = seed % 2 == 0;
    if (!growing) {
      for (int i = 0; i < passing; i++) {
        add(stay + i);
        present.set(i);
      }
    }
    long cursor = 0;
    do {
      long before = cursor;
      cursor = table.step(cursor, element -> seen.set((int) allocator.pages().getLong(element)));
      assertThat(cursor == 0 || Long.compareUnsigned(cursor, before) > 0).isTrue();
      assertThat(cursor & 0xffff).isZero();
      for (int n = 0; n < 25; n++) {
        int number = rng.nextInt(passing);
        if (!present.get(number) && rng.nextInt(10) < (growing ? 9 : 1)) {
          add(stay + number);
          present.set(number);
        } else if (present.get(number) && rng.nextInt(10) < (growing ? 1 : 9)) {
          remove(stay + number);
          present.clear(number);
        }
      }
    } while (cursor != 0);
    table.verify();
    assertThat(seen.get(0, stay).cardinality()).isEqualTo(stay);
  }

  @Test
  void aStepReturnsAllBelowTheNextCursor() {
    for (int i = 0; i < 20_000; i++) {
      add(i);
    }
    BitSet seen = new BitSet();
    long cursor = 0;
    do {
      cursor = table.step(cursor, element -> seen.set((int) allocator.pages().getLong(element)));
      for (int i = 0; cursor != 0 && i < 20_000; i += 97) {
        if (Long.compareUnsigned(hashOf(i), cursor) < 0) {
          assertThat(seen.get(i)).isTrue();
        }
      }
    } while (cursor != 0);
    assertThat(seen.cardinality()).isEqualTo(20_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40, 700, 3000})
  void drawsFairly(int count) {
    for (int i = 0; i < count; i++) {
      add(i);
    }
    Rng rng = new Rng(9);
    int[] drawn = new int[count];
    int perElement = 200;
    for (int i = 0; i < count * perElement; i++) {
      drawn[(int) allocator.pages().getLong(table.random(rng))]++;
    }
    double chiSquare = 0;
    for (int times : drawn) {
      chiSquare += (double) (times - perElement) * (times - perElement) / perElement;
    }
    // Mean count - 1, variance twice that: five deviations are never seen by chance.
    assertThat(chiSquare).isLessThan(count - 1 + 5 * StrictMath.sqrt(2.0 * count) + 1);
  }

  @Test
  void emptiesInAnyOrder() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 5000; i++) {
        add(i);
      }
      List<Long> order = new ArrayList<>();
      for (long i = 0; i < 5000; i++) {
        order.add(i);
      }
      if (round == 1) {
        order.sort((a, b) -> Long.compareUnsigned(hashOf(a), hashOf(b)));
      } else if (round == 2) {
        order.sort((a, b) -> Long.compareUnsigned(hashOf(b), hashOf(a)));
      }
      for (int i = 0; i < 5000; i++) {
        remove(order.get(i));
        if (i % 500 == 0) {
          table.verify();
        }
      }
      assertThat(table.count()).isZero();
      assertThat(table.slots()).isZero();
      assertThat(allocator.ownedBytes()).isZero();
    }
  }

  @Test
  void missingKeysAreMissing() {
    for (int i = 0; i < 10_000; i++) {
      add(i);
    }
    for (int i = 10_000; i < 20_000; i++) {
      assertThat(find(i)).isZero();
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(allocator.pages().getLong(find(i))).isEqualTo(i);
    }
  }
}
