package io.vigil.core.base;

/**
 * How much work one step of something long may do so that commands never wait for it longer than a
 * moment: learnt from how long the steps before took. Code that has just begun to run is slower by
 * far than the same code a second later, so no fixed amount would fit both.
 *
 * <p>Steps begin small. One that took longer than {@value #TARGET_NANOS} ns shrinks the next in
 * proportion; one that took less than half of it lets the next grow by half. Where the clock stands
 * still during a step, as in a simulation, the most is soon reached.
 */
public final class Pace {
  static final long TARGET_NANOS = 300_000;

  private final int least;
  private final int most;
  private int units;

  /** Steps of {@code least} to {@code most} units, of whatever the caller counts. */
  public Pace(int least, int most) {
    this.least = least;
    this.most = most;
    this.units = least;
  }

  /** Units that the next step should do. */
  public int units() {
    return units;
  }

  /** A step of as many units as it was told, or one that ended early, took {@code nanos}. */
  public void took(long nanos) {
    if (nanos > TARGET_NANOS) {
      units = (int) Math.max(least, Math.max(units / 4, units * TARGET_NANOS / nanos));
    } else if (nanos < TARGET_NANOS / 2) {
      units = Math.min(most, units + units / 2);
    }
  }
}
