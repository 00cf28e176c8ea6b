package io.vigil.core.persist.store;

import io.vigil.core.persist.rdb.RdbEncoder;
import io.vigil.core.persist.rdb.RdbFormat;

/**
 * Takes the items of a big collection (see {@code ItemStream}), cut into pieces anywhere, and
 * writes them as the elements of an RDB. What is longer than {@value #PACKED_BYTES} bytes passes
 * through as it comes, not packed.
 */
final class ItemReader {
  private static final int PACKED_BYTES = 16 * 1024 * 1024;
  private static final int HEAD_BYTES = 8;

  private final RdbEncoder out;
  private final int rdbType;
  private final byte[] head = new byte[HEAD_BYTES];
  private int headBytes;
  private long left;
  private boolean passesThrough;
  private byte[] whole = new byte[256];
  private int collected;
  private boolean score;

  ItemReader(RdbEncoder out, int rdbType) {
    this.out = out;
    this.rdbType = rdbType;
  }

  /** Takes the next piece. */
  void feed(byte[] array, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (headBytes < HEAD_BYTES) {
        head[headBytes++] = array[at++];
        if (headBytes == HEAD_BYTES) {
          begin();
        }
      } else {
        int part = (int) Math.min(left, end - at);
        body(array, at, part);
        at += part;
      }
    }
  }

  private void begin() {
    long number = 0;
    for (int i = HEAD_BYTES - 1; i >= 0; i--) {
      number = number << 8 | head[i] & 0xFF;
    }
    left = number & (1L << 56) - 1;
    if (rdbType == RdbFormat.TYPE_LIST_QUICKLIST_2) {
      out.length(number >>> 56);
    }
    passesThrough = left > PACKED_BYTES || score;
    if (passesThrough && !score) {
      out.length(left);
    }
    collected = 0;
    if (left == 0) {
      end();
    }
  }

  private void body(byte[] array, int at, int length) {
    left -= length;
    if (passesThrough) {
      out.raw(array, at, length);
    } else if (collected == 0 && left == 0) {
      out.string(array, at, length);
      ended();
      return;
    } else {
      if (whole.length - collected < length) {
        whole = java.util.Arrays.copyOf(whole, (int) Math.max(collected + length + left, 64));
      }
      System.arraycopy(array, at, whole, collected, length);
      collected += length;
    }
    if (left == 0) {
      end();
    }
  }

  private void end() {
    if (!passesThrough) {
      out.string(whole, 0, collected);
    }
    ended();
  }

  private void ended() {
    headBytes = 0;
    score = rdbType == RdbFormat.TYPE_ZSET_2 && !score;
  }
}
