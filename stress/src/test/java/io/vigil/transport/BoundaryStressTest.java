package io.vigil.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@link CoreStress} for about half a minute. By hand it runs for as long as one likes: {@code
 * org.openjdk.jcstress.Main -t CoreStress -m tough} on the same class path.
 */
class BoundaryStressTest {
  @TempDir Path results;

  @Test
  void whatTheBoundaryPromisesHolds() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "org.openjdk.jcstress.Main",
                    "-t",
                    "CoreStress",
                    "-m",
                    "quick",
                    "-sc",
                    "false",
                    "-time",
                    "100",
                    "-iters",
                    "3",
                    "-f",
                    "1",
                    "-fsm",
                    "1",
                    "-c",
                    "2",
                    "-r",
                    results.toString()))
            .directory(results.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("Failed tests: No matches.", "Error tests: No matches.")
        .contains("All remaining tests: 6 matching");
  }
}
