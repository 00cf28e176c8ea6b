package io.vigil.core.node;

import io.vigil.core.env.Disk;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files in memory, which fail only where a test says so. */
public final class MemoryDisk implements Disk {
  private final Map<String, Content> files = new TreeMap<>();
  private IOException writeFailure;

  private static final class Content {
    byte[] bytes = {};
  }

  /** The bytes of a file, or null. */
  public byte[] bytes(String path) {
    Content content = files.get(path);
    return content == null ? null : content.bytes.clone();
  }

  /** Puts a file in place. */
  public void put(String path, byte[] bytes) {
    Content content = new Content();
    content.bytes = bytes.clone();
    files.put(path, content);
  }

  /** From now on every write and creation fails with {@code reason}; null ends that. */
  public void failWrites(IOException reason) {
    writeFailure = reason;
  }

  private void mayWrite() throws IOException {
    if (writeFailure != null) {
      throw writeFailure;
    }
  }

  private final class Handle implements DiskFile {
    private final Content content;
    private int position;

    Handle(Content content) {
      this.content = content;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int left = content.bytes.length - position;
      if (left == 0) {
        return -1;
      }
      int count = Math.min(left, length);
      System.arraycopy(content.bytes, position, target, offset, count);
      position += count;
      return count;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      mayWrite();
      int end = content.bytes.length;
      content.bytes = Arrays.copyOf(content.bytes, end + length);
      System.arraycopy(source, offset, content.bytes, end, length);
    }

    @Override
    public void sync() {}

    @Override
    public long size() {
      return content.bytes.length;
    }

    @Override
    public void truncate(long size) {
      content.bytes = Arrays.copyOf(content.bytes, (int) size);
    }

    @Override
    public void close() {}
  }

  @Override
  public DiskFile create(String path) throws IOException {
    mayWrite();
    put(path, new byte[0]);
    return new Handle(files.get(path));
  }

  @Override
  public DiskFile append(String path) {
    return new Handle(files.computeIfAbsent(path, absent -> new Content()));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    Content content = files.get(path);
    if (content == null) {
      throw new IOException("no such file: " + path);
    }
    return new Handle(content);
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path);
  }

  @Override
  public void rename(String from, String to) {
    files.put(to, files.remove(from));
  }

  @Override
  public void delete(String path) {
    files.remove(path);
  }

  @Override
  public List<String> list(String directory) {
    return List.copyOf(files.keySet());
  }

  @Override
  public void syncDirectory(String directory) {}
}
