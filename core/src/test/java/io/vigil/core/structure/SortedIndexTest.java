package io.vigil.core.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import io.vigil.core.memory.Allocator;
import io.vigil.core.memory.MemoryAccount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a {@link TreeSet} of the same elements. */
class SortedIndexTest {
  private record Element(double score, String member) {
    byte[] bytes() {
      return member.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private static final Comparator<Element> ORDER =
      Comparator.comparingDouble((Element element) -> element.score + 0.0)
          .thenComparing(Element::member);

  private final MemoryAccount account = new MemoryAccount(1L << 30);
  private final Allocator allocator = new Allocator(account, true);
  private final Map<Long, Element> byAddress = new HashMap<>();
  private final Map<Element, Long> addresses = new HashMap<>();
  private final SortedIndex index =
      new SortedIndex(
          allocator,
          (element, member, offset, length) -> {
            byte[] own = byAddress.get(element).bytes();
            return Arrays.compareUnsigned(own, 0, own.length, member, offset, offset + length);
          });
  private final TreeSet<Element> twin = new TreeSet<>(ORDER);
  private long nextAddress = 1;

  @AfterEach
  void leavesNothingBehind() {
    check();
    while (!index.dissolveStep(3)) {
      assertThat(index.blockBytes()).isPositive();
    }
    index.verify();
    allocator.verify();
    assertThat(allocator.ownedBytes()).isZero();
  }

  private void add(Element element) {
    long address = nextAddress++;
    byAddress.put(address, element);
    addresses.put(element, address);
    index.insert(element.score, element.bytes(), 0, element.bytes().length, address);
    twin.add(element);
  }

  private void remove(Element element) {
    index.remove(element.score, element.bytes(), 0, element.bytes().length);
    forget(element);
  }

  private void forget(Element element) {
    byAddress.remove(addresses.remove(element));
    twin.remove(element);
  }

  private void check() {
    index.verify();
    allocator.verify();
    assertThat(allocator.ownedBytes()).isEqualTo(index.blockBytes());
    List<Element> there = new ArrayList<>();
    if (index.count() > 0) {
      SortedIndex.Cursor cursor = index.cursor(0);
      do {
        there.add(byAddress.get(cursor.element()));
      } while (cursor.next());
    }
    assertThat(there).isEqualTo(new ArrayList<>(twin));
    if (index.count() > 0) {
      SortedIndex.Cursor cursor = index.cursor(index.count() - 1);
      for (int i = there.size() - 1; i >= 0; i--) {
        assertThat(byAddress.get(cursor.element())).isEqualTo(there.get(i));
        assertThat(cursor.previous()).isEqualTo(i > 0);
      }
    }
  }

  private Element random(Rng rng, int scores, int members) {
    double score = (rng.nextInt(scores) - scores / 2) / 2.0;
    return new Element(score, "m" + rng.nextInt(members));
  }

  private Element pick(Rng rng) {
    Element guess = random(rng, 1000, 1000);
    Element found = twin.ceiling(guess);
    return found == null ? twin.first() : found;
  }

  @Test
  void doesWhatATreeSetDoes() {
    for (int seed = 0; seed < 12; seed++) {
      Rng rng = new Rng(seed);
      int scores = new int[] {1, 20, 100_000}[seed % 3];
      int size = new int[] {100, 700, 9_000}[seed / 4];
      for (int step = 0; step < 4 * size; step++) {
        boolean grows = step < size || rng.nextInt(2) == 0;
        if (grows || twin.isEmpty()) {
          Element element = random(rng, scores, 1_000_000);
          if (!twin.contains(element)) {
            add(element);
          }
        } else if (rng.nextInt(4) == 0) {
          changeScore(pick(rng), (rng.nextInt(scores) - scores / 2) / 2.0);
        } else {
          remove(pick(rng));
        }
        if (step % size == 0) {
          check();
        }
        if (step % 50 == 0 && !twin.isEmpty()) {
          checkRanks(rng, pick(rng));
        }
      }
      check();
      removeByRank(rng);
    }
  }

  private void changeScore(Element element, double score) {
    Element changed = new Element(score, element.member);
    if (twin.contains(changed)) {
      return;
    }
    long address = nextAddress++;
    byAddress.put(address, changed);
    byte[] member = element.bytes();
    index.change(element.score, member, 0, member.length, score, address);
    forget(element);
    addresses.put(changed, address);
    twin.add(changed);
  }

  private void checkRanks(Rng rng, Element element) {
    byte[] member = element.bytes();
    int rank = twin.headSet(element).size();
    assertThat(index.rank(element.score, member, 0, member.length)).isEqualTo(rank);
    assertThat(byAddress.get(index.cursor(rank).element())).isEqualTo(element);
    double score = element.score + rng.nextInt(3) - 1;
    assertThat(index.rankOf((each, address) -> each < score))
        .isEqualTo(twin.headSet(new Element(score, "")).size());
    assertThat(index.rankOf((each, address) -> each <= score))
        .isEqualTo(twin.headSet(new Element(score, "\u00ff")).size());
  }

  private void removeByRank(Rng rng) {
    while (twin.size() > 10) {
      int rank = rng.nextInt(twin.size());
      int length = Math.min(twin.size() - rank, 1 + rng.nextInt(300));
      for (int i = 0; i < length; i++) {
        long address = index.removeAt(rank);
        forget(byAddress.get(address));
      }
      check();
    }
  }

  @Test
  void arrivalsInOrderFillTheNodes() {
    for (int i = 0; i < 20_000; i++) {
      add(new Element(i, "m"));
    }
    assertThat(index.blockBytes() / 20_000.0).isLessThan(18);
    for (int i = 0; i < 20_000; i++) {
      add(new Element(-1 - i, "m"));
    }
    assertThat(index.blockBytes() / 40_000.0).isLessThan(18);
    for (int i = 0; i < 40_000; i++) {
      if (i % 8 != 0) {
        remove(new Element(i - 20_000, "m"));
      }
    }
    // What is left lies in nodes that are at least a quarter full, and have shrunk.
    assertThat(index.blockBytes() / 5_000.0).isLessThan(40);
  }

  @Test
  void appendIsInsertAtTheEnd() {
    for (int i = 0; i < 5_000; i++) {
      Element element = new Element(i / 3, "m" + (10_000 + i));
      long address = nextAddress++;
      byAddress.put(address, element);
      addresses.put(element, address);
      index.append(element.score, address);
      twin.add(element);
    }
    check();
    assertThat(index.blockBytes() / 5_000.0).isLessThan(18);
  }

  @Test
  void randomArrivalsTakeLittleRoom() {
    Rng rng = new Rng(5);
    for (int i = 0; i < 40_000; i++) {
      Element element = random(rng, 1_000_000, 1_000_000);
      if (!twin.contains(element)) {
        add(element);
      }
    }
    assertThat(index.blockBytes() / (double) index.count()).isLessThan(23.0);
  }

  @Test
  void elementsMove() {
    Rng rng = new Rng(6);
    for (int i = 0; i < 3_000; i++) {
      add(new Element(rng.nextInt(50), "m" + i));
    }
    for (Element element : new ArrayList<>(twin)) {
      byte[] member = element.bytes();
      index.find(element.score, member, 0, member.length);
      long address = nextAddress++;
      byAddress.remove(addresses.put(element, address));
      byAddress.put(address, element);
      index.replaceFound(address);
    }
    check();
  }

  @Test
  void nodesMoveOutOfSparseSlabs() {
    Rng rng = new Rng(8);
    for (int i = 0; i < 60_000; i++) {
      add(new Element(rng.nextInt(1_000_000), "m" + i));
    }
    for (Element element : new ArrayList<>(twin)) {
      if (rng.nextInt(10) != 0) {
        remove(element);
      }
    }
    allocator.beginMoving();
    long cursor = 0;
    do {
      cursor = index.moveStep(cursor);
    } while (cursor != 0);
    allocator.endMoving();
    check();
  }
}
