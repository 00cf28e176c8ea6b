package io.vigil.core.replication;

import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.env.Env;
import io.vigil.core.persist.rdb.RdbReader;
import java.util.Arrays;

/**
 * One reading of an RDB file from its first byte to its last: jobs read pieces, the core parses
 * them, a piece per turn of the loop.
 */
final class FilePass {
  private static final int PIECE_BYTES = 256 * 1024;

  private final Env env;
  private final String lane;
  private final String path;
  private final RdbReader reader;
  private final Events events;
  private DiskFile file;
  private boolean over;

  /** What is heard of a pass; nothing after it has ended or was stopped. */
  interface Events {
    /** So many bytes have been parsed. */
    void progress(long bytes);

    /** The end; {@code failure} is null when the whole file was read and is well formed. */
    void ended(Exception failure);
  }

  FilePass(Env env, String lane, String path, RdbReader reader, Events events) {
    this.env = env;
    this.lane = lane;
    this.path = path;
    this.reader = reader;
    this.events = events;
  }

  /** Begins to read. */
  void start() {
    env.offload()
        .submit(
            lane,
            () -> {
              file = env.disk().open(path);
              return readPiece();
            },
            this::pieceRead);
  }

  private byte[] readPiece() throws java.io.IOException {
    byte[] bytes = new byte[PIECE_BYTES];
    int got = Math.max(0, file.read(bytes, 0, bytes.length));
    return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
  }

  private void pieceRead(byte[] bytes, Exception failure) {
    if (over) {
      return;
    }
    if (failure != null) {
      end(failure);
      return;
    }
    try {
      if (bytes.length == 0) {
        reader.end();
        end(null);
        return;
      }
      reader.feed(bytes, 0, bytes.length);
    } catch (io.vigil.core.persist.rdb.RdbException broken) {
      end(broken);
      return;
    }
    events.progress(reader.offset());
    env.offload().submit(lane, this::readPiece, this::pieceRead);
  }

  private void end(Exception failure) {
    stop();
    events.ended(failure);
  }

  /** Reads no further; nothing more is heard. */
  void stop() {
    if (over) {
      return;
    }
    over = true;
    env.offload()
        .submit(
            lane,
            () -> {
              if (file != null) {
                file.close();
              }
              return null;
            },
            (result, failure) -> {});
  }
}
