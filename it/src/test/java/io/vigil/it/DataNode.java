package io.vigil.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server of a replication test, ours or stock Redis, in a process and a folder of its own. */
final class DataNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final int port;
  private final Path folder;
  private final ProcessBuilder program;
  private final Path log;
  private Process process;

  private DataNode(int port, Path folder, Path log, ProcessBuilder program) throws IOException {
    this.port = port;
    this.folder = folder;
    this.log = log;
    this.program = program;
    this.process = program.start();
  }

  /** Starts it once more, as it was started first, and waits until it answers. */
  DataNode startAgain() throws IOException {
    process.onExit().join();
    process = program.start();
    return awaitAnswer();
  }

  /** Starts a server of ours and waits until it answers. */
  static DataNode ours(Path parent, String... options) throws IOException {
    return oursWith(List.of(), parent, options);
  }

  /** As {@link #ours}, with variables of the environment as {@code NAME=value}. */
  static DataNode oursWith(List<String> environment, Path parent, String... options)
      throws IOException {
    return start(environment, program(), parent, options).awaitAnswer();
  }

  private static String program() {
    String instead = System.getenv("VIGIL_TEST_SERVER");
    return instead != null ? instead : ServerProcess.script("vigil-server").toString();
  }

  /** Starts a server of ours that is not expected to come up. */
  static DataNode oursThatFails(Path folder, String... options) throws IOException {
    return start(List.of(), program(), folder, options);
  }

  /** Starts a stock redis-server and waits until it answers. */
  static DataNode stock(Path parent, String... options) throws IOException {
    return start(List.of(), "redis-server", parent, options).awaitAnswer();
  }

  private static DataNode start(
      List<String> environment, String program, Path parent, String... options) throws IOException {
    int port = Ports.block(1);
    Path folder = Files.createDirectories(parent.resolve("node-" + port));
    Path log = folder.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program, "--port", Integer.toString(port), "--dir", folder.toString()));
    command.addAll(List.of("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return new DataNode(port, folder, log, builder);
  }

  private DataNode awaitAnswer() {
    Await.until(
        () -> "the server on port " + port + " answers; it said:\n" + output(),
        PATIENCE,
        () -> call("PING").contains("PONG"));
    return this;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  Process process() {
    return process;
  }

  Path folder() {
    return folder;
  }

  String output() {
    try {
      return Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
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

  String info(String field) throws IOException {
    return Resp.field(call("INFO"), field);
  }

  String digest() throws IOException {
    return call("DEBUG", "DIGEST");
  }

  /** Makes this node a replica of {@code primary} and waits until the link is up. */
  void follow(DataNode primary) throws IOException {
    call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port));
    awaitLink();
  }

  void awaitLink() {
    Await.until(
        () -> "the link of the replica on port " + port + " is up; it said:\n" + output(),
        PATIENCE,
        () -> info("master_link_status").equals("up"));
  }

  void awaitOutput(String text) {
    Await.until(
        () -> "'" + text + "' in the output of port " + port + ":\n" + output(),
        PATIENCE,
        () -> output().contains(text));
  }

  /**
   * Waits until this replica has applied all that {@code primary} has sent, and compares the data.
   */
  void awaitEqualTo(DataNode primary) {
    Await.until(
        () -> "port " + port + " has the data of port " + primary.port + "; it said:\n" + output(),
        PATIENCE,
        () ->
            info("master_repl_offset").equals(primary.info("master_repl_offset"))
                && digest().equals(primary.digest()));
  }

  /** Ends the process at once. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}
