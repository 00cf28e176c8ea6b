package io.vigil.transport;

import io.vigil.core.env.Disk;
import io.vigil.core.env.Host;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Files of the operating system. Messages of the exceptions are the system's own reasons. Bytes
 * pass through pooled direct buffers of 64 KiB, because a channel copies a heap array into a hidden
 * direct buffer of the same size and keeps it.
 */
public final class SystemDisk implements Disk {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Host host;
  private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  /** {@code host} has the working directory against which relative paths are resolved. */
  public SystemDisk(Host host) {
    this.host = host;
  }

  private Path path(String path) {
    return SystemHost.resolve(host, path);
  }

  @Override
  public DiskFile create(String path) throws IOException {
    return open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  @Override
  public DiskFile append(String path) throws IOException {
    return open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return open(path, StandardOpenOption.READ);
  }

  private DiskFile open(String path, OpenOption... options) throws IOException {
    try {
      return new ChannelFile(FileChannel.open(path(path), options));
    } catch (IOException e) {
      throw SystemErrors.plain(e);
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(path(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Files.move(
          path(from),
          path(to),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw SystemErrors.plain(e);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    try {
      Files.deleteIfExists(path(path));
    } catch (IOException e) {
      throw SystemErrors.plain(e);
    }
  }

  @Override
  public List<String> list(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory))) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (IOException e) {
      throw SystemErrors.plain(e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    try (FileChannel channel = FileChannel.open(path(directory), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw SystemErrors.plain(e);
    }
  }

  /** A file behind one pooled buffer; nothing stays in the buffer between calls. */
  private final class ChannelFile implements DiskFile {
    private final FileChannel channel;
    private final ByteBuffer buffer;

    ChannelFile(FileChannel channel) {
      this.channel = channel;
      ByteBuffer pooled = buffers.poll();
      buffer = pooled != null ? pooled : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      buffer.clear().limit(Math.min(length, BUFFER_BYTES));
      try {
        int count = channel.read(buffer);
        if (count > 0) {
          buffer.get(0, target, offset, count);
        }
        return count;
      } catch (IOException e) {
        throw SystemErrors.plain(e);
      }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      int done = 0;
      try {
        while (done < length) {
          int part = Math.min(length - done, BUFFER_BYTES);
          buffer.clear().put(source, offset + done, part).flip();
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
          done += part;
        }
      } catch (IOException e) {
        throw SystemErrors.plain(e);
      }
    }

    @Override
    public void sync() throws IOException {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw SystemErrors.plain(e);
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      try {
        channel.truncate(size);
      } catch (IOException e) {
        throw SystemErrors.plain(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        channel.close();
        buffers.add(buffer);
      }
    }
  }
}
