package io.vigil.transport;

import io.vigil.core.env.Host;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * This process, as {@code /proc} tells it. The JDK cannot change the working directory of a
 * process, so it is a value kept here, against which every relative path is resolved.
 */
public final class SystemHost implements Host {
  /** Clock ticks per second in {@code /proc/PID/stat}: fixed on Linux, whatever the kernel's HZ. */
  private static final long TICKS_PER_SECOND = 100;

  private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

  private static final long MINIMUM_RESERVE_BYTES = 24L << 20;

  private final IntConsumer exit;
  private volatile String workingDirectory = System.getProperty("user.dir");

  /** {@code exit} ends the process with a status. */
  public SystemHost(IntConsumer exit) {
    this.exit = exit;
  }

  /** {@code path} as seen from the working directory of {@code host}. */
  static Path resolve(Host host, String path) {
    return Path.of(host.workingDirectory()).resolve(path);
  }

  @Override
  public long processId() {
    return ProcessHandle.current().pid();
  }

  /**
   * {@inheritDoc} An eighth of the heap, at least 24 MiB, stays free for buffers of clients and for
   * the collector.
   */
  @Override
  public long dataLimitBytes() {
    long heapBytes = Runtime.getRuntime().maxMemory();
    return heapBytes - Math.max(MINIMUM_RESERVE_BYTES, heapBytes / 8);
  }

  @Override
  public long physicalMemoryBytes() {
    long machine = numberAfter(read("/proc/meminfo"), "MemTotal:") * 1024;
    String limit = read("/sys/fs/cgroup/memory.max");
    if (limit.isEmpty()) {
      limit = read("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    }
    long group = numberAfter(limit, "");
    return group > 0 && group < machine ? group : machine;
  }

  @Override
  public long residentBytes() {
    return numberAfter(read("/proc/self/status"), "VmRSS:") * 1024;
  }

  @Override
  public long[] processorMicros() {
    String stat = read("/proc/self/stat");
    long[] micros = new long[2];
    // The second field is the program's name in parentheses and may hold anything.
    int at = stat.lastIndexOf(')') + 1;
    for (int field = 3; field <= 15 && at > 0; field++) {
      int from = stat.indexOf(' ', at) + 1;
      at = stat.indexOf(' ', from);
      if (field >= 14 && at > 0) {
        long ticks = Long.parseLong(stat.substring(from, at));
        micros[field - 14] = ticks * 1_000_000 / TICKS_PER_SECOND;
      }
    }
    return micros;
  }

  @Override
  public String operatingSystem() {
    String machine = System.getProperty("os.arch");
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + (machine.equals("amd64") ? "x86_64" : machine);
  }

  @Override
  public String workingDirectory() {
    return workingDirectory;
  }

  @Override
  public void changeDirectory(String path) throws IOException {
    Path target = resolve(this, path);
    if (!Files.exists(target)) {
      throw new IOException("No such file or directory");
    }
    if (!Files.isDirectory(target)) {
      throw new IOException("Not a directory");
    }
    if (!Files.isExecutable(target)) {
      throw new IOException("Permission denied");
    }
    workingDirectory = target.toRealPath().toString();
  }

  @Override
  public void stall(long micros) {
    long end = System.nanoTime() + micros * 1000;
    for (long left = micros * 1000; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public int outOfMemoryScore() throws IOException {
    return Integer.parseInt(Files.readString(OOM_SCORE).strip());
  }

  @Override
  public void setOutOfMemoryScore(int score) throws IOException {
    Files.writeString(OOM_SCORE, Integer.toString(score), StandardOpenOption.WRITE);
  }

  @Override
  public void exit(int status) {
    exit.accept(status);
  }

  /** A small file of the kernel's, or nothing where there is no such file. */
  private static String read(String path) {
    try (InputStream in = new FileInputStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /** The number that follows {@code label}; 0 when there is none. */
  private static long numberAfter(String text, String label) {
    int at = text.indexOf(label);
    if (at < 0) {
      return 0;
    }
    at += label.length();
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    long number = 0;
    for (int digits = 0; at < text.length() && digits < 18; at++, digits++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
