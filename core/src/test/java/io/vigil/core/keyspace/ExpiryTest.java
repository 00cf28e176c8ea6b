package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  private static final long START_MS = 1_700_000_000_000L;

  private final Keyspace keyspace = new Keyspace(new Keyspace.Options(2, 5, Long.MAX_VALUE, true));
  private final Database database = keyspace.database(0);
  private final List<String> expired = new ArrayList<>();

  ExpiryTest() {
    keyspace.setWallMs(START_MS);
    keyspace.bindEffects(
        (index, key) -> expired.add(index + ":" + new String(key, StandardCharsets.ISO_8859_1)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void set(String key, long deadlineMs) {
    byte[] bytes = bytes(key);
    database.strings().set(bytes, 0, bytes.length, bytes, 0, bytes.length, deadlineMs);
  }

  private boolean readable(String key) {
    return database.lookupRead(bytes(key), 0, key.length()) != 0;
  }

  private boolean writable(String key) {
    return database.lookupWrite(bytes(key), 0, key.length()) != 0;
  }

  @Test
  void aKeyLivesThroughItsLastMillisecond() {
    set("a", START_MS + 10);
    keyspace.setWallMs(START_MS + 10);
    assertThat(readable("a")).isTrue();
    keyspace.setWallMs(START_MS + 11);
    assertThat(readable("a")).isFalse();
    assertThat(database.size()).isZero();
    assertThat(expired).containsExactly("0:a");
    assertThat(keyspace.stats().expiredKeys).isEqualTo(1);
    assertThat(keyspace.stats().hits).isEqualTo(1);
    assertThat(keyspace.stats().misses).isEqualTo(1);
  }

  @Test
  void modesDifferInWhatTheyDelete() {
    for (ExpiryMode mode : ExpiryMode.values()) {
      set("key", START_MS - 1);
      expired.clear();
      keyspace.setExpiryMode(mode);
      assertThat(readable("key")).isEqualTo(mode == ExpiryMode.KEEP);
      assertThat(database.size()).isEqualTo(mode == ExpiryMode.DELETE ? 0 : 1);
      assertThat(writable("key")).isEqualTo(mode == ExpiryMode.KEEP);
      boolean deleted = mode == ExpiryMode.DELETE || mode == ExpiryMode.HIDE_UNLESS_WRITTEN;
      assertThat(expired).hasSize(deleted ? 1 : 0);
      keyspace.setExpiryMode(ExpiryMode.DELETE);
      database.flush();
    }
  }

  @Test
  void theActiveCycleFindsExactlyWhatIsDue() {
    Rng rng = new Rng(1);
    int keys = 20_000;
    long[] deadlines = new long[keys];
    for (int i = 0; i < keys; i++) {
      deadlines[i] =
          rng.nextInt(3) == 0 ? Database.NO_DEADLINE : START_MS + 1 + rng.nextInt(10_000);
      set("key:" + i, deadlines[i]);
    }
    for (long now = START_MS; now <= START_MS + 10_500; now += 500) {
      keyspace.setWallMs(now);
      // A key asked for is refreshed, as sessions are.
      for (int n = 0; n < 200; n++) {
        int i = rng.nextInt(keys);
        if (deadlines[i] >= now) {
          deadlines[i] = now + 3000;
          assertThat(
                  database.setDeadline(bytes("key:" + i), 0, ("key:" + i).length(), deadlines[i]))
              .isTrue();
        }
      }
      long work = keyspace.expireStep(Long.MAX_VALUE);
      assertThat(work).isLessThan(20L * keys);
      assertThat(keyspace.expireStep(Long.MAX_VALUE)).isZero();
      int alive = 0;
      for (long deadline : deadlines) {
        alive += deadline == Database.NO_DEADLINE || deadline >= now ? 1 : 0;
      }
      assertThat(database.size()).isEqualTo(alive);
      keyspace.verify();
    }
    assertThat(expired).doesNotHaveDuplicates().hasSize((int) (keys - database.size()));
  }

  @Test
  void aStepKeepsToItsWork() {
    for (int i = 0; i < 20_000; i++) {
      set("key:" + i, START_MS + 1);
    }
    keyspace.setWallMs(START_MS + 100);
    long work = keyspace.expireStep(1000);
    assertThat(work).isBetween(1000L, 5000L);
    assertThat(database.size()).isBetween(18_000L, 19_999L);
    long left = database.size();
    while (database.size() > 0) {
      assertThat(keyspace.expireStep(1000)).isPositive();
      assertThat(database.size()).isLessThan(left);
      left = database.size();
    }
    assertThat(database.deadlineCount()).isZero();
    assertThat(database.earliestDeadlineMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void persistentKeysCostTheCycleNothing() {
    for (int i = 0; i < 5000; i++) {
      set("key:" + i, START_MS + 1);
      assertThat(database.removeDeadline(bytes("key:" + i), 0, ("key:" + i).length())).isTrue();
    }
    keyspace.setWallMs(START_MS + 100);
    assertThat(keyspace.expireStep(Long.MAX_VALUE)).isLessThan(200);
    assertThat(database.size()).isEqualTo(5000);
    assertThat(keyspace.expireStep(Long.MAX_VALUE)).isZero();
  }
}
