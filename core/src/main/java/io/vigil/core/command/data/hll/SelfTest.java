package io.vigil.core.command.data.hll;

import io.vigil.core.base.Rng;
import io.vigil.core.structure.HyperLogLog;

/**
 * What PFSELFTEST does: every register keeps what is written into it and leaves its neighbours
 * alone; up to ten million elements the estimate is near the truth, and the same sparse and dense.
 */
final class SelfTest {
  private static final int REGISTER_ROUNDS = 63;
  private static final long ELEMENTS = 10_000_000;
  private static final double STANDARD_ERROR = 1.04 / 128;

  private SelfTest() {}

  /** What is wrong, or null. */
  static String run(int maxSparseBytes) {
    String failure = registers();
    return failure == null ? estimates(maxSparseBytes) : failure;
  }

  private static String registers() {
    Rng rng = new Rng(1);
    HyperLogLog dense = HyperLogLog.empty();
    dense.makeDense();
    byte[] expected = new byte[HyperLogLog.REGISTERS];
    for (int round = 0; round < REGISTER_ROUNDS; round++) {
      for (int register = 0; register < expected.length; register++) {
        int value = Math.min(63, expected[register] + rng.nextInt(3));
        if (value > expected[register]) {
          dense.raise(register, value, 0);
          expected[register] = (byte) value;
        }
      }
      byte[] values = dense.values();
      for (int register = 0; register < expected.length; register++) {
        if (values[register] != expected[register]) {
          return "Register "
              + register
              + " should be "
              + expected[register]
              + " but is "
              + values[register];
        }
      }
    }
    return null;
  }

  private static String estimates(int maxSparseBytes) {
    HyperLogLog dense = HyperLogLog.empty();
    dense.makeDense();
    HyperLogLog other = HyperLogLog.empty();
    long seed = new Rng(2).nextLong();
    byte[] element = new byte[8];
    long checkpoint = 1;
    for (long added = 1; added <= ELEMENTS; added++) {
      long number = added ^ seed;
      for (int i = 0; i < 8; i++) {
        element[i] = (byte) (number >>> 8 * i);
      }
      dense.add(element, 0, 8, maxSparseBytes);
      other.add(element, 0, 8, maxSparseBytes);
      if (added == checkpoint) {
        String failure = compare(dense, other, added, maxSparseBytes);
        if (failure != null) {
          return failure;
        }
        checkpoint *= 10;
      }
    }
    return null;
  }

  private static String compare(
      HyperLogLog dense, HyperLogLog other, long added, int maxSparseBytes) {
    if (added < maxSparseBytes / 2 && other.isDense()) {
      return "sparse encoding not used";
    }
    long count = dense.count();
    if (count != other.count()) {
      return "dense/sparse disagree";
    }
    long error = Math.abs(added - count);
    // Of ten elements two may well meet in one register, but hardly three.
    double allowed = added == 10 ? 1 : StrictMath.ceil(STANDARD_ERROR * 6 * added);
    return error > allowed ? "Too big error. card:" + added + " abserr:" + error : null;
  }
}
