package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {
  private static final long LIMIT_BYTES = 32L << 20;

  private final Keyspace keyspace = new Keyspace(new Keyspace.Options(1, 5, LIMIT_BYTES, false));
  private final Database database = keyspace.database(0);

  private static byte[] key(int number) {
    return ("key:" + number).getBytes(StandardCharsets.ISO_8859_1);
  }

  private int fill(int from, int valueBytes) {
    byte[] value = new byte[valueBytes];
    int number = from;
    while (keyspace.canTake(database, valueBytes)) {
      byte[] key = key(number++);
      database.strings().set(key, 0, key.length, value, 0, valueBytes, Database.NO_DEADLINE);
    }
    assertThat(keyspace.memory().committedBytes()).isLessThanOrEqualTo(LIMIT_BYTES);
    return number;
  }

  @Test
  void whoAsksFirstNeverPassesTheLimit() {
    assertThat(keyspace.canTake(database, LIMIT_BYTES)).isFalse();
    int filled = fill(0, 100);
    assertThat(keyspace.memory().usedBytes()).isGreaterThan(LIMIT_BYTES * 9 / 10);
    assertThat(keyspace.canTake(database, 100)).isFalse();
    assertThat(database.size()).isEqualTo(filled);
  }

  @Test
  void deletionsMakeRoomForOtherSizes() {
    int filled = fill(0, 100);
    for (int i = 0; i < filled; i += 2) {
      assertThat(database.delete(key(i), 0, key(i).length)).isTrue();
    }
    while (keyspace.isMovingDue()) {
      assertThat(keyspace.moveStep(1000)).isPositive();
    }
    keyspace.verify();
    int larger = fill(filled, 3000) - filled;
    assertThat(larger * 3000L).isGreaterThan(LIMIT_BYTES / 3);
    for (int i = 1; i < filled; i += 2) {
      assertThat(database.strings().length(database.lookupRead(key(i), 0, key(i).length)))
          .isEqualTo(100);
    }
    keyspace.verify();
  }

  @Test
  void aFlushGivesAllPagesBack() {
    fill(0, 20_000);
    assertThat(database.flush()).isPositive();
    assertThat(keyspace.memory().committedBytes()).isZero();
    assertThat(keyspace.memory().usedBytes()).isZero();
    assertThat(keyspace.canTake(database, LIMIT_BYTES / 2)).isTrue();
  }

  @Test
  void churnKeepsHolesBounded() {
    byte[] value = new byte[140];
    int keys = 60_000;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < keys; i++) {
        int number = (int) (i * 7_368_787L % keys);
        byte[] key = key(number);
        int length = round == 0 ? 100 : 60 + (number * 31 + round) % 81;
        database.strings().set(key, 0, key.length, value, 0, length, Database.NO_DEADLINE);
      }
    }
    keyspace.verify();
    assertThat(database.size()).isEqualTo(keys);
    assertThat(keyspace.memory().usedBytes()).isLessThan(keys * 140L);
    // Holes of a twentieth and a floor of 2 MiB, one pass's delay, and what rounds up to a page.
    assertThat(keyspace.memory().committedBytes())
        .isLessThan(keyspace.memory().usedBytes() * 110 / 100 + (8 << 20));
  }
}
