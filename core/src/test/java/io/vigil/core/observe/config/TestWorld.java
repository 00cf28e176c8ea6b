package io.vigil.core.observe.config;

import io.vigil.core.env.Disk;
import io.vigil.core.env.Entropy;
import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A disk in memory, a host with a directory, a log in a list. */
final class TestWorld implements Disk, Host, Log, Entropy {
  final Map<String, String> files = new TreeMap<>();
  final List<String> events = new ArrayList<>();
  String directory = "/work";
  boolean failRename;

  @Override
  public DiskFile create(String path) {
    events.add("create " + path);
    return new MemoryFile(path, "");
  }

  @Override
  public DiskFile append(String path) throws IOException {
    if (path.startsWith("/nonexistent/")) {
      throw new IOException("No such file or directory");
    }
    return new MemoryFile(path, files.getOrDefault(path, ""));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    if (!files.containsKey(path)) {
      throw new IOException("No such file or directory");
    }
    return new MemoryFile(path, files.get(path));
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    events.add("rename " + to);
    if (failRename) {
      throw new IOException("No space left on device");
    }
    files.put(to, files.remove(from));
  }

  @Override
  public void delete(String path) {
    files.remove(path);
  }

  @Override
  public List<String> list(String path) throws IOException {
    String prefix = path.endsWith("/") ? path : path + "/";
    List<String> names =
        files.keySet().stream()
            .filter(name -> name.startsWith(prefix))
            .map(name -> name.substring(prefix.length()).split("/")[0])
            .distinct()
            .toList();
    if (names.isEmpty()) {
      throw new IOException("No such file or directory");
    }
    return names;
  }

  @Override
  public void syncDirectory(String path) {
    events.add("sync " + path);
  }

  private final class MemoryFile implements DiskFile {
    private final String path;
    private final byte[] old;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int position;

    MemoryFile(String path, String text) {
      this.path = path;
      this.old = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int part = Math.min(length, old.length - position);
      System.arraycopy(old, position, target, offset, part);
      position += part;
      return part == 0 ? -1 : part;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      written.write(source, offset, length);
    }

    @Override
    public void sync() {
      events.add("sync " + path);
      files.put(path, written.toString(StandardCharsets.ISO_8859_1));
    }

    @Override
    public long size() {
      return old.length;
    }

    @Override
    public void truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Override
  public void changeDirectory(String path) throws IOException {
    if (path.startsWith("/nonexistent")) {
      throw new IOException("No such file or directory");
    }
    directory = path;
  }

  @Override
  public String workingDirectory() {
    return directory;
  }

  @Override
  public long processId() {
    return 1;
  }

  @Override
  public long dataLimitBytes() {
    return 1;
  }

  @Override
  public long physicalMemoryBytes() {
    return 1;
  }

  @Override
  public long residentBytes() {
    return 1;
  }

  @Override
  public long[] processorMicros() {
    return new long[2];
  }

  @Override
  public String operatingSystem() {
    return "test";
  }

  @Override
  public void exit(int status) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isEnabled(Level level) {
    return true;
  }

  @Override
  public void log(Level level, String message) {
    events.add("log " + message);
  }

  @Override
  public void fill(byte[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (byte) i;
    }
  }
}
