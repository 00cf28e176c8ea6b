package io.vigil.core.persist.store;

import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbFormat;
import io.vigil.core.persist.rdb.RdbWriter;
import java.io.IOException;
import java.util.Arrays;

/**
 * Records copied out of the data set, in a buffer that belongs to whoever holds the image: filled
 * in the core, read in a job, never by both at a time.
 *
 * <pre>
 *   record := database(4) keyLength(4) valueLength(4) frequency(4) deadline(8) idle(8) key value
 * </pre>
 */
public final class SnapshotImage {
  private static final int HEADER_BYTES = 32;

  private byte[] bytes = new byte[64 * 1024];
  private int size;
  private int records;

  /** Bytes of the records so far. */
  public int size() {
    return size;
  }

  /** Number of records so far. */
  public int records() {
    return records;
  }

  public void clear() {
    size = 0;
    records = 0;
  }

  /**
   * Adds a string record and answers where its key must be written, the value following it.
   *
   * @param deadlineMs {@link RdbEntry#NONE} for no deadline; so too {@code idleSeconds} and {@code
   *     frequency}
   */
  public int addText(
      int database,
      int keyLength,
      int valueLength,
      long deadlineMs,
      long idleSeconds,
      int frequency) {
    long needed = (long) size + HEADER_BYTES + keyLength + valueLength;
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes,
              Math.toIntExact(Math.max(needed, Math.min(2L * bytes.length, needed + (1 << 20)))));
    }
    putInt(size, database);
    putInt(size + 4, keyLength);
    putInt(size + 8, valueLength);
    putInt(size + 12, frequency);
    putLong(size + 16, deadlineMs);
    putLong(size + 24, idleSeconds);
    int at = size + HEADER_BYTES;
    size = (int) needed;
    records++;
    return at;
  }

  /** The array into which key and value are copied; asked anew after each record. */
  public byte[] array() {
    return bytes;
  }

  private void putInt(int at, int value) {
    INTS.set(bytes, at, value);
  }

  private void putLong(int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /**
   * Encodes all records, with a SELECTDB before the first one of each database. Called in a job.
   */
  void encode(RdbWriter writer, DatabaseSizes sizes) throws IOException {
    int at = 0;
    while (at < size) {
      int database = (int) INTS.get(bytes, at);
      int keyLength = (int) INTS.get(bytes, at + 4);
      int valueLength = (int) INTS.get(bytes, at + 8);
      int frequency = (int) INTS.get(bytes, at + 12);
      long deadlineMs = (long) LONGS.get(bytes, at + 16);
      long idleSeconds = (long) LONGS.get(bytes, at + 24);
      at += HEADER_BYTES;
      sizes.select(database, writer);
      writer.entry().metadata(deadlineMs, idleSeconds, frequency);
      writer.entry().octet(RdbFormat.TYPE_STRING);
      writer.entry().string(bytes, at, keyLength);
      writer.entry().string(bytes, at + keyLength, valueLength);
      writer.entryDone();
      at += keyLength + valueLength;
    }
  }

  private static final java.lang.invoke.VarHandle INTS =
      java.lang.invoke.MethodHandles.byteArrayViewVarHandle(
          int[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final java.lang.invoke.VarHandle LONGS =
      java.lang.invoke.MethodHandles.byteArrayViewVarHandle(
          long[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
}
