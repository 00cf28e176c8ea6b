package io.vigil.core.replication;

import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbReader;
import io.vigil.core.persist.store.DataSet;
import java.io.IOException;
import java.util.Arrays;

/**
 * Writes a payload to a temporary file, puts it in the place of the data file once it is whole, and
 * loads it from there.
 *
 * <p>The link is read only as fast as the disk writes. With a marked end the last 40 bytes are held
 * back until it is known whether they are the mark.
 */
final class FilePayload extends PayloadReceiver {
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
  private DataSet.Loading loading;
  private PayloadVisitor visitor;
  private RdbReader reader;

  FilePayload(ReplicaSide side, PrimaryLink link, long length, String endMark) {
    super(side, link, length, endMark);
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
                failed(
                    "Write error or short write writing to the DB dump file needed for MASTER <->"
                        + " REPLICA synchronization",
                    failure);
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
    String dataFile = side.persistence.settings().dataFileName;
    side.env
        .offload()
        .submit(
            lane,
            () -> {
              file.sync();
              file.close();
              file = null;
              side.env.disk().rename(path, dataFile);
              side.env.disk().syncDirectory(".");
              file = side.env.disk().open(dataFile);
              return file.size();
            },
            (size, failure) -> {
              if (over) {
                return;
              }
              if (failure != null) {
                failed(
                    "Failed trying to rename the temp DB into "
                        + dataFile
                        + " in MASTER <-> REPLICA synchronization",
                    failure);
              } else {
                load(size);
              }
            });
  }

  private void load(long size) {
    side.log().notice("MASTER <-> REPLICA sync: Loading DB in memory");
    side.loadState.begin(side.env.clock().wallMs() / 1000, size, false);
    loading = side.dataSet.loadBeside();
    visitor = new PayloadVisitor(loading, side.log(), side.env.clock().wallMs());
    reader =
        new RdbReader(
            visitor,
            side.persistence.settings().databases,
            side.persistence.settings().checksums && !side.persistence.settings().skipsChecksums);
    readNext();
  }

  private void readNext() {
    side.env
        .offload()
        .submit(
            lane,
            () -> {
              byte[] bytes = new byte[PIECE_BYTES];
              int got = file.read(bytes, 0, bytes.length);
              return got <= 0
                  ? new byte[0]
                  : got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
            },
            (bytes, failure) -> {
              if (over) {
                return;
              }
              if (failure != null) {
                failed("Failed trying to load the MASTER synchronization DB from disk", failure);
              } else {
                loadPiece(bytes);
              }
            });
  }

  private void loadPiece(byte[] bytes) {
    try {
      if (bytes.length == 0) {
        reader.end();
        finish();
        return;
      }
      reader.feed(bytes, 0, bytes.length);
      side.loadState.progress(reader.offset());
      readNext();
    } catch (RdbException e) {
      side.log().warning(e.getMessage());
      failed("Failed trying to load the MASTER synchronization DB from disk", e);
    }
  }

  private void finish() {
    loading.commit();
    loading = null;
    visitor.report(side.persistence.state());
    side.loadState.end();
    over = true;
    closeFile(side.settings.deletesSyncFiles ? side.persistence.settings().dataFileName : null);
    link.payloadLoaded(visitor.streamDatabase());
  }

  @Override
  void abandon() {
    if (over) {
      return;
    }
    over = true;
    if (loading != null) {
      loading.discard();
      loading = null;
      side.loadState.end();
    }
    closeFile(complete ? null : path);
  }

  private void closeFile(String pathToDelete) {
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
            (result, failure) -> {});
  }
}
