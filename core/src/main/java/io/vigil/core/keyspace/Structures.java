package io.vigil.core.keyspace;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The structures of one data set, by number: what a record keeps of its structure is the number, as
 * pages hold no references. Numbers of structures that are gone are used again.
 */
final class Structures {
  private Structure[] byHandle = new Structure[4];

  /** Numbers given back, the last one first. */
  private int[] free = new int[4];

  private int freeCount;
  private int end = 1;

  /** Gives a structure a number. */
  long add(Structure structure) {
    int handle = freeCount > 0 ? free[--freeCount] : end++;
    if (handle == byHandle.length) {
      byHandle = Arrays.copyOf(byHandle, 2 * handle);
    }
    byHandle[handle] = structure;
    structure.setHandle(handle);
    return handle;
  }

  Structure get(long handle) {
    return byHandle[(int) handle];
  }

  void remove(long handle) {
    byHandle[(int) handle] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = (int) handle;
  }

  void forEach(Consumer<Structure> action) {
    for (int i = 1; i < end; i++) {
      if (byHandle[i] != null) {
        action.accept(byHandle[i]);
      }
    }
  }
}
