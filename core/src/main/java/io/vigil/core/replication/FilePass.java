package io.vigil.core.replication;

import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.env.Env;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbReader;
import io.vigil.core.persist.store.LoadState;
import java.io.IOException;
import java.util.Arrays;

/**
 * One reading of an RDB file from its first byte to its last: jobs read pieces, the core parses
 * them, some bytes per turn of the loop, while a job reads the piece that follows.
 */
final class FilePass {
  private static final int PIECE_BYTES = 256 * 1024;

  private final Env env;
  private final String lane;
  private final String path;
  private final RdbReader reader;
  private final LoadState state;
  private final Events events;
  private DiskFile file;

  /** The piece that is being parsed, and how many bytes of it have been. */
  private byte[] piece = {};

  private int parsed;

  /** The piece after it, once it has been read; null before. */
  private byte[] upcoming;

  private boolean over;

  /** What is heard of a pass; nothing after it has ended or was stopped. */
  interface Events {
    /** So many bytes have been parsed. */
    void progress(long bytes);

    /** The end; {@code failure} is null when the whole file was read and is well formed. */
    void ended(Exception failure);
  }

  /**
   * @param state says how much to parse at a time, and is told how long that took
   */
  FilePass(Env env, String lane, String path, RdbReader reader, LoadState state, Events events) {
    this.env = env;
    this.lane = lane;
    this.path = path;
    this.reader = reader;
    this.state = state;
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

  private byte[] readPiece() throws IOException {
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
    upcoming = bytes;
    if (parsed == piece.length) {
      takeUpcoming();
    }
  }

  private void takeUpcoming() {
    piece = upcoming;
    parsed = 0;
    upcoming = null;
    if (piece.length > 0) {
      env.offload().submit(lane, this::readPiece, this::pieceRead);
    }
    parseSome();
  }

  private void parseSome() {
    if (over) {
      return;
    }
    try {
      if (piece.length == 0) {
        reader.end();
        end(null);
        return;
      }
      int length = Math.min(piece.length - parsed, state.stepBytes());
      long startNanos = env.clock().monotonicNanos();
      reader.feed(piece, parsed, length);
      state.stepped(startNanos, env.clock());
      parsed += length;
    } catch (RdbException broken) {
      end(broken);
      return;
    }
    events.progress(reader.offset());
    if (parsed < piece.length) {
      env.timers().schedule(0, this::parseSome);
    } else if (upcoming != null) {
      env.timers().schedule(0, this::nextPiece);
    }
  }

  private void nextPiece() {
    if (!over) {
      takeUpcoming();
    }
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
