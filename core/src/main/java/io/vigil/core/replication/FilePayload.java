package io.vigil.core.replication;

import io.vigil.core.env.Disk.DiskFile;
import java.io.IOException;
import java.util.Arrays;

/**
 * Writes a payload to a temporary file and, once it is whole, has {@link FileLoad} load it.
 *
 * <p>The link is read only as fast as the disk writes. With a marked end the last 40 bytes are held
 * back until it is known whether they are the mark.
 */
final class FilePayload extends PayloadReceiver implements FileLoad.Outcome {
  private static final int PIECE_BYTES = 256 * 1024;
  private static final long UNWRITTEN_LIMIT = 8L * 1024 * 1024;

  private final String lane;
  private final String path;
  private DiskFile file;

  /** Bytes received and not yet handed to a job. */
  private byte[] piece = new byte[64 * 1024];

  private int pieceLength;
  private long unwrittenBytes;
  private boolean complete;
  private boolean over;
  private FileLoad load;

  FilePayload(ReplicaSide side, PrimaryLink link, long length, String endMark, String id) {
    super(side, link, length, endMark, id);
    long nowMs = side.env.clock().wallMs();
    this.path = "temp-" + nowMs / 1000 + "." + side.env.host().processId() + ".rdb";
    this.lane = "payload";
  }

  @Override
  void start() {
    submit(() -> file = side.env.disk().create(path), 0);
    if (length == 0) {
      payloadComplete();
    }
  }

  private interface Job {
    void run() throws IOException;
  }

  private void submit(Job job, int bytes) {
    unwrittenBytes += bytes;
    if (unwrittenBytes > UNWRITTEN_LIMIT) {
      link.connection().pauseReading();
    }
    side.env
        .offload()
        .submit(
            lane,
            () -> {
              job.run();
              return null;
            },
            (result, failure) -> {
              if (over) {
                return;
              }
              unwrittenBytes -= bytes;
              if (failure != null) {
                writeFailed(failure);
              } else if (unwrittenBytes <= UNWRITTEN_LIMIT / 2 && !complete) {
                link.connection().resumeReading();
              }
            });
  }

  @Override
  int take(byte[] buffer, int offset, int count) {
    int used = length < 0 ? count : (int) Math.min(count, length - receivedBytes);
    if (piece.length - pieceLength < used) {
      piece = Arrays.copyOf(piece, Math.max(2 * piece.length, pieceLength + used));
    }
    System.arraycopy(buffer, offset, piece, pieceLength, used);
    pieceLength += used;
    receivedBytes += used;
    if (endMark != null && endsWithMark()) {
      pieceLength -= Ids.LENGTH;
      payloadComplete();
    } else if (length >= 0 && receivedBytes == length) {
      payloadComplete();
    } else if (pieceLength >= PIECE_BYTES) {
      writePiece(endMark == null ? pieceLength : pieceLength - Ids.LENGTH);
    }
    return used;
  }

  private boolean endsWithMark() {
    int from = pieceLength - Ids.LENGTH;
    return from >= 0 && Arrays.equals(piece, from, pieceLength, endMark, 0, Ids.LENGTH);
  }

  private void writePiece(int bytes) {
    if (bytes == 0) {
      return;
    }
    byte[] full = piece;
    int rest = pieceLength - bytes;
    piece = new byte[PIECE_BYTES + 64 * 1024];
    System.arraycopy(full, bytes, piece, 0, rest);
    pieceLength = rest;
    submit(() -> file.write(full, 0, bytes), bytes);
  }

  /** All is here: makes the file last and loads it. */
  private void payloadComplete() {
    complete = true;
    link.payloadReceived();
    link.connection().pauseReading();
    writePiece(pieceLength);
    piece = new byte[0];
    side.persistence.cancel();
    side.env
        .offload()
        .submit(
            lane,
            () -> {
              file.sync();
              long size = file.size();
              file.close();
              file = null;
              return size;
            },
            (size, failure) -> {
              if (over) {
                return;
              }
              if (failure != null) {
                writeFailed(failure);
              } else {
                load = new FileLoad(side, lane, path, size, id, this);
                load.start();
              }
            });
  }

  private void writeFailed(Exception failure) {
    failed(
        "Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA"
            + " synchronization",
        failure);
  }

  @Override
  public void loaded(PayloadVisitor facts) {
    over = true;
    cleanUp(side.settings.deletesSyncFiles ? side.persistence.settings().dataFileName : null);
    link.payloadLoaded(facts.streamDatabase());
  }

  @Override
  public void failed(Exception failure) {
    failed("Failed trying to load the MASTER synchronization DB from disk", failure);
  }

  @Override
  public void refused() {
    link.payloadRefused();
  }

  @Override
  void abandon() {
    if (over) {
      return;
    }
    over = true;
    if (load != null) {
      load.abandon();
    }
    cleanUp(load != null && load.isRenamed() ? null : path);
  }

  private void cleanUp(String pathToDelete) {
    side.env
        .offload()
        .submit(
            lane,
            () -> {
              if (file != null) {
                file.close();
                file = null;
              }
              if (pathToDelete != null) {
                side.env.disk().delete(pathToDelete);
              }
              return null;
            },
            (result, failure) -> {
              if (failure != null) {
                side.log().warning("Cannot remove " + pathToDelete + ": " + failure.getMessage());
              }
            });
  }
}
