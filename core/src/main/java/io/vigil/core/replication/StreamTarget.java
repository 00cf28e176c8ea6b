package io.vigil.core.replication;

import io.vigil.core.persist.store.SnapshotTarget;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot streamed to several replicas at once: what a job has encoded is queued, by reference,
 * to all of them, and the next piece is made once none of them has more than a little left to send.
 * The slowest sets the pace, as in Redis.
 */
final class StreamTarget implements SnapshotTarget {
  private static final int LEFT_BYTES = 1024 * 1024;

  private final List<Replica> replicas;
  private final byte[] endMark;

  /** Used in jobs only. */
  private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();

  private Runnable resume;

  /** {@code endMark}: 40 bytes by which the replicas know the end. */
  StreamTarget(List<Replica> replicas, String endMark) {
    this.replicas = new ArrayList<>(replicas);
    this.endMark = endMark.getBytes(StandardCharsets.ISO_8859_1);
    byte[] header = ("$EOF:" + endMark + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    encoded.write(header, 0, header.length);
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    encoded.write(source, offset, length);
  }

  @Override
  public void finish() {
    write(endMark, 0, endMark.length);
  }

  @Override
  public void abandon() {
    // Nothing lasts of it: the replicas are closed by whoever gave up.
  }

  List<Replica> replicas() {
    return replicas;
  }

  @Override
  public byte[] endJob() {
    byte[] piece = encoded.toByteArray();
    encoded.reset();
    return piece;
  }

  @Override
  public boolean jobEnded(byte[] piece, Runnable whenReady) {
    for (Replica replica : replicas) {
      replica.session().connection().output().writeShared(piece, 0, piece.length);
      replica.session().flush();
    }
    resume = whenReady;
    return !waitForSlowest();
  }

  /** True when a replica has too much left; its drained output calls {@link #resume}. */
  private boolean waitForSlowest() {
    for (Replica replica : replicas) {
      if (replica.session().connection().output().pendingBytes() > LEFT_BYTES) {
        replica.onDrained = this::drained;
        return true;
      }
    }
    return false;
  }

  private void drained() {
    if (!waitForSlowest()) {
      resume.run();
    }
  }

  /** A replica is gone; answers whether any is left. */
  boolean remove(Replica replica) {
    if (replicas.remove(replica) && replica.onDrained != null && resume != null) {
      replica.onDrained = null;
      drained();
    }
    return !replicas.isEmpty();
  }
}
