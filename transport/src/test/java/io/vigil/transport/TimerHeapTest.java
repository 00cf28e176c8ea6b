package io.vigil.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import io.vigil.core.env.Timers.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
  private final TimerHeap timers = new TimerHeap(() -> {});
  private final List<Integer> fired = new ArrayList<>();

  private void runUntilEmpty() {
    while (timers.size() > 0) {
      LockSupport.parkNanos(timers.nextDelayMs() * 1_000_000);
      timers.runDue();
    }
  }

  @Test
  void firesInOrderOfDeadlineThenOfSetting() {
    for (int delay : new int[] {30, 10, 20, 10, 0, 30}) {
      timers.schedule(delay, () -> fired.add(delay));
    }
    runUntilEmpty();
    assertThat(fired).containsExactly(0, 10, 10, 20, 30, 30);
  }

  @Test
  void cancelledTimersNeverFire() {
    Rng random = new Rng(42);
    List<Timer> set = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      set.add(timers.schedule(random.nextInt(40), () -> fired.add(number)));
    }
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      if (random.nextInt(3) == 0) {
        kept.add(i);
      } else {
        set.get(i).cancel();
        set.get(i).cancel();
      }
    }
    assertThat(timers.size()).isEqualTo(kept.size());
    runUntilEmpty();
    assertThat(fired).containsExactlyInAnyOrderElementsOf(kept);
  }

  @Test
  void aTimerSetByAFiringOneWaitsForTheNextTurn() {
    timers.schedule(0, () -> timers.schedule(0, () -> fired.add(2)));
    timers.runDue();
    assertThat(fired).isEmpty();
    timers.runDue();
    assertThat(fired).containsExactly(2);
  }

  @Test
  void saysHowLongToWait() {
    assertThat(timers.nextDelayMs()).isEqualTo(-1);
    timers.schedule(1_000, () -> {});
    assertThat(timers.nextDelayMs()).isBetween(900L, 1_000L);
    timers.schedule(Long.MAX_VALUE, () -> {});
    assertThat(timers.nextDelayMs()).isBetween(900L, 1_000L);
    timers.schedule(-5, () -> {});
    assertThat(timers.nextDelayMs()).isZero();
  }
}
