package io.vigil.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server of ours in a process of its own, started as a user starts it: by the script in {@code
 * bin}. Its standard output and error go to a file in its folder.
 */
public final class ServerProcess implements AutoCloseable {
  private static final long PATIENCE_MS = 20_000;

  private final Process process;
  private final Path output;

  private ServerProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** The script of that name in {@code bin} of this clone. */
  public static Path script(String name) {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("vigil"))) {
      root = root.getParent();
    }
    return root.resolve("bin").resolve(name);
  }

  /** A port that nobody listens on just now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** Starts {@code bin/vigil-server} in {@code folder}; does not wait for anything. */
  public static ServerProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, new byte[0], List.of(), arguments);
  }

  /**
   * As above, with bytes for the standard input, which stays open afterwards, and variables of the
   * environment as {@code NAME=value}.
   */
  public static ServerProcess start(
      Path folder, byte[] input, List<String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    String instead = System.getenv("VIGIL_TEST_SERVER");
    command.add(instead != null ? instead : script("vigil-server").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    Path output = Files.createTempFile(folder, "output", ".txt");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    if (input.length > 0) {
      process.getOutputStream().write(input);
      process.getOutputStream().flush();
    }
    return new ServerProcess(process, output);
  }

  public Process process() {
    return process;
  }

  public long pid() {
    return process.pid();
  }

  /** Where the standard input of the process is written. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** What the process has written so far. */
  public String output() throws IOException {
    return Files.readString(output, StandardCharsets.ISO_8859_1);
  }

  /** Waits for a line that contains {@code text}. */
  public ServerProcess awaitOutput(String text) throws IOException {
    Await.until(
        () -> "'" + text + "' in the output of the server, or its end",
        Duration.ofMillis(PATIENCE_MS),
        () -> output().contains(text) || !process.isAlive());
    if (!output().contains(text)) {
      throw new AssertionError("no '" + text + "' in the output of the server:\n" + output());
    }
    return this;
  }

  /** Waits until connections are served. */
  public ServerProcess awaitReady() throws IOException {
    return awaitOutput("Ready to accept connections");
  }

  /** Sends a signal by its name, {@code TERM} for one. */
  public void signal(String name) throws IOException {
    signal(pid(), name);
  }

  /** Sends a signal to any process. */
  public static void signal(long pid, String name) throws IOException {
    try {
      int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      if (status != 0) {
        throw new IOException("kill -" + name + " " + pid + " ended with " + status);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Waits for the end; returns the exit status. */
  public int awaitExit() throws IOException {
    try {
      if (!process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the server did not end; it said:\n" + output());
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    awaitExit();
  }
}
