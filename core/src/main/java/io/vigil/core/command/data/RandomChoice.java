package io.vigil.core.command.data;

import io.vigil.core.base.Rng;

/**
 * Chooses so many of a row of elements, each with equal chances, in one walk over it: an element is
 * taken with the chance that what is still wanted has among what is still to come.
 */
public final class RandomChoice {
  private final Rng rng;
  private long wanted;
  private long left;

  /**
   * @param wanted how many to take, at most {@code size}
   * @param size how many there are
   */
  public RandomChoice(Rng rng, long wanted, long size) {
    this.rng = rng;
    this.wanted = wanted;
    this.left = size;
  }

  /** True when the next element is taken. */
  public boolean next() {
    boolean taken = wanted > 0 && rng.nextLong(left) < wanted;
    left--;
    if (taken) {
      wanted--;
    }
    return taken;
  }
}
