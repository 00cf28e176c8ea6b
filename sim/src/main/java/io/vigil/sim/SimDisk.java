package io.vigil.sim;

import io.vigil.core.base.Rng;
import io.vigil.core.env.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A disk that forgets. What was written and not synced may be gone after a crash, or cut anywhere;
 * a name that was created, renamed or deleted and whose directory was not synced may be as it was
 * before.
 *
 * <p>Faults: un-synced bytes lost or torn at a crash, death in the middle of a write, un-synced
 * renames undone, "no space left" while {@link #full} is set.
 */
final class SimDisk implements Disk {
  private TreeMap<String, Content> names = new TreeMap<>();
  private TreeMap<String, Content> durableNames = new TreeMap<>();
  private boolean full;
  private long tornBytes;
  private long refusedWrites;
  private int writesToDeath;
  private Runnable death = () -> {};

  /** The bytes of one file: what a reader sees, and how much of it is certain to survive. */
  private static final class Content {
    byte[] bytes = new byte[0];
    int length;
    byte[] durable = new byte[0];
  }

  /** While set, every write fails for want of space. */
  void full(boolean value) {
    full = value;
  }

  /**
   * The process dies in the middle of the write after {@code writes} more; {@code killer} ends it.
   */
  void dieInWrite(int writes, Runnable killer) {
    writesToDeath = writes;
    death = killer;
  }

  /** Writes that found no space so far. */
  long refusedWrites() {
    return refusedWrites;
  }

  /** Un-synced bytes that crashes have lost so far. */
  long tornBytes() {
    return tornBytes;
  }

  /** The machine loses power: what was not synced is decided by chance. */
  void crash(Rng rng) {
    TreeMap<String, Content> survivors = rng.nextInt(2) == 0 ? durableNames : names;
    TreeMap<String, Content> after = new TreeMap<>();
    survivors.forEach((name, content) -> after.put(name, torn(content, rng)));
    names = after;
    durableNames = new TreeMap<>(after);
    full = false;
    writesToDeath = 0;
  }

  private Content torn(Content content, Rng rng) {
    Content survivor = new Content();
    int synced = content.durable.length;
    boolean extended =
        content.length > synced
            && Arrays.equals(content.bytes, 0, synced, content.durable, 0, synced);
    if (extended) {
      int kept = synced + rng.nextInt(content.length - synced + 1);
      tornBytes += content.length - kept;
      survivor.bytes = Arrays.copyOf(content.bytes, kept);
    } else {
      tornBytes += Math.abs(content.length - synced);
      survivor.bytes = content.durable;
    }
    survivor.length = survivor.bytes.length;
    survivor.durable = survivor.bytes.clone();
    return survivor;
  }

  private static String normal(String path) {
    String name = path.startsWith("./") ? path.substring(2) : path;
    return name.startsWith("/") ? name.substring(1) : name;
  }

  @Override
  public DiskFile create(String path) {
    Content content = new Content();
    names.put(normal(path), content);
    return new Handle(content, 0);
  }

  @Override
  public DiskFile append(String path) {
    Content content = names.computeIfAbsent(normal(path), any -> new Content());
    return new Handle(content, content.length);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new Handle(existing(path), 0);
  }

  private Content existing(String path) throws IOException {
    Content content = names.get(normal(path));
    if (content == null) {
      throw new NoSuchFileException(path);
    }
    return content;
  }

  @Override
  public boolean exists(String path) {
    return names.containsKey(normal(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Content content = existing(from);
    names.remove(normal(from));
    names.put(normal(to), content);
  }

  @Override
  public void delete(String path) {
    names.remove(normal(path));
  }

  @Override
  public List<String> list(String directory) {
    String folder = normal(directory);
    String prefix = folder.equals(".") || folder.isEmpty() ? "" : folder + "/";
    List<String> found = new ArrayList<>();
    for (String name : names.keySet()) {
      if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
        found.add(name.substring(prefix.length()));
      }
    }
    return found;
  }

  @Override
  public void syncDirectory(String directory) {
    durableNames = new TreeMap<>(names);
  }

  /** The whole of a file as a reader sees it now; null when there is none. */
  byte[] contentOf(String path) {
    Content content = names.get(normal(path));
    return content == null ? null : Arrays.copyOf(content.bytes, content.length);
  }

  /** Puts a file there, durable, before a node starts. */
  void install(String path, byte[] bytes) {
    Content content = new Content();
    content.bytes = bytes.clone();
    content.length = bytes.length;
    content.durable = bytes.clone();
    names.put(normal(path), content);
    durableNames.put(normal(path), content);
  }

  /** An open file. */
  private final class Handle implements DiskFile {
    private final Content content;
    private int position;

    Handle(Content content, int position) {
      this.content = content;
      this.position = position;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position >= content.length) {
        return -1;
      }
      int count = Math.min(length, content.length - position);
      System.arraycopy(content.bytes, position, target, offset, count);
      position += count;
      return count;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      if (full) {
        refusedWrites++;
        throw new IOException("No space left on device");
      }
      boolean dies = writesToDeath > 0 && --writesToDeath == 0;
      int written = dies ? length / 2 : length;
      put(source, offset, written);
      if (dies) {
        death.run();
        throw new IOException("the process died while it wrote");
      }
    }

    private void put(byte[] source, int offset, int length) {
      int end = position + length;
      if (end > content.bytes.length) {
        content.bytes = Arrays.copyOf(content.bytes, Math.max(end, content.bytes.length * 2));
      }
      System.arraycopy(source, offset, content.bytes, position, length);
      position = end;
      content.length = Math.max(content.length, end);
    }

    @Override
    public void sync() {
      content.durable = Arrays.copyOf(content.bytes, content.length);
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public void truncate(long size) {
      content.length = (int) Math.min(size, content.length);
      position = Math.min(position, content.length);
    }

    @Override
    public void close() {}
  }
}
