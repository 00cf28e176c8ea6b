import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes the AOT caches of a build: starts each program once through its own launcher, with the
 * flags it will really have, lets it do a little of its work and ends it; the JVM then writes which
 * classes it loaded, linked and how it ran them.
 *
 * <p>Usage: {@code java Train.java FOLDER-OF-JARS}, from the root of the clone, after target/built
 * names that folder.
 */
final class Train {
  private static final int PATIENCE_SECONDS = 60;

  private final Path jars;
  private final Path data;
  private final int serverPort = freePort();
  private final List<Process> started = new ArrayList<>();

  private Train(Path jars) throws IOException {
    this.jars = jars.toAbsolutePath();
    this.data = Files.createTempDirectory("vigil-train");
  }

  public static void main(String[] args) throws Exception {
    Train train = new Train(Path.of(args[0]));
    try {
      train.run();
    } catch (IOException e) {
      // Without a cache a program starts slower; that is all.
      System.err.println("vigil: not every AOT cache could be made: " + e.getMessage());
    } finally {
      train.started.forEach(Process::destroyForcibly);
      train.deleteData();
    }
  }

  private void run() throws Exception {
    Process server = start("server", "vigil-server", serverArguments());
    try (Socket client = connect(server, serverPort)) {
      end(start("cli", "vigil-cli", List.of("-p", "" + serverPort, "PING")), "cli");
      exercise(client);
    }
    server.destroy();
    end(server, "server");
    trainSentinel();
  }

  private List<String> serverArguments() {
    return List.of(
        "--bind", "127.0.0.1", "--port", "" + serverPort, "--dir", data.toString(), "--save", "");
  }

  /** What a server does in its first minute: every kind of command once, a save, then the end. */
  private static void exercise(Socket client) throws IOException {
    for (int i = 0; i < 200; i++) {
      send(
          client,
          "SET key:" + i + " value",
          "GET key:" + i,
          "INCR counter",
          "EXPIRE key:" + i + " 100");
    }
    send(
        client,
        "INFO",
        "CONFIG GET *",
        "CLIENT LIST",
        "COMMAND COUNT",
        "SCAN 0",
        "MULTI",
        "PING",
        "EXEC");
    send(client, "HELLO 3", "ROLE", "SAVE", "PING");
    drain(client);
  }

  private void trainSentinel() throws Exception {
    int port = freePort();
    Path configuration = data.resolve("sentinel.conf");
    Files.writeString(
        configuration,
        "port %d\ndir %s\nsentinel monitor mymaster 127.0.0.1 %d 1\n"
            .formatted(port, data, serverPort));
    Process sentinel = start("sentinel", "vigil-sentinel", List.of(configuration.toString()));
    try (Socket client = connect(sentinel, port)) {
      send(client, "INFO", "SENTINEL masters", "PING");
      drain(client);
    }
    sentinel.destroy();
    end(sentinel, "sentinel");
  }

  private Process start(String program, String launcher, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("bin/" + launcher));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(jars.resolve(program + ".log").toFile());
    builder.environment().put("VIGIL_TRAIN", jars.resolve(program + ".aot").toString());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /**
   * Connects as soon as the process listens; a refused connection is tried again until it does or
   * ends.
   */
  private Socket connect(Process process, int port) throws Exception {
    for (int i = 0; i < PATIENCE_SECONDS * 10 && process.isAlive(); i++) {
      try {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_SECONDS * 1000);
        return socket;
      } catch (IOException notYet) {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException("nothing listens on port " + port + "; see the logs in " + jars);
  }

  private static void send(Socket client, String... commands) throws IOException {
    String lines = String.join("\r\n", commands) + "\r\n";
    client.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads until the PING that was sent last is answered. */
  private static void drain(Socket client) throws IOException {
    InputStream replies = new BufferedInputStream(client.getInputStream());
    StringBuilder tail = new StringBuilder();
    while (!tail.toString().equals("+PONG\r\n")) {
      int octet = replies.read();
      if (octet < 0) {
        throw new IOException("the connection ended before the last reply");
      }
      tail.append((char) octet);
      if (tail.length() > "+PONG\r\n".length()) {
        tail.deleteCharAt(0);
      }
    }
  }

  private void end(Process process, String program) throws Exception {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException(program + " did not end; see " + jars.resolve(program + ".log"));
    }
    if (!Files.exists(jars.resolve(program + ".aot"))) {
      throw new IOException(program + " left no cache; see " + jars.resolve(program + ".log"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void deleteData() throws IOException {
    try (Stream<Path> paths = Files.walk(data)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
