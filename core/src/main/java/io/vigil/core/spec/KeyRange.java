package io.vigil.core.spec;

import java.util.List;

/**
 * The keys of a command as clients before key specifications know them: first, last and step. What
 * they cannot say is marked movable.
 *
 * @param first position of the first key, 0 for none
 * @param last position of the last key; negative counts from the end
 * @param movable true when the range does not say it all
 */
public record KeyRange(int first, int last, int step, boolean movable) {
  static final KeyRange NONE = new KeyRange(0, 0, 0, false);

  static KeyRange of(List<KeySpec> keys) {
    if (keys.isEmpty()) {
      return NONE;
    }
    if (keys.size() == 1 && isPlainRange(keys.get(0))) {
      KeySpec only = keys.get(0);
      return new KeyRange(
          only.beginIndex(), lastOf(only), only.findSecond(), only.has(KeyFlag.INCOMPLETE));
    }
    return merged(keys);
  }

  /** Joins ranges of step 1 that follow each other without a gap. */
  private static KeyRange merged(List<KeySpec> keys) {
    int first = Integer.MAX_VALUE;
    int last = 0;
    boolean movable = false;
    for (KeySpec spec : keys) {
      boolean joins =
          isPlainRange(spec)
              && spec.findSecond() == 1
              && (last == 0 || last == spec.beginIndex() - 1);
      movable |= !joins || spec.has(KeyFlag.INCOMPLETE);
      if (joins) {
        first = Math.min(first, spec.beginIndex());
        int end = lastOf(spec);
        // Negative means "up to the end" and is larger than every plain position.
        last = Integer.compareUnsigned(end, last) > 0 ? end : last;
      }
    }
    return first == Integer.MAX_VALUE
        ? new KeyRange(0, 0, 0, true)
        : new KeyRange(first, last, 1, movable);
  }

  private static boolean isPlainRange(KeySpec spec) {
    return spec.begin() == KeySpec.Begin.INDEX && spec.find() == KeySpec.Find.RANGE;
  }

  private static int lastOf(KeySpec spec) {
    int last = spec.findFirst();
    return last >= 0 ? last + spec.beginIndex() : last;
  }
}
