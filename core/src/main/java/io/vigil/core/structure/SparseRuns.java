package io.vigil.core.structure;

import java.util.Arrays;

/**
 * The registers of a sparse {@link HyperLogLog} as runs, and the raising of one of them: the run
 * that holds it is split in up to three, then equal neighbours are joined. The steps are those of
 * Redis, so that the same elements give the same bytes.
 */
final class SparseRuns {
  /** The highest value that a run can say. */
  static final int MAX_VALUE = 32;

  private static final int MAX_VALUE_RUN = 4;
  private static final int MAX_SHORT_ZEROS = 64;

  /** How many runs are looked at for neighbours to join. */
  private static final int JOIN_WINDOW = 5;

  enum Outcome {
    RAISED,
    /** The register was as high already. */
    UNCHANGED,
    /** Nothing was done: the form would have become too long. */
    TOO_LONG
  }

  private byte[] bytes;
  private int length;

  SparseRuns(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  // ---- one run

  static int bytesOfRun(byte[] bytes, int at) {
    return isLongZeros(bytes, at) ? 2 : 1;
  }

  private static boolean isLongZeros(byte[] bytes, int at) {
    return (bytes[at] & 0xc0) == 0x40;
  }

  private static boolean isValue(byte[] bytes, int at) {
    return bytes[at] < 0;
  }

  /** Registers in the run at {@code at}, which must not reach beyond {@code end}. */
  static int runLength(byte[] bytes, int at, int end) {
    if (isValue(bytes, at)) {
      return (bytes[at] & 3) + 1;
    }
    if (!isLongZeros(bytes, at)) {
      return (bytes[at] & 0x3f) + 1;
    }
    if (at + 1 >= end) {
      throw new HyperLogLog.Corrupted();
    }
    return ((bytes[at] & 0x3f) << 8 | bytes[at + 1] & 0xff) + 1;
  }

  /** Value of the registers in the run at {@code at}. */
  static int runValue(byte[] bytes, int at) {
    return isValue(bytes, at) ? (bytes[at] >>> 2 & 0x1f) + 1 : 0;
  }

  private static byte valueRun(int value, int registers) {
    return (byte) (0x80 | value - 1 << 2 | registers - 1);
  }

  /** Writes a run of zeros in its shorter form; returns the index behind it. */
  static int putZeros(byte[] bytes, int at, int registers) {
    if (registers <= MAX_SHORT_ZEROS) {
      bytes[at] = (byte) (registers - 1);
      return at + 1;
    }
    bytes[at] = (byte) (0x40 | registers - 1 >>> 8);
    bytes[at + 1] = (byte) (registers - 1);
    return at + 2;
  }

  // ---- raising

  Outcome raise(int register, int value, int maxBytes) {
    int previous = HyperLogLog.HEADER_BYTES;
    int at = previous;
    int first = 0;
    int run = 0;
    while (at < length) {
      run = runLength(bytes, at, length);
      if (register < first + run) {
        break;
      }
      first += run;
      previous = at;
      at += bytesOfRun(bytes, at);
    }
    if (at >= length || first + run > HyperLogLog.REGISTERS) {
      throw new HyperLogLog.Corrupted();
    }
    int old = runValue(bytes, at);
    if (old >= value) {
      return Outcome.UNCHANGED;
    }
    if (run == 1 && !isLongZeros(bytes, at)) {
      bytes[at] = valueRun(value, 1);
    } else {
      byte[] parts = new byte[5];
      int partBytes = split(parts, old, register - first, value, first + run - 1 - register);
      if (!replace(at, parts, partBytes, maxBytes)) {
        return Outcome.TOO_LONG;
      }
    }
    joinNeighbours(previous);
    return Outcome.RAISED;
  }

  /** The runs that one becomes in whose midst a register is raised; returns their bytes. */
  private static int split(byte[] parts, int old, int before, int value, int behind) {
    int at = putRun(parts, 0, old, before);
    parts[at++] = valueRun(value, 1);
    return putRun(parts, at, old, behind);
  }

  private static int putRun(byte[] parts, int at, int value, int registers) {
    if (registers == 0) {
      return at;
    }
    if (value == 0) {
      return putZeros(parts, at, registers);
    }
    parts[at] = valueRun(value, registers);
    return at + 1;
  }

  private boolean replace(int at, byte[] parts, int partBytes, int maxBytes) {
    int oldBytes = bytesOfRun(bytes, at);
    int growth = partBytes - oldBytes;
    if (growth > 0 && length + growth > maxBytes) {
      return false;
    }
    if (length + growth > bytes.length) {
      bytes = Arrays.copyOf(bytes, length + growth + 64);
    }
    System.arraycopy(bytes, at + oldBytes, bytes, at + partBytes, length - at - oldBytes);
    System.arraycopy(parts, 0, bytes, at, partBytes);
    length += growth;
    return true;
  }

  private void joinNeighbours(int from) {
    int at = from;
    for (int looked = 0; looked < JOIN_WINDOW && at < length; looked++) {
      if (!isValue(bytes, at)) {
        at += bytesOfRun(bytes, at);
        continue;
      }
      int value = runValue(bytes, at);
      int both = (bytes[at] & 3) + 1;
      boolean joins = at + 1 < length && runValue(bytes, at + 1) == value;
      both += joins ? (bytes[at + 1] & 3) + 1 : 0;
      if (joins && both <= MAX_VALUE_RUN) {
        bytes[at + 1] = valueRun(value, both);
        System.arraycopy(bytes, at + 1, bytes, at, length - at - 1);
        length--;
      } else {
        at++;
      }
    }
  }
}
