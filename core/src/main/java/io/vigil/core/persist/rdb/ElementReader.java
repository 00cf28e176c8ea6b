package io.vigil.core.persist.rdb;

import io.vigil.core.base.Numbers;

/** The values of an RDB: strings and packed collections whole, others element by element. */
final class ElementReader {
  /** Stand for the length of the text of a score that is not a finite number. */
  private static final int NAN = 253;

  private static final int INFINITY = 254;
  private static final int MINUS_INFINITY = 255;

  private final RdbInput input;
  private int type;
  private long left;
  private boolean second;

  ElementReader(RdbInput input) {
    this.input = input;
  }

  /** True when the type is one we have. */
  static boolean knows(int type) {
    return switch (type) {
      case RdbFormat.TYPE_STRING,
          RdbFormat.TYPE_LIST,
          RdbFormat.TYPE_SET,
          RdbFormat.TYPE_ZSET,
          RdbFormat.TYPE_HASH,
          RdbFormat.TYPE_ZSET_2,
          RdbFormat.TYPE_HASH_ZIPMAP,
          RdbFormat.TYPE_LIST_ZIPLIST,
          RdbFormat.TYPE_SET_INTSET,
          RdbFormat.TYPE_ZSET_ZIPLIST,
          RdbFormat.TYPE_HASH_ZIPLIST,
          RdbFormat.TYPE_LIST_QUICKLIST,
          RdbFormat.TYPE_HASH_LISTPACK,
          RdbFormat.TYPE_ZSET_LISTPACK,
          RdbFormat.TYPE_LIST_QUICKLIST_2,
          RdbFormat.TYPE_SET_LISTPACK ->
          true;
      default -> false;
    };
  }

  /** Reads a value, or its beginning, of a type that this {@link #knows}; null when starved. */
  RdbValue begin(int newType) throws RdbException {
    type = newType;
    second = false;
    left = 0;
    switch (type) {
      case RdbFormat.TYPE_LIST,
          RdbFormat.TYPE_SET,
          RdbFormat.TYPE_ZSET,
          RdbFormat.TYPE_HASH,
          RdbFormat.TYPE_ZSET_2,
          RdbFormat.TYPE_LIST_QUICKLIST,
          RdbFormat.TYPE_LIST_QUICKLIST_2 -> {
        long count = input.length();
        left = count;
        return input.starved() ? null : new RdbValue.Elements(type, count);
      }
      default -> {
        input.string();
        if (input.starved()) {
          return null;
        }
        byte[] array = input.stringArray;
        return type == RdbFormat.TYPE_STRING
            ? new RdbValue.Text(array, input.stringOffset, input.stringLength)
            : new RdbValue.Packed(type, array, input.stringOffset, input.stringLength);
      }
    }
  }

  /** True when no further element is due. */
  boolean isDone() {
    return left == 0;
  }

  /** Reads one element, field, value, score or node, unless starved. */
  void next(ValueVisitor visitor) throws RdbException {
    switch (type) {
      case RdbFormat.TYPE_LIST_QUICKLIST -> node(RdbFormat.TYPE_LIST_ZIPLIST, visitor);
      case RdbFormat.TYPE_LIST_QUICKLIST_2 -> {
        long at = input.offset();
        long container = input.length();
        if (!input.starved()
            && container != RdbFormat.NODE_PLAIN
            && container != RdbFormat.NODE_PACKED) {
          throw RdbInput.corrupt(at, "Quicklist integrity check failed.");
        }
        node((int) container, visitor);
      }
      case RdbFormat.TYPE_ZSET, RdbFormat.TYPE_ZSET_2 -> {
        if (second) {
          score(visitor);
        } else {
          element(visitor, false);
        }
      }
      case RdbFormat.TYPE_HASH -> element(visitor, second);
      default -> element(visitor, true);
    }
  }

  private void node(int nodeType, ValueVisitor visitor) throws RdbException {
    input.string();
    if (!input.starved()) {
      visitor.node(nodeType, input.stringArray, input.stringOffset, input.stringLength);
      left--;
    }
  }

  private void element(ValueVisitor visitor, boolean last) throws RdbException {
    input.string();
    if (!input.starved()) {
      visitor.element(input.stringArray, input.stringOffset, input.stringLength);
      told(last);
    }
  }

  private void told(boolean last) {
    if (last) {
      left--;
    }
    second = !last;
  }

  private void score(ValueVisitor visitor) throws RdbException {
    long at = input.offset();
    double score =
        type == RdbFormat.TYPE_ZSET_2
            ? Double.longBitsToDouble(input.littleEndian(8))
            : textScore(at);
    if (input.starved()) {
      return;
    }
    if (Double.isNaN(score)) {
      throw RdbInput.corrupt(at, "Zset with NAN score detected");
    }
    visitor.score(score);
    told(true);
  }

  private double textScore(long at) throws RdbException {
    int length = input.octet();
    switch (length) {
      case NAN -> {
        return Double.NaN;
      }
      case INFINITY -> {
        return Double.POSITIVE_INFINITY;
      }
      case MINUS_INFINITY -> {
        return Double.NEGATIVE_INFINITY;
      }
      default -> {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
          text[i] = (byte) input.octet();
        }
        double score = input.starved() ? 0 : Numbers.parseDouble(text, 0, length);
        if (Double.isNaN(score)) {
          throw RdbInput.corrupt(at, "a score that is no number");
        }
        return score;
      }
    }
  }
}
