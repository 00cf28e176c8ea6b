package io.vigil.core.replication;

import io.vigil.core.persist.rdb.RdbException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Takes the payload of a full synchronisation from the link. Two ways: {@link FilePayload} writes
 * it to disk first and loads it from there; {@link ParsedPayload} loads it as it arrives. Either
 * puts the new data together beside the old.
 *
 * <p>The end is known by length, or by a mark of 40 bytes that the primary announced and sends
 * last.
 */
abstract class PayloadReceiver {
  final ReplicaSide side;
  final PrimaryLink link;

  /** Bytes announced; -1 when the end is marked. */
  final long length;

  /** The mark at the end, or null. */
  final byte[] endMark;

  /** The history that the data belong to. */
  final String id;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  long receivedBytes;

  PayloadReceiver(ReplicaSide side, PrimaryLink link, long length, String endMark, String id) {
    this.id = id;
    this.side = side;
    this.link = link;
    this.length = length;
    this.endMark = endMark == null ? null : endMark.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Chooses the way by the configuration. {@code id} is the history that the payload belongs to.
   */
  static PayloadReceiver create(
      ReplicaSide side, PrimaryLink link, long length, String endMark, String id) {
    boolean toParser =
        switch (side.settings.disklessLoad) {
          case DISABLED -> false;
          case WHEN_EMPTY -> side.dataSet.isEmpty();
          case SWAPDB -> !side.needsDisk();
        };
    String where = toParser ? "to parser" : "to disk";
    if (endMark != null) {
      side.log()
          .notice("MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF " + where);
    } else {
      side.log()
          .notice("MASTER <-> REPLICA sync: receiving " + length + " bytes from master " + where);
    }
    if (!toParser) {
      return new FilePayload(side, link, length, endMark, id);
    }
    boolean sameHistory =
        side.settings.disklessLoad == ReplicationSettings.DisklessLoad.SWAPDB
            && id.equals(side.stream.id());
    return new ParsedPayload(side, link, length, endMark, id, sameHistory);
  }

  abstract void start();

  /** Takes bytes; answers how many of them belong to the payload. */
  abstract int take(byte[] buffer, int offset, int count);

  /** Bytes that came after the payload: they are applied once it is loaded. */
  final void keep(byte[] buffer, int offset, int count) {
    kept.write(buffer, offset, count);
  }

  final byte[] takeKept() {
    byte[] bytes = kept.toByteArray();
    kept.reset();
    return bytes;
  }

  /** The link is gone: forgets everything, the file included. */
  abstract void abandon();

  final long receivedBytes() {
    return receivedBytes;
  }

  final long totalBytes() {
    return Math.max(0, length);
  }

  final void failed(String what, Exception failure) {
    side.log().warning(what + ": " + failure.getMessage());
    link.payloadFailed(
        failure instanceof RdbException || failure instanceof IOException
            ? failure
            : new IOException(failure));
  }
}
