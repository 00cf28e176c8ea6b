package io.vigil.cli.up;

import io.vigil.cli.Quoting;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The folder of a group, locked while this process uses it.
 *
 * <pre>
 *   lock               held by the running `up`; its pid inside, empty after an orderly stop
 *   group.properties   ports, numbers and password, as first asked for
 *   node-PORT/         vigil.conf (rewritten by the node itself when its role changes), dump.rdb, server.log
 *   sentinel-PORT/     sentinel.conf (rewritten by the Sentinel as it learns), sentinel.log
 * </pre>
 *
 * The members own their configuration once it is written: who is primary is read back from it and
 * never kept a second time. Where nodes and Sentinels disagree (the group was stopped in the middle
 * of a failover) the Sentinels are right, the one with the newest configuration epoch first.
 */
final class GroupFolder implements Closeable {
  private static final String MASTER_NAME = "mymaster";
  private static final int DOWN_AFTER_MS = 1000;
  private static final int FAILOVER_TIMEOUT_MS = 10_000;

  private final Path directory;
  private final FileChannel lockFile;
  private final boolean wasKilled;
  private final GroupLayout layout;
  private final String password;
  private final boolean isNew;

  private GroupFolder(UpOptions options, FileChannel lockFile) throws IOException {
    this.directory = options.directory();
    this.lockFile = lockFile;
    this.wasKilled = lockFile.size() > 0;
    Path file = directory.resolve("group.properties");
    this.isNew = !Files.exists(file);
    if (isNew) {
      int replicas = options.replicas() < 0 ? 2 : options.replicas();
      int sentinels = options.sentinels() < 0 ? 3 : options.sentinels();
      int port = options.port() < 0 ? UpOptions.DEFAULT_PORT : options.port();
      this.layout = new GroupLayout(directory, port, replicas, sentinels);
      this.password = options.password();
    } else {
      Properties stored = new Properties();
      try (var in = Files.newBufferedReader(file)) {
        stored.load(in);
      }
      checkSame(options, stored);
      this.layout =
          new GroupLayout(
              directory,
              number(stored, "port"),
              number(stored, "replicas"),
              number(stored, "sentinels"));
      this.password = stored.getProperty("password");
    }
  }

  /**
   * Takes the folder, which is made if it is not there.
   *
   * @throws UpException if another `up` runs on it, or if it holds a group that is not the one
   *     asked for
   */
  static GroupFolder open(UpOptions options) throws IOException {
    Files.createDirectories(options.directory());
    Path path = options.directory().resolve("lock");
    FileChannel lockFile =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = lockFile.tryLock();
    if (lock == null) {
      String pid = Files.readString(path).trim();
      lockFile.close();
      throw new UpException(
          "Another `vigil up` (pid "
              + pid
              + ") runs on "
              + options.directory()
              + ". Stop it, or choose another folder with --dir.");
    }
    try {
      return new GroupFolder(options, lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private void checkSame(UpOptions options, Properties stored) {
    check("port", options.port(), stored);
    check("replicas", options.replicas(), stored);
    check("sentinels", options.sentinels(), stored);
    if (options.password() != null && !options.password().equals(stored.getProperty("password"))) {
      throw new UpException(
          "The group in "
              + directory
              + " has another password. Leave out --password: the group keeps its own.");
    }
  }

  private void check(String name, int asked, Properties stored) {
    if (asked >= 0 && asked != number(stored, name)) {
      throw new UpException(
          "The group in %s was made with --%s %s, not %d. Leave out --%s, or choose another folder with --dir."
              .formatted(directory, name, stored.getProperty(name), asked, name));
    }
  }

  private int number(Properties stored, String name) {
    try {
      return Integer.parseInt(stored.getProperty(name, ""));
    } catch (NumberFormatException e) {
      throw new UpException(
          "%s: '%s' is not a number but '%s'. Mend it, or remove the folder if its data may go."
              .formatted(directory.resolve("group.properties"), name, stored.getProperty(name)));
    }
  }

  GroupLayout layout() {
    return layout;
  }

  /** The password of every member, or null. */
  String password() {
    return password;
  }

  /** True if the last `up` here was killed, so that its processes may still be about to end. */
  boolean wasKilled() {
    return wasKilled;
  }

  /** Marks the folder as in use and writes what is not there yet. */
  void prepare() throws IOException {
    lockFile.truncate(0);
    lockFile.write(
        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
        0);
    int primary = primaryPort();
    Map<Integer, String> sentinelIds = sentinelIds();
    for (Member member : layout.all()) {
      Files.createDirectories(member.directory());
      if (!Files.exists(member.configuration())) {
        write(
            member.configuration(),
            member.isNode()
                ? nodeConfiguration(member)
                : sentinelConfiguration(member, primary, sentinelIds));
      }
    }
    for (Member node : layout.nodes()) {
      int follows = replicaOf(node);
      if (node.port() == primary ? follows != 0 : follows == 0) {
        setReplicaOf(node, node.port() == primary ? 0 : primary);
      }
    }
    if (isNew) {
      storeGroup();
    }
  }

  private void storeGroup() throws IOException {
    StringBuilder text = new StringBuilder("# written by `vigil up` when it made this group\n");
    text.append("port=").append(layout.nodes().getFirst().port()).append('\n');
    text.append("replicas=").append(layout.nodes().size() - 1).append('\n');
    text.append("sentinels=").append(layout.sentinels().size()).append('\n');
    if (password != null) {
      text.append("password=").append(password.replace("\\", "\\\\")).append('\n');
    }
    write(directory.resolve("group.properties"), text.toString());
  }

  /** The port of the node that is, or was when the group stopped, the primary. */
  int primaryPort() throws IOException {
    long newest = -1;
    int port = 0;
    for (Member sentinel : layout.sentinels()) {
      Monitored monitored = monitored(sentinel);
      if (monitored != null && monitored.epoch > newest) {
        newest = monitored.epoch;
        port = monitored.port;
      }
    }
    if (port != 0) {
      return port;
    }
    for (Member node : layout.nodes()) {
      if (Files.exists(node.configuration()) && replicaOf(node) == 0) {
        return node.port();
      }
    }
    return layout.nodes().getFirst().port();
  }

  /** The id of each Sentinel by its port: the one in its file, a new one where there is no file. */
  private Map<Integer, String> sentinelIds() throws IOException {
    SecureRandom random = new SecureRandom();
    Map<Integer, String> ids = new TreeMap<>();
    for (Member sentinel : layout.sentinels()) {
      if (!Files.exists(sentinel.configuration())) {
        byte[] bytes = new byte[20];
        random.nextBytes(bytes);
        ids.put(sentinel.port(), HexFormat.of().formatHex(bytes));
        continue;
      }
      for (String line : Files.readAllLines(sentinel.configuration())) {
        String[] words = line.trim().split("\\s+");
        if (words.length == 3 && words[0].equals("sentinel") && words[1].equals("myid")) {
          ids.put(sentinel.port(), words[2]);
        }
      }
    }
    return ids;
  }

  private record Monitored(int port, long epoch) {}

  private static Monitored monitored(Member sentinel) throws IOException {
    if (!Files.exists(sentinel.configuration())) {
      return null;
    }
    int port = 0;
    long epoch = 0;
    for (String line : Files.readAllLines(sentinel.configuration())) {
      String[] words = line.trim().split("\\s+");
      if (words.length >= 5 && words[0].equals("sentinel") && words[1].equals("monitor")) {
        port = Integer.parseInt(words[4]);
      } else if (words.length == 4
          && words[0].equals("sentinel")
          && words[1].equals("config-epoch")) {
        epoch = Long.parseLong(words[3]);
      }
    }
    return port == 0 ? null : new Monitored(port, epoch);
  }

  /** The port of the primary that a node's configuration names, 0 if it is a primary itself. */
  int replicaOf(Member node) throws IOException {
    for (String line : Files.readAllLines(node.configuration())) {
      String[] words = line.trim().split("\\s+");
      if (isReplicaOf(words) && words.length == 3 && !words[1].equalsIgnoreCase("no")) {
        return Integer.parseInt(words[2]);
      }
    }
    return 0;
  }

  /** Writes the role into the configuration of a node that does not run. */
  void setReplicaOf(Member node, int primaryPort) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(node.configuration())) {
      if (!isReplicaOf(line.trim().split("\\s+"))) {
        lines.add(line);
      }
    }
    if (primaryPort != 0) {
      lines.add("replicaof " + Member.HOST + " " + primaryPort);
    }
    write(node.configuration(), String.join("\n", lines) + "\n");
  }

  private static boolean isReplicaOf(String[] words) {
    String name = words[0].toLowerCase(Locale.ROOT);
    return name.equals("replicaof") || name.equals("slaveof");
  }

  private String nodeConfiguration(Member node) {
    StringBuilder text = new StringBuilder();
    text.append("bind ").append(Member.HOST).append('\n');
    text.append("port ").append(node.port()).append('\n');
    text.append("dir ").append(quoted(node.directory().toString())).append('\n');
    text.append("repl-diskless-sync-delay 0\n");
    if (password != null) {
      text.append("requirepass ").append(quoted(password)).append('\n');
      text.append("masterauth ").append(quoted(password)).append('\n');
    }
    return text.toString();
  }

  /**
   * A Sentinel learns the replicas from the primary's INFO and the other Sentinels from what they
   * say through the data nodes: one that has not yet learnt of them cannot replace a primary that
   * dies in the first seconds. So it is told here what this folder knows.
   */
  private String sentinelConfiguration(
      Member sentinel, int primary, Map<Integer, String> sentinelIds) {
    StringBuilder text = new StringBuilder();
    text.append("bind ").append(Member.HOST).append('\n');
    text.append("port ").append(sentinel.port()).append('\n');
    text.append("dir ").append(quoted(sentinel.directory().toString())).append('\n');
    if (password != null) {
      text.append("requirepass ").append(quoted(password)).append('\n');
      text.append("sentinel sentinel-pass ").append(quoted(password)).append('\n');
    }
    text.append(
        "sentinel monitor %s %s %d %d\n"
            .formatted(MASTER_NAME, Member.HOST, primary, layout.quorum()));
    if (password != null) {
      text.append("sentinel auth-pass %s ".formatted(MASTER_NAME))
          .append(quoted(password))
          .append('\n');
    }
    text.append("sentinel down-after-milliseconds %s %d\n".formatted(MASTER_NAME, DOWN_AFTER_MS));
    text.append("sentinel failover-timeout %s %d\n".formatted(MASTER_NAME, FAILOVER_TIMEOUT_MS));
    text.append("sentinel parallel-syncs %s 1\n".formatted(MASTER_NAME));
    text.append("sentinel myid ").append(sentinelIds.get(sentinel.port())).append('\n');
    for (Member node : layout.nodes()) {
      if (node.port() != primary) {
        text.append(
            "sentinel known-replica %s %s %d\n".formatted(MASTER_NAME, Member.HOST, node.port()));
      }
    }
    sentinelIds.forEach(
        (port, id) -> {
          if (port != sentinel.port()) {
            text.append(
                "sentinel known-sentinel %s %s %d %s\n"
                    .formatted(MASTER_NAME, Member.HOST, port, id));
          }
        });
    return text.toString();
  }

  private static String quoted(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Quoting.quote(out, text.getBytes(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  /** Writes a file that may hold a password: for its owner only, whole or not at all. */
  private static void write(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(beside, text);
    Files.move(
        beside,
        file,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** Gives the folder back, marked as stopped in order. */
  @Override
  public void close() throws IOException {
    lockFile.truncate(0);
    lockFile.close();
  }
}
