package io.vigil.core.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListpackTest {
  private final byte[] array = new byte[200_000];
  private static final int AT = 7;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void insert(int entry, byte[] element) {
    int size = Listpack.entryBytes(element, 0, element.length);
    Listpack.splice(array, AT, entry, 0, size, 1);
    assertThat(Listpack.writeEntry(array, entry, element, 0, element.length))
        .isEqualTo(entry + size);
  }

  private int end() {
    return AT + Listpack.bytes(array, AT) - 1;
  }

  private void insertLast(String element) {
    insert(end(), bytes(element));
  }

  @Test
  void equalsTheBytesOfRedis() {
    // From DUMP of a hash of redis-server 7.0.15, rdbcompression off.
    Listpack.writeEmpty(array, AT);
    for (String element :
        new String[] {
          "f",
          "v",
          "1",
          "-1",
          "127",
          "128",
          "4095",
          "-4096",
          "4096",
          "32767",
          "-32768",
          "40000",
          "8388607",
          "8388608",
          "-2147483648",
          "2147483648",
          "9223372036854775807",
          "0123"
        }) {
      insertLast(element);
    }
    String hex = HexFormat.of().formatHex(array, AT, AT + Listpack.bytes(array, AT));
    assertThat(hex)
        .isEqualTo(
            "5900000012008166028176020101dfff027f01c08002cfff02d00002f1001003f1ff7f03f1008003f2409c0004"
                + "f2ffff7f04f30000800005f30000008005f4000000800000000009f4ffffffffffffff7f09"
                + "843031323305ff");
  }

  @Test
  void walksBothWaysAndFindsLikeAList() {
    Rng rng = new Rng(11);
    List<byte[]> twin = new ArrayList<>();
    Listpack.writeEmpty(array, AT);
    for (int round = 0; round < 4000; round++) {
      int index = rng.nextInt(twin.size() + 1);
      if (twin.size() < 60 && rng.nextInt(3) > 0 || twin.isEmpty()) {
        byte[] element = element(rng);
        insert(index == twin.size() ? end() : Listpack.seek(array, AT, index), element);
        twin.add(index, element);
      } else {
        index %= twin.size();
        int entry = Listpack.seek(array, AT, index);
        int length = Listpack.end(array, entry) - entry;
        if (rng.nextInt(2) == 0) {
          Listpack.splice(array, AT, entry, length, 0, -1);
          twin.remove(index);
        } else {
          byte[] element = element(rng);
          int size = Listpack.entryBytes(element, 0, element.length);
          Listpack.splice(array, AT, entry, length, size, 0);
          Listpack.writeEntry(array, entry, element, 0, element.length);
          twin.set(index, element);
        }
      }
      check(twin, rng);
    }
  }

  private static byte[] element(Rng rng) {
    return switch (rng.nextInt(6)) {
      case 0 -> bytes(Long.toString(rng.nextLong() >> rng.nextInt(64)));
      case 1 -> bytes(Integer.toString(rng.nextInt(300) - 150));
      case 2 -> bytes("x".repeat(rng.nextInt(5000)));
      case 3 -> bytes("0" + rng.nextInt(100));
      case 4 -> new byte[0];
      default -> bytes("abc".substring(rng.nextInt(3)));
    };
  }

  private void check(List<byte[]> twin, Rng rng) {
    assertThat(Listpack.isIntact(array, AT, Listpack.bytes(array, AT))).isTrue();
    assertThat(Listpack.count(array, AT)).isEqualTo(twin.size());
    int entry = Listpack.first(array, AT);
    for (byte[] element : twin) {
      assertThat(Listpack.element(array, entry)).isEqualTo(element);
      assertThat(Listpack.equal(array, entry, element, 0, element.length)).isTrue();
      entry = Listpack.next(array, entry);
    }
    assertThat(entry).isEqualTo(Listpack.NONE);
    entry = Listpack.last(array, AT);
    for (int i = twin.size() - 1; i >= 0; i--) {
      assertThat(Listpack.element(array, entry)).isEqualTo(twin.get(i));
      entry = Listpack.previous(array, AT, entry);
    }
    assertThat(entry).isEqualTo(Listpack.NONE);
    byte[] wanted = twin.isEmpty() || rng.nextInt(4) == 0 ? element(rng) : twin.getLast();
    int expected = -1;
    for (int i = 0; i < twin.size() && expected < 0; i += 2) {
      expected = Arrays.equals(twin.get(i), wanted) ? i : -1;
    }
    int found = Listpack.find(array, Listpack.first(array, AT), wanted, 0, wanted.length, 1);
    assertThat(found).isEqualTo(expected < 0 ? Listpack.NONE : Listpack.seek(array, AT, expected));
  }

  @Test
  void damagedBytesAreRefusedOrWalkedWithinBounds() {
    Rng rng = new Rng(5);
    Listpack.writeEmpty(array, AT);
    for (int i = 0; i < 20; i++) {
      insert(end(), element(rng).length > 100 ? bytes("short") : element(rng));
    }
    byte[] good = Arrays.copyOfRange(array, AT, AT + Listpack.bytes(array, AT));
    int accepted = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i <= rng.nextInt(3); i++) {
        bad[rng.nextInt(bad.length)] = (byte) rng.nextInt(256);
      }
      int length = rng.nextInt(8) == 0 ? rng.nextInt(bad.length + 1) : bad.length;
      byte[] exact = Arrays.copyOf(bad, length);
      if (Listpack.isIntact(exact, 0, length)) {
        accepted++;
        int seen = 0;
        for (int entry = Listpack.first(exact, 0);
            entry != Listpack.NONE;
            entry = Listpack.next(exact, entry)) {
          Listpack.element(exact, entry);
          seen++;
        }
        for (int entry = Listpack.last(exact, 0);
            entry != Listpack.NONE;
            entry = Listpack.previous(exact, 0, entry)) {
          seen--;
        }
        assertThat(seen).isZero();
      }
    }
    assertThat(accepted).isPositive();
  }

  @Test
  void aCountThatDoesNotFitIsUnknown() {
    Listpack.writeEmpty(array, AT);
    for (int i = 0; i < 65_600; i++) {
      insert(end(), bytes("1"));
    }
    assertThat(array[AT + 4]).isEqualTo((byte) 0xFF);
    assertThat(Listpack.count(array, AT)).isEqualTo(65_600);
    assertThat(Listpack.isIntact(array, AT, Listpack.bytes(array, AT))).isTrue();
  }
}
