package io.vigil.core.replication;

import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbReader;
import io.vigil.core.persist.store.DataSet;
import java.util.Arrays;

/** Loads a payload as it arrives. */
final class ParsedPayload extends PayloadReceiver {
  private final boolean sameHistory;
  private final byte[] markSeen = new byte[Ids.LENGTH];
  private int markLength;
  private DataSet.Loading loading;
  private PayloadVisitor visitor;
  private RdbReader reader;

  ParsedPayload(
      ReplicaSide side,
      PrimaryLink link,
      long length,
      String endMark,
      String id,
      boolean sameHistory) {
    super(side, link, length, endMark, id);
    this.sameHistory = sameHistory;
  }

  @Override
  void start() {
    side.persistence.cancel();
    side.log().notice("MASTER <-> REPLICA sync: Loading DB in memory");
    side.loadState.begin(side.env.clock().wallMs() / 1000, totalBytes(), sameHistory);
    loading = side.dataSet.loadBeside();
    visitor = new PayloadVisitor(loading, side.log(), side.env.clock().wallMs());
    reader =
        new RdbReader(
            visitor,
            side.persistence.settings().databases,
            side.persistence.settings().checksums && !side.persistence.settings().skipsChecksums);
    if (length == 0) {
      failed(
          "Failed trying to load the MASTER synchronization DB from socket",
          new RdbException(RdbException.Kind.TRUNCATED, 0, "an empty payload"));
    }
  }

  @Override
  int take(byte[] buffer, int offset, int count) {
    int wanted = length < 0 ? count : (int) Math.min(count, length - receivedBytes);
    int used = wanted;
    try {
      if (!reader.isDone()) {
        long startNanos = side.env.clock().monotonicNanos();
        reader.feed(buffer, offset, wanted);
        side.loadState.stepped(startNanos, side.env.clock());
        used = wanted - reader.surplusBytes();
      } else {
        used = 0;
      }
      receivedBytes += used;
      side.loadState.progress(receivedBytes);
      if (reader.isDone()) {
        used += atEnd(buffer, offset + used, wanted - used);
      } else if (length >= 0 && receivedBytes == length) {
        reader.end();
      }
    } catch (RdbException e) {
      if (e.kind() == RdbException.Kind.NO_ROOM && !side.dataSet.isEmpty()) {
        side.noRoomForBoth();
      }
      failed("Failed trying to load the MASTER synchronization DB from socket", e);
    }
    return used;
  }

  /**
   * After the last byte of the RDB: compares the mark, then swaps. Answers how many bytes were the
   * mark's.
   */
  private int atEnd(byte[] buffer, int offset, int count) throws RdbException {
    int part = 0;
    if (endMark != null) {
      part = Math.min(count, Ids.LENGTH - markLength);
      System.arraycopy(buffer, offset, markSeen, markLength, part);
      markLength += part;
      if (markLength < Ids.LENGTH) {
        return part;
      }
      if (!Arrays.equals(markSeen, endMark)) {
        throw new RdbException(
            RdbException.Kind.CORRUPT, reader.offset(), "Replication stream EOF marker is broken");
      }
    } else if (receivedBytes != length) {
      throw new RdbException(
          RdbException.Kind.CORRUPT,
          receivedBytes,
          "the RDB ends after " + receivedBytes + " of " + length + " bytes");
    }
    if (side.refuses(id, visitor.keysLoaded())) {
      link.payloadRefused();
      return part;
    }
    link.payloadReceived();
    side.tail().whenKept(this::swap);
    return part;
  }

  private void swap() {
    if (loading == null) {
      return;
    }
    side.log().notice("MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
    side.commit(loading);
    loading = null;
    side.log().notice("MASTER <-> REPLICA sync: Discarding old DB in background");
    visitor.report(side.persistence.state());
    side.loadState.end();
    link.payloadLoaded(visitor.streamDatabase());
  }

  @Override
  void abandon() {
    if (loading != null) {
      loading.discard();
      loading = null;
      side.loadState.end();
      side.log().notice("MASTER <-> REPLICA sync: Discarding temporary DB in background");
    }
  }
}
