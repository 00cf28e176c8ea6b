package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.node.ShutdownSequence.Options;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownSequenceTest {
  private static final Options DEFAULT = new Options(false, false, false, false);

  private final ManualEnv world = new ManualEnv();
  private final List<String> steps = new ArrayList<>();
  private boolean savePoints;
  private boolean loading;
  private boolean inSync = true;
  private boolean saveSucceeds = true;

  private final ShutdownSequence sequence =
      new ShutdownSequence(
          world.env(null),
          new ShutdownSequence.Owner() {
            @Override
            public String product() {
              return "Redis";
            }

            @Override
            public boolean hasSavePoints() {
              return savePoints;
            }

            @Override
            public boolean isLoading() {
              return loading;
            }

            @Override
            public long patienceMs() {
              return 10_000;
            }

            @Override
            public boolean replicasInSync() {
              return inSync;
            }

            @Override
            public void startWaiting() {
              steps.add("wait");
            }

            @Override
            public void stopWaiting() {
              steps.add("stop waiting");
            }

            @Override
            public void reportReplicas() {
              steps.add("report");
            }

            @Override
            public boolean saveFinally() {
              steps.add("save");
              return saveSucceeds;
            }

            @Override
            public String pidFile() {
              return null;
            }

            @Override
            public void stopListening() {
              steps.add("stop listening");
            }
          });

  @Test
  void endsAtOnceWhenNothingIsToBeWaitedForOrSaved() {
    sequence.request(DEFAULT, null);
    assertThat(steps).containsExactly("report", "stop listening");
    assertThat(world.exitStatus()).isZero();
    assertThat(world.logged())
        .containsExactly("User requested shutdown...", "Redis is now ready to exit, bye bye...");
  }

  @Test
  void savesByItsSavePointsUnlessToldOtherwise() {
    savePoints = true;
    sequence.request(new Options(false, true, false, false), null);
    assertThat(steps).doesNotContain("save");
    assertThat(world.exitStatus()).isZero();
  }

  @Test
  void savesWhenTold() {
    sequence.request(new Options(true, false, false, false), null);
    assertThat(steps).containsExactly("report", "save", "stop listening");
  }

  @Test
  void neverSavesHalfLoadedData() {
    savePoints = true;
    loading = true;
    sequence.request(new Options(true, false, false, false), null);
    assertThat(steps).doesNotContain("save");
    assertThat(world.exitStatus()).isZero();
  }

  @Test
  void aFailedSaveKeepsTheNodeAliveAndTellsWhoAsked() {
    savePoints = true;
    saveSucceeds = false;
    List<String> told = new ArrayList<>();
    sequence.request(DEFAULT, () -> told.add("failed"));
    assertThat(world.exitStatus()).isEqualTo(-1);
    assertThat(told).containsExactly("failed");
    assertThat(sequence.isUnderWay()).isFalse();
    assertThat(world.logged())
        .contains(
            "Error trying to save the DB, can't exit.",
            "Errors trying to shut down the server. Check the logs for more information.");
    sequence.request(new Options(false, false, false, true), null);
    assertThat(world.exitStatus()).isZero();
    assertThat(world.logged()).contains("Error trying to save the DB. Exit anyway.");
  }

  @Test
  void waitsUntilReplicasAreInSync() {
    inSync = false;
    sequence.request(DEFAULT, null);
    world.advanceMs(5_000);
    assertThat(steps).containsExactly("wait");
    assertThat(sequence.isUnderWay()).isTrue();
    inSync = true;
    world.advanceMs(100);
    assertThat(world.exitStatus()).isZero();
    assertThat(steps).containsExactly("wait", "report", "stop listening");
  }

  @Test
  void waitsNoLongerThanItsPatience() {
    inSync = false;
    sequence.request(DEFAULT, null);
    world.advanceMs(9_950);
    assertThat(world.exitStatus()).isEqualTo(-1);
    world.advanceMs(100);
    assertThat(world.exitStatus()).isZero();
  }

  @Test
  void nowDoesNotWait() {
    inSync = false;
    sequence.request(new Options(false, false, true, false), null);
    assertThat(world.exitStatus()).isZero();
    assertThat(steps).doesNotContain("wait");
  }

  @Test
  void canBeAbortedWhileWaiting() {
    inSync = false;
    List<String> told = new ArrayList<>();
    sequence.request(DEFAULT, () -> told.add("first"));
    sequence.request(DEFAULT, () -> told.add("second"));
    assertThat(sequence.abort()).isTrue();
    assertThat(told).containsExactly("first", "second");
    assertThat(steps).containsExactly("wait", "stop waiting");
    assertThat(sequence.abort()).isFalse();
    inSync = true;
    world.advanceMs(20_000);
    assertThat(world.exitStatus()).isEqualTo(-1);
  }
}
