package io.vigil.it;

import io.vigil.cli.client.Reply;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A primary, two replicas and three Sentinels in processes of their own, for tests that kill some
 * of them.
 */
final class TestGroup implements AutoCloseable {
  static final String NAME = "mymaster";
  static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int NODES = 3;

  private final Path directory;
  private final int firstPort;
  private final Map<Integer, Process> processes = new TreeMap<>();

  private TestGroup(Path directory, int firstPort) {
    this.directory = directory;
    this.firstPort = firstPort;
  }

  /**
   * Starts a group in a folder and waits until every Sentinel knows every member and the replicas
   * are in step.
   */
  static TestGroup start(Path directory) throws IOException {
    TestGroup group = new TestGroup(directory, Ports.block(NODES));
    try {
      for (int port : group.nodePorts()) {
        group.startNode(port, port == group.firstPort ? 0 : group.firstPort);
      }
      for (int port : group.nodePorts()) {
        Await.until(
            "node " + port + " answers", PATIENCE, () -> "PONG".equals(Resp.text(port, "PING")));
      }
      for (int port : group.sentinelPorts()) {
        group.startSentinel(port);
      }
      Await.until(group::describe, PATIENCE, group::isFormed);
      return group;
    } catch (IOException | RuntimeException | Error e) {
      group.close();
      throw e;
    }
  }

  List<Integer> nodePorts() {
    return List.of(firstPort, firstPort + 1, firstPort + 2);
  }

  List<Integer> sentinelPorts() {
    return nodePorts().stream().map(port -> port + Ports.SENTINEL_DISTANCE).toList();
  }

  /** The port of the primary in the eyes of the first Sentinel. */
  int primaryPort() throws IOException {
    Reply reply = Resp.ask(sentinelPorts().getFirst(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
    return Integer.parseInt(reply.elements().get(1).text());
  }

  /** Kills the primary with SIGKILL and returns its port. */
  int killPrimary() throws IOException {
    int port = primaryPort();
    processes.get(port).destroyForcibly();
    return port;
  }

  private void startNode(int port, int primaryPort) throws IOException {
    String text = "bind 127.0.0.1\nport " + port + "\nsave \"\"\nrepl-diskless-sync-delay 0\n";
    if (primaryPort != 0) {
      text += "replicaof 127.0.0.1 " + primaryPort + "\n";
    }
    start(port, Programs.server(), text);
  }

  private void startSentinel(int port) throws IOException {
    start(
        port,
        Programs.sentinel(),
        """
        bind 127.0.0.1
        port %d
        sentinel monitor %s 127.0.0.1 %d 2
        sentinel down-after-milliseconds %s 1000
        sentinel failover-timeout %s 10000
        """
            .formatted(port, NAME, firstPort, NAME, NAME));
  }

  private void start(int port, String program, String configuration) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(Integer.toString(port)));
    Path file = folder.resolve("conf");
    Files.writeString(file, configuration + "dir " + folder + "\n");
    ProcessBuilder builder = new ProcessBuilder(program, file.toString());
    builder.redirectErrorStream(true).redirectOutput(Redirect.to(folder.resolve("log").toFile()));
    processes.put(port, builder.start());
  }

  private boolean isFormed() throws IOException {
    for (int port : sentinelPorts()) {
      List<Reply> fields = Resp.ask(port, "SENTINEL", "MASTER", NAME).elements();
      if (!"2".equals(value(fields, "num-slaves"))
          || !"2".equals(value(fields, "num-other-sentinels"))) {
        return false;
      }
    }
    for (int port : nodePorts()) {
      if (port != firstPort && !Resp.info(port, "master_link_status").equals("up")) {
        return false;
      }
    }
    return true;
  }

  static String value(List<Reply> fields, String name) {
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (name.equals(fields.get(i).text())) {
        return fields.get(i + 1).text();
      }
    }
    return "";
  }

  private String describe() {
    StringBuilder text = new StringBuilder("the group has formed; the ends of the logs:");
    for (int port : processes.keySet()) {
      Path log = directory.resolve(Integer.toString(port)).resolve("log");
      try {
        List<String> lines = Files.readAllLines(log);
        text.append("\n").append(log).append('\n');
        text.append(String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size())));
      } catch (IOException e) {
        text.append("\n").append(e);
      }
    }
    return text.toString();
  }

  /** Kills what still runs. */
  @Override
  public void close() {
    List<Process> all = new ArrayList<>(processes.values());
    all.forEach(Process::destroyForcibly);
    for (Process process : all) {
      process.onExit().join();
    }
  }
}
