package io.vigil.core.base;

/**
 * A small, fast, seedable random source: SplitMix64 (Steele, Lea, Flood, 2014). Not for secrets.
 * One stream per purpose, so that a new use of randomness in one place does not change the numbers
 * drawn in another.
 */
public final class Rng {
  private long state;

  public Rng(long seed) {
    this.state = seed;
  }

  /** An independent stream named {@code name}, determined by this seed and the name alone. */
  public static Rng stream(long seed, String name) {
    long mixed = seed;
    for (int i = 0; i < name.length(); i++) {
      mixed = new Rng(mixed ^ name.charAt(i)).nextLong();
    }
    return new Rng(mixed);
  }

  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number in [0, bound); {@code bound} must be positive. */
  public long nextLong(long bound) {
    return Long.remainderUnsigned(nextLong(), bound);
  }

  /** A number in [0, bound); {@code bound} must be positive. */
  public int nextInt(int bound) {
    return (int) nextLong(bound);
  }

  /** A number in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }
}
