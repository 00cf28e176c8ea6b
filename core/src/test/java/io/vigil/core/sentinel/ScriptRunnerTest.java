package io.vigil.core.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.env.Env;
import io.vigil.core.env.Log.Level;
import io.vigil.core.env.Processes;
import io.vigil.core.node.ManualEnv;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scripts against children that end when the test says so. */
final class ScriptRunnerTest {
  private final ManualEnv world = new ManualEnv();
  private final Children children = new Children();
  private final Timings timings = new Timings();
  private final List<String> published = new ArrayList<>();
  private ScriptRunner scripts;

  private static final class Children implements Processes {
    record Child(List<String> command, long timeoutMs, Ended ended) {}

    final List<Child> started = new ArrayList<>();

    @Override
    public boolean isExecutable(String path) {
      return true;
    }

    @Override
    public long run(List<String> command, long timeoutMs, Ended ended) {
      started.add(new Child(List.copyOf(command), timeoutMs, ended));
      return 100 + started.size();
    }

    /** Ends the child started last. */
    void end(int exitCode, int signal, boolean timedOut) {
      started.getLast().ended.ended(exitCode, signal, timedOut);
    }
  }

  @BeforeEach
  void prepare() {
    Env base = world.env(null);
    Env env =
        new Env(
            base.clock(),
            base.timers(),
            base.entropy(),
            base.network(),
            base.disk(),
            base.dns(),
            base.offload(),
            children,
            base.host(),
            base.log());
    scripts = new ScriptRunner(env, timings);
    scripts.bind(
        new SentinelEvents(
            base.log(), (channel, message) -> published.add(channel + " " + message), scripts));
  }

  @Test
  void aRunningScriptIsShownWithItsProcess() {
    scripts.schedule("/s", "+sdown", "text");
    ScriptRunner.Job job = scripts.jobs().getFirst();
    assertThat(children.started.getFirst().command).containsExactly("/s", "+sdown", "text");
    assertThat(children.started.getFirst().timeoutMs).isEqualTo(60_000);
    assertThat(job.running).isTrue();
    assertThat(job.processId).isEqualTo(101);
    assertThat(job.starts).isEqualTo(1);
    children.end(0, 0, false);
    assertThat(scripts.jobs()).isEmpty();
    assertThat(published).isEmpty();
    assertThat(world.logged()).contains("+script-child 101", "-script-child 101 0 0");
  }

  @Test
  void statusOneIsTriedTenTimesWithDelaysThatDouble() {
    scripts.schedule("/s");
    long delayMs = timings.scriptRetryDelayMs;
    for (int starts = 1; starts < 10; starts++) {
      assertThat(children.started).hasSize(starts);
      children.end(1, 0, false);
      assertThat(scripts.jobs().getFirst().running).isFalse();
      assertThat(scripts.jobs().getFirst().processId).isZero();
      world.advanceMs(delayMs - 1);
      assertThat(children.started).hasSize(starts);
      world.advanceMs(1);
      delayMs *= 2;
    }
    assertThat(children.started).hasSize(10);
    assertThat(published).isEmpty();
    children.end(1, 0, false);
    assertThat(scripts.jobs()).isEmpty();
    assertThat(published).containsExactly("-script-error /s 0 1");
  }

  @Test
  void statusTwoAndAProgramThatCannotBeExecutedEndTheMatter() {
    scripts.schedule("/s");
    children.end(2, 0, false);
    scripts.schedule("/gone");
    children.end(-1, 0, false);
    assertThat(scripts.jobs()).isEmpty();
    assertThat(published).containsExactly("-script-error /s 0 2", "-script-error /gone 0 2");
  }

  @Test
  void aScriptKilledForItsTimeIsTriedAgain() {
    scripts.schedule("/slow");
    children.end(0, 9, true);
    assertThat(published).containsExactly("-script-timeout /slow 101");
    world.advanceMs(timings.scriptRetryDelayMs);
    assertThat(children.started).hasSize(2);
    assertThat(scripts.jobs().getFirst().starts).isEqualTo(2);
  }

  @Test
  void sixteenRunAndTheOldestThatWaitsMakesRoom() {
    for (int i = 0; i < 300; i++) {
      scripts.schedule("/s", Integer.toString(i));
    }
    assertThat(children.started).hasSize(16);
    assertThat(scripts.runningCount()).isEqualTo(16);
    assertThat(scripts.jobs()).hasSize(256);
    // The first 16 run; of the others the first 44 were dropped.
    assertThat(scripts.jobs().get(15).command).containsExactly("/s", "15");
    assertThat(scripts.jobs().get(16).command).containsExactly("/s", "60");
    children.end(0, 0, false);
    assertThat(children.started).hasSize(17);
    assertThat(children.started.getLast().command).containsExactly("/s", "60");
  }

  @Test
  void onlyWarningsRunScriptsAndNothingOfDebugIsPublished() {
    new SentinelEvents(world, (channel, message) -> published.add(channel + " " + message), scripts)
        .plain(Level.DEBUG, "+script-child", null, "1");
    assertThat(published).isEmpty();
    assertThat(children.started).isEmpty();
  }
}
