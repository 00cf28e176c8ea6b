package io.vigil.core.persist.store;

import io.vigil.core.env.Disk;
import java.io.IOException;

/**
 * A snapshot to a file: written beside the old one and renamed over it once it is whole and on the
 * device, so that whatever happens there is one whole file. Used in jobs only.
 */
public final class FileTarget implements SnapshotTarget {
  /** What is written between two syncs, so that the last one does not take long. */
  private static final long SYNC_EVERY_BYTES = 32L * 1024 * 1024;

  private final Disk disk;
  private final String temporaryPath;
  private final String path;
  private Disk.DiskFile file;
  private long unsyncedBytes;

  /**
   * {@code path} is replaced once all has been written to {@code temporaryPath}, which lies in the
   * same directory.
   */
  public FileTarget(Disk disk, String temporaryPath, String path) {
    this.disk = disk;
    this.temporaryPath = temporaryPath;
    this.path = path;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (file == null) {
      file = disk.create(temporaryPath);
    }
    file.write(source, offset, length);
    unsyncedBytes += length;
    if (unsyncedBytes >= SYNC_EVERY_BYTES) {
      file.sync();
      unsyncedBytes = 0;
    }
  }

  @Override
  public void finish() throws IOException {
    file.sync();
    file.close();
    file = null;
    disk.rename(temporaryPath, path);
    disk.syncDirectory(directoryOf(path));
  }

  @Override
  public void abandon() {
    try {
      if (file != null) {
        file.close();
      }
      disk.delete(temporaryPath);
    } catch (IOException e) {
      // What cannot be removed is overwritten or ignored later; the reason of the failure itself is
      // reported by the run.
      file = null;
    }
  }

  static String directoryOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
  }
}
