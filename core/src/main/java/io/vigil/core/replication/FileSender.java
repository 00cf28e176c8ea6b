package io.vigil.core.replication;

import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.env.Env;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Sends the file of a snapshot to one replica: a job reads a piece, the connection sends it, and
 * once it has gone the next one is read. So a slow replica holds one piece, and its disk reads run
 * outside the core.
 */
final class FileSender {
  private static final int PIECE_BYTES = 512 * 1024;

  private final Env env;
  private final Replica replica;
  private final String path;
  private final Outcome outcome;
  private final String lane;
  private DiskFile file;
  private long left;
  private boolean abandoned;

  /** How it ended; called once, in the core, unless it was abandoned. */
  @FunctionalInterface
  interface Outcome {
    /** {@code failure} is null when everything has been sent. */
    void sent(IOException failure);
  }

  FileSender(Env env, Replica replica, String path, Outcome outcome) {
    this.env = env;
    this.replica = replica;
    this.path = path;
    this.outcome = outcome;
    this.lane = "replica-" + replica.session().id();
  }

  void start() {
    env.offload()
        .submit(
            lane,
            () -> {
              file = env.disk().open(path);
              return file.size();
            },
            (size, failure) -> {
              if (failure != null) {
                fail(failure);
              } else if (!abandoned) {
                left = size;
                send(("$" + size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
              }
            });
  }

  private void send(byte[] bytes) {
    replica.onDrained = this::readNext;
    replica.session().connection().output().writeShared(bytes, 0, bytes.length);
    replica.session().flush();
  }

  private void readNext() {
    if (abandoned) {
      return;
    }
    if (left == 0) {
      close();
      outcome.sent(null);
      return;
    }
    int wanted = (int) Math.min(left, PIECE_BYTES);
    env.offload()
        .submit(
            lane,
            () -> readPiece(wanted),
            (piece, failure) -> {
              if (failure != null) {
                fail(failure);
              } else if (!abandoned) {
                left -= piece.length;
                send(piece);
              }
            });
  }

  private byte[] readPiece(int wanted) throws IOException {
    byte[] piece = new byte[wanted];
    int got = file.read(piece, 0, wanted);
    if (got <= 0) {
      throw new IOException("premature EOF");
    }
    return got == wanted ? piece : Arrays.copyOf(piece, got);
  }

  private void fail(Exception failure) {
    if (!abandoned) {
      close();
      outcome.sent(failure instanceof IOException io ? io : new IOException(failure));
    }
  }

  /** Stops; nothing is reported. */
  void abandon() {
    if (!abandoned) {
      close();
    }
  }

  private void close() {
    abandoned = true;
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
