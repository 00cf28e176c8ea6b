package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import org.junit.jupiter.api.Test;

class AccessClockTest {
  private static final long START_MS = 1_700_000_000_000L;

  private final KeyspaceSettings settings = new KeyspaceSettings();
  private final AccessClock clock = new AccessClock(settings, new Rng(1));

  AccessClockTest() {
    clock.setWallMs(START_MS);
  }

  @Test
  void countsIdleSecondsAcrossTheTurnOfTheClock() {
    int then = clock.fresh();
    clock.setWallMs(START_MS + 90_500);
    assertThat(clock.idleSeconds(then)).isEqualTo(90);
    clock.setWallMs(START_MS + ((1L << 24) - 5) * 1000);
    assertThat(clock.idleSeconds(then)).isEqualTo((1L << 24) - 5);
    assertThat(clock.idleSeconds(clock.touched(then))).isZero();
    assertThat(clock.idleSeconds(clock.withIdleSeconds(1234))).isEqualTo(1234);
  }

  @Test
  void startsAtFiveAndDecaysByTheMinute() {
    settings.lfu = true;
    int then = clock.fresh();
    assertThat(clock.frequency(then)).isEqualTo(5);
    clock.setWallMs(START_MS + 3 * 60_000);
    assertThat(clock.frequency(then)).isEqualTo(2);
    clock.setWallMs(START_MS + 60 * 60_000);
    assertThat(clock.frequency(then)).isZero();
    settings.lfuDecayMinutes = 0;
    assertThat(clock.frequency(then)).isEqualTo(5);
    settings.lfuDecayMinutes = 30;
    assertThat(clock.frequency(then)).isEqualTo(3);
  }

  /** The table in redis.conf: with factor 10 a counter of 142 or so after 100,000 uses. */
  @Test
  void growsAsTheLogarithmOfUses() {
    settings.lfu = true;
    int used = clock.fresh();
    for (int i = 0; i < 100; i++) {
      used = clock.touched(used);
    }
    assertThat(clock.frequency(used)).isBetween(6, 16);
    for (int i = 0; i < 99_900; i++) {
      used = clock.touched(used);
    }
    assertThat(clock.frequency(used)).isBetween(125, 160);
    assertThat(clock.frequency(clock.withFrequency(200))).isEqualTo(200);
  }
}
