package io.vigil.core.memory;

/**
 * The sizes in which blocks are handed out. From 16 to 256 bytes every multiple of 8, then steps
 * that waste at most an eighth of a block (a fifth above 8 KiB, where only the last chunk of a
 * value lies). From 1 KiB on all are multiples of a cache line that fill a slab with little left
 * over.
 */
final class SizeClasses {
  /** Bytes of a slab: 64 of them fill a page but for 4 KiB. */
  static final int SLAB_BYTES = 1023 * 64;

  /** Cache lines of the blocks from 1 KiB on; 1,023 lines make a slab. */
  private static final int[] LARGE_LINES = {
    16, 18, 20, 22, 25, 28, 31, 34, 37, 40, 44, 48, 53, 60, 68, 73, 78, 85, 93, 102, 113, 127, 146,
    170, 204, 255
  };

  static final int COUNT = 31 + 16 + 15 + LARGE_LINES.length;
  static final int MAX_BYTES = 255 * 64;

  private static final int[] SIZES = sizes();
  private static final byte[] CLASS_OF = classOf();

  private SizeClasses() {}

  private static int[] sizes() {
    int[] sizes = new int[COUNT];
    int at = 0;
    for (int size = 16; size <= 256; size += 8) {
      sizes[at++] = size;
    }
    for (int size = 272; size <= 512; size += 16) {
      sizes[at++] = size;
    }
    for (int size = 544; size < 1024; size += 32) {
      sizes[at++] = size;
    }
    for (int lines : LARGE_LINES) {
      sizes[at++] = lines * 64;
    }
    return sizes;
  }

  private static byte[] classOf() {
    byte[] classes = new byte[MAX_BYTES / 8 + 1];
    int sizeClass = 0;
    for (int eighths = 0; eighths < classes.length; eighths++) {
      if (eighths * 8 > SIZES[sizeClass]) {
        sizeClass++;
      }
      classes[eighths] = (byte) sizeClass;
    }
    return classes;
  }

  /** The class of the smallest blocks that hold {@code bytes}, 0 to {@link #MAX_BYTES}. */
  static int of(int bytes) {
    return CLASS_OF[(bytes + 7) >>> 3];
  }

  static int bytes(int sizeClass) {
    return SIZES[sizeClass];
  }

  static int blocksPerSlab(int sizeClass) {
    return SLAB_BYTES / SIZES[sizeClass];
  }
}
