package io.vigil.it;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Sentinel of a test, ours or stock, in a process and a folder of its own. */
final class SentinelProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(40);

  private final int port;
  private final Path folder;
  private final Process process;

  private SentinelProcess(int port, Path folder, Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /** Starts a Sentinel of ours with these lines in its file, and waits until it answers. */
  static SentinelProcess ours(Path parent, String... lines) throws IOException {
    return start(Programs.sentinel(), parent, lines).awaitAnswer();
  }

  /** The same with a stock redis-sentinel. */
  static SentinelProcess stock(Path parent, String... lines) throws IOException {
    return start("redis-sentinel", parent, lines).awaitAnswer();
  }

  /** Starts a Sentinel of ours and waits for nothing. */
  static SentinelProcess oursThatFails(Path parent, String... lines) throws IOException {
    return start(Programs.sentinel(), parent, lines);
  }

  private static SentinelProcess start(String program, Path parent, String... lines)
      throws IOException {
    int port = Ports.block(1) + Ports.SENTINEL_DISTANCE;
    Path folder = Files.createDirectories(parent.resolve("sentinel-" + port));
    List<String> file = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + folder));
    file.addAll(List.of(lines));
    Files.write(folder.resolve("conf"), file);
    Process process =
        new ProcessBuilder(program, folder.resolve("conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(folder.resolve("output.txt").toFile()))
            .start();
    return new SentinelProcess(port, folder, process);
  }

  private SentinelProcess awaitAnswer() {
    Await.until(
        () -> "the Sentinel on port " + port + " answers; it said:\n" + output(),
        PATIENCE,
        () -> call("PING").equals("PONG"));
    return this;
  }

  int port() {
    return port;
  }

  Path folder() {
    return folder;
  }

  Process process() {
    return process;
  }

  Path configuration() {
    return folder.resolve("conf");
  }

  String output() {
    try {
      return Files.readString(folder.resolve("output.txt"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** One command on a connection of its own. */
  String call(String... words) throws IOException {
    try (Client client = new Client(port)) {
      return client.call(words);
    }
  }

  /** What it says of a field of the primary of a group, "" when it has no such field. */
  String ofPrimary(String group, String field) throws IOException {
    return TestGroup.value(Resp.ask(port, "SENTINEL", "MASTER", group).elements(), field);
  }

  /** The port of the group's primary, in its eyes. */
  int primaryPort(String group) throws IOException {
    return Integer.parseInt(
        Resp.ask(port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", group).elements().get(1).text());
  }

  void awaitOutput(String text) {
    Await.until(
        () -> "'" + text + "' in the output of port " + port + ":\n" + output(),
        PATIENCE,
        () -> output().contains(text));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
