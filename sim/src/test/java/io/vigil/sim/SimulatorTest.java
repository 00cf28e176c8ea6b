package io.vigil.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.PlantedBug;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The group bears every fault plan, and the simulator finds what it is there to find. */
final class SimulatorTest {
  private static final int SEEDS = 200;

  @Test
  void everySeedHoldsAndEveryKindOfEventOccurs() {
    SimMain.Summary summary = SimMain.run(1, SEEDS, false, false);
    System.out.println(summary);
    assertThat(summary.failures()).as(summary.toString()).isEmpty();
    assertThat(summary.totals().missing()).as("kinds of event that never occurred").isEmpty();
  }

  @Test
  void aSeedIsTheSameInTwoVirtualMachines() throws IOException, InterruptedException {
    List<String> full = hashes();
    List<String> simple = hashes("-XX:TieredStopAtLevel=1", "-XX:hashCode=2");
    assertThat(full).hasSize(50);
    assertThat(simple).isEqualTo(full);
  }

  private static List<String> hashes(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (flags.length > 0) {
      command.add("-XX:+UnlockExperimentalVMOptions");
    }
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.vigil.sim.SimMain",
            "--hashes",
            "1..50"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @ParameterizedTest
  @EnumSource(value = PlantedBug.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aPlantedBugIsFoundWithinTheSeeds(PlantedBug bug) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Outcome outcome = new World(seed, false, bug).run();
      if (outcome.violation() != null) {
        System.out.println(
            bug
                + " found by seed "
                + seed
                + ": "
                + outcome.violation().lines().findFirst().orElse(""));
        return;
      }
    }
    assertThat(bug).as("not found within " + SEEDS + " seeds").isEqualTo(PlantedBug.NONE);
  }
}
