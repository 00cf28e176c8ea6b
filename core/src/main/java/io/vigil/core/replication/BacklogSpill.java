package io.vigil.core.replication;

import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.env.Env;
import io.vigil.core.propagation.ReplicationStream;
import io.vigil.core.propagation.ReplicationStream.Run;
import java.io.IOException;

/**
 * Moves the oldest part of a grown backlog to disk while a replica synchronises, so that a snapshot
 * may take as long as it takes.
 *
 * <pre>
 *   [ file ][ file ][ file ][ memory, at most vigil-backlog-memory ] <- appended
 *     ^ read whole when a replica comes to it    the oldest 4 MB become a file when there is too much
 * </pre>
 *
 * <p>Files are named {@code vigil-backlog-<port>-<number>.tmp} in the working directory, and
 * removed once no replica needs them; what an earlier process left behind is removed at the start.
 * A file is written by one job at a time: when the disk is slower than the writers, memory fills
 * up, and {@link #fullness} says so.
 */
final class BacklogSpill {
  private static final int FILE_BYTES = 4 << 20;
  private static final String PREFIX = "vigil-backlog-";
  private static final String SUFFIX = ".tmp";
  private static final String LANE = "backlog";

  private final Env env;
  private final ReplicationStream stream;
  private final ReplicationSettings settings;
  private long number;
  private boolean writing;
  private boolean failed;

  BacklogSpill(Env env, ReplicationStream stream, ReplicationSettings settings) {
    this.env = env;
    this.stream = stream;
    this.settings = settings;
    stream.onFileDropped(this::remove);
  }

  private String prefix() {
    return PREFIX + settings.listeningPort + "-";
  }

  /** Removes what an earlier process left behind. */
  void start() {
    env.offload()
        .submit(
            LANE,
            () -> {
              for (String name : env.disk().list(".")) {
                if (name.startsWith(prefix()) && name.endsWith(SUFFIX)) {
                  env.disk().delete(name);
                }
              }
              return null;
            },
            (result, failure) -> {
              if (failure != null) {
                env.log().warning("Cannot look for old backlog files: " + failure.getMessage());
              }
            });
  }

  /** Bytes of the backlog that may stay in memory. */
  private long memoryBound() {
    return Math.max(settings.backlogMemoryBytes, stream.backlogBytes());
  }

  /**
   * What lies in memory beyond the bound, as part of what may for a while; above 1 the disk fails
   * or is too slow.
   */
  double fullness() {
    double beyond = stream.memoryBytes() - memoryBound() - FILE_BYTES;
    return Math.max(0, beyond / (memoryBound() + 4 * FILE_BYTES));
  }

  /** Has the oldest part written out when there is too much in memory. */
  void check() {
    if (stream.memoryBytes() <= memoryBound()) {
      failed = false;
      return;
    }
    Run run = writing || failed ? null : stream.oldestRun(FILE_BYTES);
    if (run == null) {
      return;
    }
    String path = prefix() + ++number + SUFFIX;
    writing = true;
    env.offload()
        .submit(
            LANE,
            () -> {
              try (DiskFile file = env.disk().create(path)) {
                for (byte[] piece : run.pieces()) {
                  file.write(piece, 0, piece.length);
                }
              }
              return null;
            },
            (result, failure) -> written(run, path, failure));
  }

  private void written(Run run, String path, Exception failure) {
    writing = false;
    if (failure != null) {
      failed = true;
      env.log().warning("The backlog cannot be written to " + path + ": " + failure.getMessage());
      remove(path);
    } else if (!stream.spilled(run, path)) {
      remove(path);
    }
    check();
  }

  private void remove(String path) {
    env.offload()
        .submit(
            LANE,
            () -> {
              env.disk().delete(path);
              return null;
            },
            (result, failure) -> {
              if (failure != null) {
                env.log().warning("Cannot remove " + path + ": " + failure.getMessage());
              }
            });
  }

  /** What a reading of a file gives. */
  interface Content {
    /** {@code failure} is null when {@code bytes} are all of the file. */
    void read(byte[] bytes, Exception failure);
  }

  /** Reads a file whole. */
  void read(String path, Content content) {
    env.offload()
        .submit(
            LANE,
            () -> {
              try (DiskFile file = env.disk().open(path)) {
                return whole(file);
              }
            },
            content::read);
  }

  private static byte[] whole(DiskFile file) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.size())];
    int length = 0;
    while (length < bytes.length) {
      int got = file.read(bytes, length, bytes.length - length);
      if (got <= 0) {
        throw new IOException("the file ends after " + length + " bytes");
      }
      length += got;
    }
    return bytes;
  }
}
