package io.vigil.core.keyspace;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The items of a big collection on their way into a snapshot: a stream of bytes that is cut into
 * pieces anywhere.
 *
 * <pre>
 *   item   [tag 1 byte | length 7 bytes, little-endian][bytes]
 * </pre>
 *
 * <p>Long strings are copied piece by piece, from a duplicate over shared chunks, so that no step
 * copies more than a piece; items that come after one wait.
 */
final class ItemStream {
  /** A step ends when so much is staged. */
  static final int STAGE_BYTES = 16 * 1024;

  private byte[] stage = new byte[2 * STAGE_BYTES];
  private int staged;
  private final ArrayDeque<Part> waiting = new ArrayDeque<>();
  private long position;

  /** Bytes, or a long string of which this holds a duplicate. */
  private record Part(byte[] bytes, Records records, long root) {}

  /** Adds an item, which is copied. */
  void item(Item item, int tag) {
    long length = item.length();
    if (item.root() == 0) {
      append(head(tag, length), 0, 8);
      append(item.array(), item.offset(), (int) length);
    } else {
      append(head(tag, length), 0, 8);
      Records records = item.records();
      waiting.add(new Part(null, records, records.big.duplicate(item.root())));
    }
  }

  /** Adds an item of 8 bytes, little-endian. */
  void number(long value) {
    append(head(0, 8), 0, 8);
    append(littleEndian(value), 0, 8);
  }

  private static byte[] head(int tag, long length) {
    return littleEndian((long) tag << 56 | length);
  }

  private static byte[] littleEndian(long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  private void append(byte[] source, int offset, int length) {
    if (!waiting.isEmpty()) {
      waiting.add(new Part(Arrays.copyOfRange(source, offset, offset + length), null, 0));
      return;
    }
    stageBytes(source, offset, length);
  }

  private void stageBytes(byte[] source, int offset, int length) {
    if (stage.length - staged < length) {
      stage = Arrays.copyOf(stage, Math.max(staged + length, 2 * stage.length));
    }
    System.arraycopy(source, offset, stage, staged, length);
    staged += length;
  }

  /** Moves waiting parts to the stage as far as it has room; true when none waits any more. */
  boolean drain() {
    while (!waiting.isEmpty() && staged < STAGE_BYTES) {
      Part part = waiting.peek();
      if (part.bytes != null) {
        stageBytes(part.bytes, 0, part.bytes.length);
        waiting.remove();
        continue;
      }
      long left = part.records.big.length(part.root) - position;
      int piece = (int) Math.min(left, STAGE_BYTES);
      if (stage.length - staged < piece) {
        stage = Arrays.copyOf(stage, staged + piece);
      }
      part.records.big.read(part.root, position, stage, staged, piece);
      staged += piece;
      position += piece;
      if (piece == left) {
        part.records.big.free(part.root);
        waiting.remove();
        position = 0;
      }
    }
    return waiting.isEmpty();
  }

  byte[] stage() {
    return stage;
  }

  int staged() {
    return staged;
  }

  /** The stage has been copied. */
  void clearStage() {
    staged = 0;
  }

  /** Drops what has not been taken. */
  void abandon() {
    for (Part part : waiting) {
      if (part.bytes == null) {
        part.records.big.free(part.root);
      }
    }
    waiting.clear();
    staged = 0;
    position = 0;
  }
}
