package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands against a keyspace and a TreeMap beside it, in checked memory, with the whole
 * shape checked on the way.
 */
class KeyspaceModelTest {
  private static final long NONE = Database.NO_DEADLINE;

  private record Value(byte[] bytes, long deadlineMs) {}

  private static final class Model {
    final Keyspace keyspace;
    final Rng rng;
    final List<Map<String, Value>> twins = new ArrayList<>();
    final int keys;
    long nowMs = 1_700_000_000_000L;
    long expired;

    Model(long seed, int keys) {
      this.keyspace = new Keyspace(new Keyspace.Options(3, seed, Long.MAX_VALUE, true));
      this.rng = new Rng(seed);
      this.keys = keys;
      for (int i = 0; i < 3; i++) {
        twins.add(new TreeMap<>());
      }
      keyspace.setWallMs(nowMs);
      keyspace.bindEffects(
          (database, key) -> {
            expired++;
            assertThat(twins.get(database).remove(text(key))).isNotNull();
          });
    }

    static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    byte[] key() {
      int number = rng.nextInt(keys);
      String text = "key:" + number;
      if (number % 50 == 0) {
        text += "x".repeat(2040 + number % 40);
      }
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] value() {
      int kind = rng.nextInt(20);
      if (kind < 4) {
        return Long.toString(rng.nextLong() >> rng.nextInt(64))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      int length =
          kind < 17 ? rng.nextInt(160) : kind < 19 ? rng.nextInt(17_000) : rng.nextInt(70_000);
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) rng.nextLong();
      }
      return bytes;
    }

    long deadline() {
      return rng.nextInt(3) == 0 ? nowMs + rng.nextInt(2000) - 100 : NONE;
    }

    Value live(int database, byte[] key) {
      Value value = twins.get(database).get(text(key));
      return value != null && value.deadlineMs != NONE && value.deadlineMs < nowMs ? null : value;
    }

    void step() {
      int index = rng.nextInt(3);
      Database database = keyspace.database(index);
      Map<String, Value> twin = twins.get(index);
      byte[] key = key();
      Value old = live(index, key);
      switch (rng.nextInt(16)) {
        case 0, 1, 2 -> {
          byte[] value = value();
          long deadline = deadline();
          database.strings().set(key, 0, key.length, value, 0, value.length, deadline);
          twin.put(text(key), new Value(value, deadline));
        }
        case 3, 4 -> {
          assertThat(database.delete(key, 0, key.length)).isEqualTo(old != null);
          twin.remove(text(key));
        }
        case 5 -> append(database, twin, key, old);
        case 6 -> setRange(database, twin, key, old);
        case 7 -> setBit(database, twin, key, old);
        case 8 -> {
          long deadline = nowMs + rng.nextInt(3000);
          assertThat(database.setDeadline(key, 0, key.length, deadline)).isEqualTo(old != null);
          if (old != null) {
            twin.put(text(key), new Value(old.bytes, deadline));
          }
        }
        case 9 -> {
          boolean had = old != null && old.deadlineMs != NONE;
          assertThat(database.removeDeadline(key, 0, key.length)).isEqualTo(had);
          if (had) {
            twin.put(text(key), new Value(old.bytes, NONE));
          }
        }
        case 10 -> transfer(database, twin, key, old);
        case 11 -> {
          nowMs += rng.nextInt(50);
          keyspace.setWallMs(nowMs);
          keyspace.expireStep(rng.nextInt(500));
        }
        case 12 -> keyspace.moveStep(rng.nextInt(5000));
        case 13 -> changeInteger(database, twin, key, old);
        default -> check(database, key, old);
      }
      check(database, key, live(index, key));
    }

    private void changeInteger(Database database, Map<String, Value> twin, byte[] key, Value old) {
      long number = rng.nextLong();
      Arguments words = Arguments.of("INCR".getBytes(StandardCharsets.ISO_8859_1), key);
      long record = database.lookupChange(words, 1);
      assertThat(record != 0).isEqualTo(old != null);
      database.strings().changeInteger(record, words, 1, number);
      byte[] digits = Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
      twin.put(text(key), new Value(digits, old == null ? NONE : old.deadlineMs));
    }

    private void append(Database database, Map<String, Value> twin, byte[] key, Value old) {
      byte[] more = value();
      byte[] before = old == null ? new byte[0] : old.bytes;
      byte[] joined = Arrays.copyOf(before, before.length + more.length);
      System.arraycopy(more, 0, joined, before.length, more.length);
      if (joined.length < 200_000) {
        assertThat(database.strings().append(key, 0, key.length, more, 0, more.length))
            .isEqualTo(joined.length);
        twin.put(text(key), new Value(joined, old == null ? NONE : old.deadlineMs));
      }
    }

    private void setRange(Database database, Map<String, Value> twin, byte[] key, Value old) {
      byte[] more = value();
      byte[] before = old == null ? new byte[0] : old.bytes;
      int position = rng.nextInt(rng.nextInt(10) == 0 ? 40_000 : 200);
      int length =
          more.length == 0 ? before.length : Math.max(before.length, position + more.length);
      assertThat(database.strings().setRange(key, 0, key.length, position, more, 0, more.length))
          .isEqualTo(length);
      if (more.length > 0) {
        byte[] changed = Arrays.copyOf(before, length);
        System.arraycopy(more, 0, changed, position, more.length);
        twin.put(text(key), new Value(changed, old == null ? NONE : old.deadlineMs));
      }
    }

    private void setBit(Database database, Map<String, Value> twin, byte[] key, Value old) {
      byte[] before = old == null ? new byte[0] : old.bytes;
      int bit = rng.nextInt(rng.nextInt(10) == 0 ? 300_000 : 800);
      int value = rng.nextInt(2);
      byte[] changed = Arrays.copyOf(before, Math.max(before.length, bit / 8 + 1));
      int was = changed[bit / 8] >> (7 - bit % 8) & 1;
      changed[bit / 8] = (byte) (changed[bit / 8] & ~(1 << (7 - bit % 8)) | value << (7 - bit % 8));
      assertThat(database.strings().setBit(key, 0, key.length, bit, value)).isEqualTo(was);
      twin.put(text(key), new Value(changed, old == null ? NONE : old.deadlineMs));
    }

    private void transfer(Database database, Map<String, Value> twin, byte[] key, Value old) {
      byte[] to = key();
      int target = rng.nextInt(3);
      Map<String, Value> targetTwin = twins.get(target);
      if (rng.nextInt(2) == 0) {
        if (Arrays.equals(key, to)) {
          return;
        }
        assertThat(database.rename(key, to)).isEqualTo(old != null);
        if (old != null) {
          twin.put(text(to), old);
          twin.remove(text(key));
        }
      } else if (target != database.index() || !Arrays.equals(key, to)) {
        assertThat(database.copy(key, keyspace.database(target), to)).isEqualTo(old != null);
        if (old != null) {
          targetTwin.put(text(to), old);
        }
      }
    }

    void check(Database database, byte[] key, Value expected) {
      long record = database.lookupReadNoTouch(key, 0, key.length);
      if (expected == null) {
        assertThat(record).isZero();
        return;
      }
      assertThat(record).isNotZero();
      assertThat(database.strings().bytes(record)).isEqualTo(expected.bytes);
      assertThat(database.strings().length(record)).isEqualTo(expected.bytes.length);
      assertThat(database.deadlineMs(record)).isEqualTo(expected.deadlineMs);
      assertThat(database.key(record)).isEqualTo(key);
    }

    void checkAll() {
      keyspace.verify();
      for (int i = 0; i < twins.size(); i++) {
        Database database = keyspace.database(i);
        assertThat(database.size()).isEqualTo(twins.get(i).size());
        Map<String, Value> twin = twins.get(i);
        List<byte[]> scanned = new ArrayList<>();
        long cursor = 0;
        do {
          cursor = database.scan(cursor, 5, scanned);
        } while (cursor != 0);
        assertThat(scanned.stream().map(Model::text).sorted().toList())
            .isEqualTo(List.copyOf(twin.keySet()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void behavesAsItsTwin(long seed) {
    Model model = new Model(seed, seed % 2 == 0 ? 40 : 3000);
    for (int i = 0; i < 20_000; i++) {
      model.step();
      if (i % 2000 == 0) {
        model.checkAll();
      }
    }
    model.checkAll();
    assertThat(model.expired).isPositive();
    for (int i = 0; i < 3; i++) {
      for (byte[] key : allKeys(model.keyspace.database(i))) {
        model.keyspace.database(i).delete(key, 0, key.length);
      }
    }
    model.twins.forEach(Map::clear);
    model.checkAll();
  }

  private static List<byte[]> allKeys(Database database) {
    List<byte[]> keys = new ArrayList<>();
    database.forEach(record -> keys.add(database.key(record)));
    return keys;
  }

  @Test
  void growsAndShrinksOverManySegments() {
    Keyspace keyspace = new Keyspace(new Keyspace.Options(1, 7, Long.MAX_VALUE, false));
    Database database = keyspace.database(0);
    int keys = 50_000;
    for (int i = 0; i < keys; i++) {
      byte[] key = ("key:" + i).getBytes(StandardCharsets.ISO_8859_1);
      database.strings().set(key, 0, key.length, key, 0, key.length, NONE);
    }
    keyspace.verify();
    assertThat(database.size()).isEqualTo(keys);
    for (int i = 0; i < keys; i++) {
      byte[] key = ("key:" + i).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(database.strings().bytes(database.lookupRead(key, 0, key.length))).isEqualTo(key);
    }
    for (int i = 0; i < keys; i++) {
      byte[] key = ("key:" + i).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(database.delete(key, 0, key.length)).isTrue();
      if (i % 10_000 == 0) {
        keyspace.verify();
      }
    }
    keyspace.verify();
    assertThat(database.size()).isZero();
    assertThat(keyspace.memory().usedBytes()).isZero();
    assertThat(keyspace.memory().committedBytes()).isLessThanOrEqualTo(4 << 20);
  }
}
