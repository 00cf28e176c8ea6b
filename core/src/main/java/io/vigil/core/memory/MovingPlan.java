package io.vigil.core.memory;

/**
 * Which slabs to empty: per class a limit on the blocks in use, below which slabs are taken, and
 * how many of those that stand exactly at the limit. Filled by counting slabs per class and quarter
 * of fullness, so the order of slabs does not matter.
 */
final class MovingPlan {
  private static final int STEPS = 64;

  private final int[][] slabsByFullness = new int[SizeClasses.COUNT][];
  private final int[] quota = new int[SizeClasses.COUNT];
  private final int[] limitStep = new int[SizeClasses.COUNT];

  void count(int sizeClass, int liveBlocks) {
    if (slabsByFullness[sizeClass] == null) {
      slabsByFullness[sizeClass] = new int[STEPS];
    }
    slabsByFullness[sizeClass][step(sizeClass, liveBlocks)]++;
  }

  private static int step(int sizeClass, int liveBlocks) {
    return (int) ((long) liveBlocks * (STEPS - 1) / SizeClasses.blocksPerSlab(sizeClass));
  }

  /**
   * Decides, given the slabs and the blocks of every class: as many slabs may go as are not needed
   * to hold the blocks.
   */
  void decide(int[] slabsOfClass, long[] blocksOfClass) {
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      int perSlab = SizeClasses.blocksPerSlab(sizeClass);
      long needed = (blocksOfClass[sizeClass] + perSlab - 1) / perSlab;
      quota[sizeClass] = (int) Math.max(0, slabsOfClass[sizeClass] - needed);
      limitStep[sizeClass] = -1;
      if (quota[sizeClass] > 0) {
        limitStep[sizeClass] = lastStepWithin(slabsByFullness[sizeClass], quota[sizeClass]);
      }
    }
  }

  /** The step at which the sparsest slabs, counted up, reach the quota. */
  private static int lastStepWithin(int[] slabs, int quota) {
    int sum = 0;
    for (int step = 0; step < STEPS - 1; step++) {
      sum += slabs[step];
      if (sum >= quota) {
        return step;
      }
    }
    return STEPS - 2;
  }

  /** True when this slab is to be emptied; each call counts against the quota of its class. */
  boolean take(int sizeClass, int liveBlocks) {
    if (quota[sizeClass] == 0 || step(sizeClass, liveBlocks) > limitStep[sizeClass]) {
      return false;
    }
    quota[sizeClass]--;
    return true;
  }
}
