package io.vigil.it;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A `vigil up` in a process of its own, and what it prints. */
final class RunningUp implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ROW =
      Pattern.compile("(primary|replica|sentinel) +127\\.0\\.0\\.1:(\\d+) +(\\d+) +(/.*)");

  private final Process process;
  private final Path output;

  /** A row of the table of who is who. */
  record Row(String role, int port, long pid, Path folder) {}

  private RunningUp(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one; its output goes into a file of the given name in a folder. */
  static RunningUp start(Path directory, String outputName, String... options) throws IOException {
    // Tests run in the background have SIGINT or SIGHUP ignored, which a child would inherit.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
    command.addAll(program());
    command.addAll(List.of(options));
    Path output = directory.resolve(outputName);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(Redirect.to(output.toFile()));
    return new RunningUp(builder.start(), output);
  }

  /** The script of this clone; for foreign programs the class behind it, told what to start. */
  private static List<String> program() {
    if (!Programs.areForeign()) {
      return List.of(Programs.root().resolve("vigil").toString(), "up");
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "io.vigil.cli.up.UpMain",
        "--server-command",
        Programs.server(),
        "--sentinel-command",
        Programs.sentinel());
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits for a line that contains the pattern. */
  void awaitLine(String regex) {
    Pattern pattern = Pattern.compile(regex);
    Await.until(
        () -> "a line like '" + regex + "' in\n" + outputOrProblem(),
        PATIENCE,
        () -> pattern.matcher(output()).find());
  }

  /** Waits until the whole table has been printed. */
  List<Row> awaitTable(int members) {
    Await.until(
        () -> members + " rows of the table in\n" + outputOrProblem(),
        PATIENCE,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("it ended with " + process.exitValue());
          }
          return rows().size() == members;
        });
    try {
      return rows();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    Matcher row = ROW.matcher(output());
    while (row.find()) {
      rows.add(
          new Row(
              row.group(1),
              Integer.parseInt(row.group(2)),
              Long.parseLong(row.group(3)),
              Path.of(row.group(4))));
    }
    return rows;
  }

  private String outputOrProblem() {
    try {
      return output();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Waits for its end and returns the exit code. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end; it said\n" + outputOrProblem());
    }
    return process.exitValue();
  }

  /** Sends a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Ends it and, should that fail, everything it started. */
  @Override
  public void close() throws IOException {
    List<Row> rows = rows();
    process.destroy();
    try {
      process.onExit().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
    for (Row row : rows) {
      ProcessHandle.of(row.pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
