package io.vigil.core.base;

/**
 * The LZF packing of strings in RDB files, after the format of Marc Lehmann's LibLZF. The packed
 * bytes equal those of Redis, which compares DUMP payloads and snapshots only by bytes: same hash
 * of three bytes, same table of 65,536 places that keep the last position of a hash, same order of
 * insertions.
 *
 * <pre>
 *   000LLLLL                     L+1 literal bytes follow
 *   LLLddddd dddddddd            copy L+2 bytes (L 1 to 6) from distance d+1 back
 *   111ddddd LLLLLLLL dddddddd   copy L+9 bytes from distance d+1 back
 * </pre>
 *
 * <p>An instance packs one string after the other; its table is never cleared, since positions of
 * earlier strings are told by being below those of this one. Not safe for use by two threads at
 * once; {@link #expand} is.
 */
public final class Lzf {
  private static final int HASH_MASK = (1 << 16) - 1;
  private static final int LARGEST_DISTANCE = 1 << 13;
  private static final int LONGEST_MATCH = (1 << 8) + (1 << 3);
  private static final int LONGEST_LITERAL = 1 << 5;

  /** Compares that Redis's encoder makes before it looks at the limit again. */
  private static final int UNBOUNDED_COMPARES = 16;

  private final int[] positions = new int[HASH_MASK + 1];

  /** What a position of the current string is stored as, less that position. */
  private int base;

  private byte[] source;
  private int sourceOffset;
  private int sourceEnd;
  private byte[] target;
  private int out;
  private int literals;

  /**
   * Packs {@code source[offset, offset + length)} into {@code target[targetOffset, targetOffset +
   * limit)}.
   *
   * @return how many bytes were written; 0 when they did not fit
   */
  public int compress(byte[] source, int offset, int length, byte[] target, int targetLimit) {
    if (length == 0 || targetLimit <= 0) {
      return 0;
    }
    startNumbering(length);
    this.source = source;
    this.sourceOffset = offset;
    this.sourceEnd = offset + length;
    this.target = target;
    out = 1;
    literals = 0;
    boolean fits = packAll(targetLimit);
    base += length;
    this.source = null;
    this.target = null;
    return fits ? out : 0;
  }

  private void startNumbering(int length) {
    if (base > Integer.MAX_VALUE - 2 * (length + LARGEST_DISTANCE + 1L)) {
      java.util.Arrays.fill(positions, 0);
      base = 0;
    }
    base += LARGEST_DISTANCE + 1;
  }

  private boolean packAll(int outEnd) {
    int at = sourceOffset;
    int lastTriple = sourceEnd - 2;
    while (at < lastTriple) {
      int match = exchange(at);
      if (isMatch(match, at)) {
        if (out - (literals == 0 ? 1 : 0) + 4 >= outEnd) {
          return false;
        }
        endLiterals();
        at = writeMatch(match, at);
        if (at >= lastTriple) {
          break;
        }
        exchange(at - 2);
        exchange(at - 1);
      } else {
        if (out >= outEnd) {
          return false;
        }
        literal(source[at++]);
      }
    }
    return packRest(at, outEnd);
  }

  private boolean packRest(int from, int outEnd) {
    if (out + 3 > outEnd) {
      return false;
    }
    for (int at = from; at < sourceEnd; at++) {
      literal(source[at]);
    }
    endLiterals();
    return true;
  }

  /**
   * Notes that the three bytes at {@code at} were seen there; answers where their hash was seen
   * before.
   */
  private int exchange(int at) {
    int triple = (source[at] & 0xFF) << 16 | (source[at + 1] & 0xFF) << 8 | source[at + 2] & 0xFF;
    int place = (triple >>> 8) - triple * 5 & HASH_MASK;
    int before = positions[place] - base + sourceOffset;
    positions[place] = at - sourceOffset + base;
    return before;
  }

  private boolean isMatch(int match, int at) {
    return match > sourceOffset
        && at - match - 1 < LARGEST_DISTANCE
        && source[match + 2] == source[at + 2]
        && source[match] == source[at]
        && source[match + 1] == source[at + 1];
  }

  private void literal(byte value) {
    target[out++] = value;
    literals++;
    if (literals == LONGEST_LITERAL) {
      endLiterals();
      out++;
    }
  }

  /**
   * Writes the head of the run of literals, or takes back the place kept for it; the next run's
   * place is not kept.
   */
  private void endLiterals() {
    if (literals == 0) {
      out--;
    } else {
      target[out - literals - 1] = (byte) (literals - 1);
    }
    literals = 0;
  }

  /** Writes a copy of the bytes at {@code match}; answers the position after it. */
  private int writeMatch(int match, int at) {
    int length = matchLength(match, at);
    int distance = at - match - 1;
    int code = length - 2;
    if (code < 7) {
      target[out++] = (byte) (distance >>> 8 | code << 5);
    } else {
      target[out++] = (byte) (distance >>> 8 | 7 << 5);
      target[out++] = (byte) (code - 7);
    }
    target[out++] = (byte) distance;
    out++;
    return at + length;
  }

  private int matchLength(int match, int at) {
    int longest = Math.min(sourceEnd - at - 2, LONGEST_MATCH);
    int length = 3;
    if (longest > UNBOUNDED_COMPARES) {
      int unbounded = length + UNBOUNDED_COMPARES;
      while (length < unbounded) {
        if (source[match + length] != source[at + length]) {
          return length;
        }
        length++;
      }
    }
    while (length < longest && source[match + length] == source[at + length]) {
      length++;
    }
    return length;
  }

  /**
   * Unpacks a slice into {@code target[targetOffset, targetOffset + targetLength)}, which it must
   * fill exactly. Returns false when the packed bytes are malformed or hold another number of
   * bytes.
   */
  public static boolean expand(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) {
    int at = offset;
    int end = offset + length;
    int out = targetOffset;
    int outEnd = targetOffset + targetLength;
    while (at < end) {
      int head = source[at++] & 0xFF;
      if (head < LONGEST_LITERAL) {
        int run = head + 1;
        if (run > outEnd - out || run > end - at) {
          return false;
        }
        System.arraycopy(source, at, target, out, run);
        at += run;
        out += run;
        continue;
      }
      int code = head >>> 5;
      if (end - at < (code == 7 ? 2 : 1)) {
        return false;
      }
      int run = code == 7 ? 9 + (source[at++] & 0xFF) : code + 2;
      int from = out - ((head & 0x1F) << 8) - (source[at++] & 0xFF) - 1;
      if (run > outEnd - out || from < targetOffset) {
        return false;
      }
      // Byte by byte: the copy may overlap what it writes.
      for (int i = 0; i < run; i++) {
        target[out++] = target[from++];
      }
    }
    return out == outEnd;
  }
}
