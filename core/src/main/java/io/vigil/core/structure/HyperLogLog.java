package io.vigil.core.structure;

import io.vigil.core.base.Invariant;
import java.util.Arrays;

/**
 * An estimate of how many different elements were added, within 0.81 %, in 12 KB or less. The bytes
 * are those that Redis writes, since they are a string that clients may read, send and restore.
 *
 * <pre>
 *   "HYLL" | encoding | 3 unused | cached count, 8 bytes, top bit: not valid | registers
 *
 *   dense    16,384 registers of 6 bits, the first in the lowest bits of the first byte
 *   sparse   runs   00llllll            l+1 registers of 0
 *                   01llllll llllllll   l+1 registers of 0
 *                   1vvvvvll            l+1 registers of v+1
 * </pre>
 *
 * <p>An element's hash names a register by 14 bits; the others give the length of the run of zeros
 * that the register keeps the maximum of. The estimate from the registers is Otmar Ertl's ("New
 * cardinality estimation algorithms for HyperLogLog sketches", 2017).
 *
 * <p>The bytes may come from anywhere: whatever they are, nothing outside of them is touched, and
 * what cannot be is {@link Corrupted}.
 */
public final class HyperLogLog {
  public static final int HEADER_BYTES = 16;
  public static final int REGISTERS = 1 << 14;
  public static final int DENSE_BYTES = HEADER_BYTES + REGISTERS * 6 / 8;

  /** No sparse form that makes sense is longer: a run has at least one register in two bytes. */
  public static final int MAX_BYTES = HEADER_BYTES + 2 * REGISTERS;

  private static final int REGISTER_MASK = 63;
  private static final int HASH_BITS = 50;
  private static final int DENSE = 0;
  private static final int SPARSE = 1;
  private static final int ENCODING_AT = 4;
  private static final int COUNT_AT = 8;
  private static final int VALIDITY_AT = COUNT_AT + 7;
  private static final double HALF_OF_INVERSE_LN2 = 0.721347520444481703680;
  private static final long HASH_SEED = 0xadc83b19L;

  /** The registers do not add up. */
  public static final class Corrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Corrupted() {
      super("corrupted HyperLogLog", null, false, false);
    }
  }

  private byte[] bytes;
  private int length;

  private HyperLogLog(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** One to which nothing was added, sparse. */
  public static HyperLogLog empty() {
    byte[] bytes = new byte[HEADER_BYTES + 2];
    bytes[0] = 'H';
    bytes[1] = 'Y';
    bytes[2] = 'L';
    bytes[3] = 'L';
    bytes[ENCODING_AT] = SPARSE;
    SparseRuns.putZeros(bytes, HEADER_BYTES, REGISTERS);
    return new HyperLogLog(bytes, bytes.length);
  }

  /** True when a string of {@code length} bytes that begins with {@code header} may be one. */
  public static boolean looksLike(byte[] header, long length) {
    return length >= HEADER_BYTES
        && header[0] == 'H'
        && header[1] == 'Y'
        && header[2] == 'L'
        && header[3] == 'L'
        && (header[ENCODING_AT] == SPARSE || header[ENCODING_AT] == DENSE && length == DENSE_BYTES);
  }

  /** The one in {@code bytes}, which {@link #looksLike} accepts and which it takes over. */
  public static HyperLogLog of(byte[] bytes) {
    return new HyperLogLog(bytes, bytes.length);
  }

  public byte[] bytes() {
    return bytes;
  }

  /** How many of {@link #bytes} count. */
  public int length() {
    return length;
  }

  public boolean isDense() {
    return bytes[ENCODING_AT] == DENSE;
  }

  // ---- elements

  /** The register of an element and the value it asks for: register * 64 + value. */
  public static int place(byte[] element, int offset, int length) {
    long hash = Murmur.hash64A(element, offset, length, HASH_SEED);
    int register = (int) hash & (REGISTERS - 1);
    long rest = hash >>> 14 | 1L << HASH_BITS;
    return register << 6 | Long.numberOfTrailingZeros(rest) + 1;
  }

  /**
   * Adds an element.
   *
   * @param maxSparseBytes a sparse form that would become longer becomes dense
   * @return true if a register changed; the cached count is no longer valid then
   */
  public boolean add(byte[] element, int offset, int length, int maxSparseBytes) {
    int place = place(element, offset, length);
    return raise(place >>> 6, place & REGISTER_MASK, maxSparseBytes);
  }

  /** Raises a register to {@code value}, 1 to 63; false if it is as high already. */
  public boolean raise(int register, int value, int maxSparseBytes) {
    if (isDense()) {
      return raiseDense(register, value);
    }
    if (value <= SparseRuns.MAX_VALUE) {
      SparseRuns runs = new SparseRuns(bytes, length);
      SparseRuns.Outcome outcome = runs.raise(register, value, maxSparseBytes);
      if (outcome != SparseRuns.Outcome.TOO_LONG) {
        bytes = runs.bytes();
        length = runs.length();
        if (outcome == SparseRuns.Outcome.RAISED) {
          forgetCount();
        }
        return outcome == SparseRuns.Outcome.RAISED;
      }
    }
    makeDense();
    return raiseDense(register, value);
  }

  private boolean raiseDense(int register, int value) {
    int at = HEADER_BYTES + denseByte(register);
    if (value <= denseValue(register)) {
      return false;
    }
    int shift = register * 6 & 7;
    int pair = bytes[at] & 0xff | (shift > 2 ? (bytes[at + 1] & 0xff) << 8 : 0);
    pair = pair & ~(REGISTER_MASK << shift) | value << shift;
    bytes[at] = (byte) pair;
    if (shift > 2) {
      bytes[at + 1] = (byte) (pair >>> 8);
    }
    return true;
  }

  private static int denseByte(int register) {
    return register * 6 >>> 3;
  }

  private int denseValue(int register) {
    int at = HEADER_BYTES + denseByte(register);
    int shift = register * 6 & 7;
    int pair = bytes[at] & 0xff | (shift > 2 ? (bytes[at + 1] & 0xff) << 8 : 0);
    return pair >>> shift & REGISTER_MASK;
  }

  /** Makes it dense if it is not; the cached count stays as it was. */
  public void makeDense() {
    if (isDense()) {
      return;
    }
    byte[] values = new byte[REGISTERS];
    mergeInto(values);
    byte[] dense = Arrays.copyOf(Arrays.copyOf(bytes, HEADER_BYTES), DENSE_BYTES);
    dense[ENCODING_AT] = DENSE;
    bytes = dense;
    length = DENSE_BYTES;
    for (int register = 0; register < REGISTERS; register++) {
      if (values[register] != 0) {
        raiseDense(register, values[register]);
      }
    }
  }

  /** Value of every register, in order. */
  public byte[] values() {
    byte[] values = new byte[REGISTERS];
    mergeInto(values);
    return values;
  }

  /** Raises each of the values given to the one here. */
  public void mergeInto(byte[] values) {
    if (isDense()) {
      for (int register = 0; register < REGISTERS; register++) {
        values[register] = (byte) Math.max(values[register], denseValue(register));
      }
      return;
    }
    int register = 0;
    for (int at = HEADER_BYTES; at < length; at += SparseRuns.bytesOfRun(bytes, at)) {
      int run = SparseRuns.runLength(bytes, at, length);
      if (register + run > REGISTERS) {
        throw new Corrupted();
      }
      int value = SparseRuns.runValue(bytes, at);
      for (int i = register; value > 0 && i < register + run; i++) {
        values[i] = (byte) Math.max(values[i], value);
      }
      register += run;
    }
    if (register != REGISTERS) {
      throw new Corrupted();
    }
  }

  /** The runs of a sparse one, as text: {@code z:n} and {@code Z:n} zeros, {@code v:value,n}. */
  public String describeRuns() {
    StringBuilder text = new StringBuilder();
    for (int at = HEADER_BYTES; at < length; at += SparseRuns.bytesOfRun(bytes, at)) {
      int value = SparseRuns.runValue(bytes, at);
      int run = SparseRuns.runLength(bytes, at, length);
      String kind = SparseRuns.bytesOfRun(bytes, at) == 2 ? "Z:" : "z:";
      text.append(text.isEmpty() ? "" : " ");
      text.append(value == 0 ? kind + run : "v:" + value + "," + run);
    }
    return text.toString();
  }

  // ---- count

  public boolean hasCount() {
    return bytes[VALIDITY_AT] >= 0;
  }

  /** Marks the cached count as not valid. */
  public void forgetCount() {
    bytes[VALIDITY_AT] |= (byte) 0x80;
  }

  /** The count when it was computed last. */
  public long cachedCount() {
    long count = 0;
    for (int i = 7; i >= 0; i--) {
      count = count << 8 | bytes[COUNT_AT + i] & 0xff;
    }
    return count;
  }

  /** The estimate from the registers, which becomes the cached one. */
  public long count() {
    long count = countOf(histogram());
    for (int i = 0; i < 8; i++) {
      bytes[COUNT_AT + i] = (byte) (count >>> (8 * i));
    }
    return count;
  }

  private int[] histogram() {
    if (isDense()) {
      int[] histogram = new int[REGISTER_MASK + 1];
      for (int register = 0; register < REGISTERS; register++) {
        histogram[denseValue(register)]++;
      }
      return histogram;
    }
    int[] histogram = new int[REGISTER_MASK + 1];
    int registers = 0;
    for (int at = HEADER_BYTES; at < length; at += SparseRuns.bytesOfRun(bytes, at)) {
      int run = SparseRuns.runLength(bytes, at, length);
      registers += run;
      if (registers > REGISTERS) {
        throw new Corrupted();
      }
      histogram[SparseRuns.runValue(bytes, at)] += run;
    }
    if (registers != REGISTERS) {
      throw new Corrupted();
    }
    return histogram;
  }

  /** The estimate from the values of all registers. */
  public static long countOfValues(byte[] values) {
    int[] histogram = new int[REGISTER_MASK + 1];
    for (byte value : values) {
      histogram[value]++;
    }
    return countOf(histogram);
  }

  private static long countOf(int[] histogram) {
    double registers = REGISTERS;
    double sum = registers * tau((registers - histogram[HASH_BITS + 1]) / registers);
    for (int value = HASH_BITS; value >= 1; value--) {
      sum = (sum + histogram[value]) * 0.5;
    }
    sum += registers * sigma(histogram[0] / registers);
    double estimate = HALF_OF_INVERSE_LN2 * registers * registers / sum;
    double below = StrictMath.floor(estimate);
    return (long) (estimate - below >= 0.5 ? below + 1 : below);
  }

  private static double sigma(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = share;
    double weight = 1;
    double sum = share;
    double before;
    do {
      power *= power;
      before = sum;
      sum += power * weight;
      weight += weight;
    } while (before != sum);
    return sum;
  }

  private static double tau(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double root = share;
    double weight = 1;
    double sum = 1 - share;
    double before;
    do {
      root = StrictMath.sqrt(root);
      before = sum;
      weight *= 0.5;
      sum -= (1 - root) * (1 - root) * weight;
    } while (before != sum);
    return sum / 3;
  }

  /** Checks that what was written is well-formed. */
  void verify() {
    int[] histogram = histogram();
    Invariant.check(Arrays.stream(histogram).sum() == REGISTERS, "registers missing");
  }
}
