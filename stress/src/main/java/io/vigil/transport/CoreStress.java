package io.vigil.transport;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What {@link Core} promises to the loops, each promise under two threads at once. The threads play
 * loops: a selector's wake-up is a flag that stays set until the next wait takes it.
 */
public final class CoreStress {
  private CoreStress() {}

  /** Two loops, and the wake-ups they have been given. */
  public abstract static class TwoLoops {
    final Core<Integer> core = new Core<>(2);
    final AtomicBoolean woken = new AtomicBoolean();
    final AtomicInteger wakeUps = new AtomicInteger();
    final Core.Side<Integer> first = new Core.Side<>(core, () -> {});
    final Core.Side<Integer> second =
        new Core.Side<>(
            core,
            () -> {
              woken.set(true);
              wakeUps.incrementAndGet();
            });

    /** A burst on the first loop that leaves something for the second. */
    final void burst(int item) {
      core.enter(first);
      second.mark(item);
      core.exit();
    }

    /** What the second loop takes in one turn, added up. */
    final int take() {
      core.enter(second);
      List<Integer> taken = second.take();
      int sum = 0;
      for (int item : taken) {
        sum += item;
      }
      taken.clear();
      core.exit();
      return sum;
    }
  }

  /** A loop that finds nothing marked and goes to sleep is woken. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It would sleep, and the wake-up ends that.")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It does not sleep; the wake-up comes later.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It does not sleep, and is woken already.")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "It sleeps for ever.")
  @State
  public static class NoWakeUpIsLost extends TwoLoops {
    private boolean sleeps;

    @Actor
    public void burst() {
      burst(1);
    }

    @Actor
    public void turn() {
      sleeps = !second.hasMarked();
    }

    @Arbiter
    public void look(II_Result result) {
      result.r1 = sleeps ? 0 : 1;
      result.r2 = woken.get() ? 1 : 0;
    }
  }

  /**
   * A loop on its rounds: each wait ends by a wake-up only, which it takes, and in each turn it
   * takes what is marked. Whatever falls between, it either has both items in the end or will wake.
   */
  @JCStressTest
  @Outcome(id = "3, [01]", expect = ACCEPTABLE, desc = "Both items were taken.")
  @Outcome(id = "[012], 1", expect = ACCEPTABLE, desc = "It is awake, and will take the rest.")
  @Outcome(id = "[012], 0", expect = FORBIDDEN, desc = "An item lies there and nobody comes.")
  @State
  public static class EverythingIsTakenBeforeTheLastSleep extends TwoLoops {
    private int taken;

    @Actor
    public void bursts() {
      burst(1);
      burst(2);
    }

    @Actor
    public void turns() {
      for (int turn = 0; turn < 3; turn++) {
        woken.set(false); // The wait: it takes the wake-up, whenever that came.
        if (second.hasMarked()) {
          taken += take();
        }
      }
    }

    @Arbiter
    public void look(II_Result result) {
      result.r1 = taken;
      result.r2 = woken.get() ? 1 : 0;
    }
  }

  /** What is marked while the other side takes is taken once: now or at the next turn. */
  @JCStressTest
  @Outcome(id = "0, 7", expect = ACCEPTABLE, desc = "Nothing was there yet.")
  @Outcome(id = "3, 4", expect = ACCEPTABLE, desc = "Taken between the bursts.")
  @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "Taken after both bursts.")
  @Outcome(expect = FORBIDDEN, desc = "An item was lost, doubled, or seen before its burst ended.")
  @State
  public static class EachItemIsTakenOnce extends TwoLoops {
    private int early;

    @Actor
    public void bursts() {
      core.enter(first);
      second.mark(1);
      second.mark(2);
      core.exit();
      burst(4);
    }

    @Actor
    public void turn() {
      early = take();
    }

    @Arbiter
    public void look(II_Result result) {
      result.r1 = early;
      result.r2 = take();
    }
  }

  /** A burst wakes a loop once, however much it leaves for it. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "Two bursts, two wake-ups.")
  @Outcome(expect = FORBIDDEN, desc = "A wake-up too many or too few.")
  @State
  public static class OneWakeUpPerBurst extends TwoLoops {
    @Actor
    public void bursts() {
      for (int burst = 0; burst < 2; burst++) {
        core.enter(first);
        second.mark(1);
        second.mark(2);
        core.noteWork(second);
        core.exit();
      }
    }

    @Actor
    public void turn() {
      core.enter(second);
      second.mark(3); // Its own: no wake-up.
      core.exit();
    }

    @Arbiter
    public void look(I_Result result) {
      result.r1 = wakeUps.get();
    }
  }

  /** Inside there is one at a time, and each sees what the one before did. */
  @JCStressTest
  @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(expect = FORBIDDEN, desc = "Two were inside at once.")
  @State
  public static class OneAtATime extends TwoLoops {
    private int plain;
    private int alsoPlain;

    private void raise(Core.Side<Integer> side) {
      core.enter(side);
      plain++;
      alsoPlain = plain;
      core.exit();
    }

    @Actor
    public void one() {
      raise(first);
    }

    @Actor
    public void other() {
      raise(second);
    }

    @Arbiter
    public void look(II_Result result) {
      result.r1 = plain;
      result.r2 = alsoPlain;
    }
  }

  /**
   * The chain of a connection: output is added to it inside by anyone, the owner stages what is
   * there, writes it outside and settles. It is marked again exactly when more came meanwhile.
   */
  @JCStressTest
  @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "Everything was written.")
  @Outcome(id = "[012], 1", expect = ACCEPTABLE, desc = "The rest is marked.")
  @Outcome(expect = FORBIDDEN, desc = "Output lies in the chain and is not marked, or was doubled.")
  @State
  public static class OutputAddedDuringAWriteIsWritten extends TwoLoops {
    private int pending;
    private int written;
    private boolean dirty;

    private void add(int bytes) {
      core.enter(first);
      pending += bytes;
      queue();
      core.exit();
    }

    private void queue() {
      if (!dirty) {
        dirty = true;
        second.mark(0);
      }
    }

    @Actor
    public void bursts() {
      add(1);
      add(2);
    }

    @Actor
    public void writes() {
      for (int turn = 0; turn < 2 && second.hasMarked(); turn++) {
        core.enter(second);
        second.take().clear();
        int staged = pending;
        core.exit();
        written += staged;
        core.enter(second);
        dirty = false;
        pending -= staged;
        if (pending > 0) {
          queue();
        }
        core.exit();
      }
    }

    @Arbiter
    public void look(II_Result result) {
      result.r1 = written;
      result.r2 = second.hasMarked() ? 1 : 0;
    }
  }
}
