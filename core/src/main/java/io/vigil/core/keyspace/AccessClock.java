package io.vigil.core.keyspace;

import io.vigil.core.base.Rng;

/**
 * The 24 bits of a record that say when or how often it was used, in the formats of Redis.
 *
 * <pre>
 *   LRU   [ seconds of the wall clock, modulo 2^24 ]
 *   LFU   [ minutes of the wall clock, modulo 2^16 ][ logarithmic counter, 8 bit ]
 * </pre>
 */
final class AccessClock {
  static final int MAX = (1 << 24) - 1;
  private static final int INITIAL_FREQUENCY = 5;

  private final KeyspaceSettings settings;
  private final Rng rng;
  private long wallMs;
  private int seconds;
  private int minutes;

  AccessClock(KeyspaceSettings settings, Rng rng) {
    this.settings = settings;
    this.rng = rng;
  }

  void setWallMs(long now) {
    if (now == wallMs) {
      return;
    }
    wallMs = now;
    seconds = (int) (now / 1000) & MAX;
    minutes = (int) (now / 60_000) & 0xffff;
  }

  long wallMs() {
    return wallMs;
  }

  /** The clock of a record just made. */
  int fresh() {
    return settings.lfu ? minutes << 8 | INITIAL_FREQUENCY : seconds;
  }

  /** The clock after one more use. */
  int touched(int clock) {
    return settings.lfu ? minutes << 8 | increment(frequency(clock)) : seconds;
  }

  boolean keepsOnOverwrite() {
    return settings.lfu;
  }

  /** The counter after its decay since the last use. */
  int frequency(int clock) {
    int counter = clock & 0xff;
    if (settings.lfuDecayMinutes == 0) {
      return counter;
    }
    int elapsed = (minutes - (clock >>> 8)) & 0xffff;
    return Math.max(0, counter - elapsed / settings.lfuDecayMinutes);
  }

  /** One more use counts with a chance that falls with the counter. */
  private int increment(int counter) {
    if (counter == 255) {
      return counter;
    }
    int above = Math.max(0, counter - INITIAL_FREQUENCY);
    double chance = 1.0 / ((double) above * settings.lfuLogFactor + 1);
    return rng.nextDouble() < chance ? counter + 1 : counter;
  }

  /** Seconds since the last use, by an LRU clock. */
  long idleSeconds(int clock) {
    return (seconds - clock) & MAX;
  }

  /** An LRU clock of a record not used for so long; the current LFU start under an LFU policy. */
  int withIdleSeconds(long idle) {
    return settings.lfu ? fresh() : (int) (seconds - Math.min(Math.max(idle, 0), MAX)) & MAX;
  }

  /** An LFU clock with this counter; the current LRU clock without an LFU policy. */
  int withFrequency(int frequency) {
    return settings.lfu ? minutes << 8 | frequency & 0xff : seconds;
  }
}
