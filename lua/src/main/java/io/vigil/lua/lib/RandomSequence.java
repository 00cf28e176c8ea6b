package io.vigil.lua.lib;

/**
 * The numbers of C's {@code lrand48}: a linear congruence modulo 2^48, of which the upper 31 bits
 * are taken. The same seed gives the numbers that Redis gives.
 */
public final class RandomSequence {
  private static final long MULTIPLIER = 0x5DEECE66DL;
  private static final long INCREMENT = 0xB;
  private static final long MASK = (1L << 48) - 1;
  private static final int LOW_BITS = 0x330E;

  private long state = 0x1234_ABCD_330EL;

  RandomSequence() {}

  /** Begins the sequence of a seed. */
  public void seed(int seed) {
    state = (seed & 0xFFFF_FFFFL) << 16 | LOW_BITS;
  }

  /** The next number, 0 to 2^31 - 1. */
  int next() {
    state = (state * MULTIPLIER + INCREMENT) & MASK;
    return (int) (state >>> 17);
  }
}
