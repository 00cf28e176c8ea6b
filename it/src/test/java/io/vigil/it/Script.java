package io.vigil.it;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs shell lines as a user would type them, with the programs under test first in PATH. */
final class Script {
  private static final int LIMIT_SECONDS = 60;

  private Script() {}

  /** What a script printed, errors included, and how it ended. */
  record Result(int code, String output) {}

  /**
   * Runs lines in a folder; {@code $name} stands for the value of a variable. A script that does
   * not end within a minute, or that leaves a process holding its output, fails the test: a daemon
   * has let go of both.
   */
  static Result run(Path folder, Map<String, String> variables, String lines) throws IOException {
    Path output = Files.createTempFile(folder, "script", ".out");
    ProcessBuilder builder = new ProcessBuilder("sh", "-u", "-c", lines);
    builder.directory(folder.toFile());
    builder.environment().putAll(variables);
    builder
        .environment()
        .put("PATH", Programs.folder() + File.pathSeparator + System.getenv("PATH"));
    builder.redirectErrorStream(true).redirectOutput(Redirect.to(output.toFile()));
    Process process = builder.start();
    try {
      process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError(
          "the script does not end:\n" + lines + "\n" + Files.readString(output), e);
    }
    return new Result(process.exitValue(), Files.readString(output));
  }
}
