package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long steps may be, whatever the speed of the machine and of the code. */
class PaceTest {
  private final Pace pace = new Pace(100, 100_000);

  private long run(int steps, long nanosPerUnit) {
    long longest = 0;
    for (int i = 0; i < steps; i++) {
      long took = pace.units() * nanosPerUnit;
      longest = Math.max(longest, took);
      pace.took(took);
    }
    return longest;
  }

  @Test
  void stepsGrowToTheTargetAndNotBeyond() {
    assertThat(pace.units()).isEqualTo(100);
    assertThat(run(100, 20)).isLessThanOrEqualTo(Pace.TARGET_NANOS);
    assertThat(pace.units() * 20L).isGreaterThan(Pace.TARGET_NANOS / 3);
  }

  @Test
  void slowerCodeShrinksThemAtOnce() {
    run(100, 20);
    pace.took(pace.units() * 60L);
    assertThat(pace.units() * 60L).isLessThanOrEqualTo(Pace.TARGET_NANOS);
  }

  @Test
  void oneHiccupDoesNotCostMoreThanThreeQuarters() {
    run(100, 20);
    int before = pace.units();
    pace.took(50_000_000);
    assertThat(pace.units()).isEqualTo(before / 4);
  }

  @Test
  void limitsHold() {
    run(50, 1_000_000);
    assertThat(pace.units()).isEqualTo(100);
    run(100, 0);
    assertThat(pace.units()).isEqualTo(100_000);
  }
}
