package io.vigil.core.spec;

import io.vigil.core.base.Arguments;
import java.util.Arrays;

/** Where the keys of one command stand among its arguments, with the flags of each. Reusable. */
public final class KeyPositions {
  private int[] positions = new int[8];
  private int[] flags = new int[8];
  private int count;

  public void clear() {
    count = 0;
  }

  /**
   * Adds the argument at {@code position}, used as {@code keyFlags} (a set of {@link KeyFlag}
   * masks) say.
   */
  public void add(int position, int keyFlags) {
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, count * 2);
      flags = Arrays.copyOf(flags, count * 2);
    }
    positions[count] = position;
    flags[count] = keyFlags;
    count++;
  }

  public int count() {
    return count;
  }

  public int position(int index) {
    return positions[index];
  }

  public int flags(int index) {
    return flags[index];
  }

  /**
   * The number in an argument that says how many keys follow; -1 unless it is a plain number of at
   * most 9 digits.
   */
  public static int parseCount(Arguments arguments, int at) {
    int length = arguments.length(at);
    if (length == 0 || length > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < length; i++) {
      int digit = arguments.byteAt(at, i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
