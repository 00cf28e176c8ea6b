package io.vigil.core.memory;

import io.vigil.core.base.Invariant;
import io.vigil.core.base.OutputBuffer;

/**
 * Byte strings longer than a block: chunks of one block each, found through an index.
 *
 * <pre>
 *   root  [level 8 bit | length 56 bit][address][address] ...     level 1: of chunks, up to 33 MB
 *                                          |                      level 2: of index blocks, which hold those of chunks
 *                                        chunk of 16,320 bytes, the last one shorter
 * </pre>
 *
 * <p>A string is known by the address of its root, which changes when the string grows. Chunks may
 * be shared with a snapshot; a write copies those it touches first. So the cost of a write is that
 * of the chunks it touches, and no array is ever longer than a page.
 */
public final class BigBytes {
  /** Bytes of every chunk but the last. */
  public static final int CHUNK_BYTES = Allocator.MAX_BLOCK_BYTES;

  private static final int ROOT_SLOTS = (Allocator.MAX_BLOCK_BYTES - 8) / 8;
  private static final int INDEX_SLOTS = Allocator.MAX_BLOCK_BYTES / 8;
  private static final long LENGTH_MASK = (1L << 56) - 1;

  private final Allocator allocator;
  private final Pages pages;

  public BigBytes(Allocator allocator) {
    this.allocator = allocator;
    this.pages = allocator.pages();
  }

  /** A string of {@code length} zero bytes; returns its root. */
  public long create(long length) {
    long root = allocator.allocate(16);
    pages.putLong(root, 1L << 56);
    return grow(root, length);
  }

  /** A copy of the bytes given; returns its root. */
  public long create(byte[] source, int offset, int length) {
    long root = create(length);
    write(root, 0, source, offset, length);
    return root;
  }

  public long length(long root) {
    return pages.getLong(root) & LENGTH_MASK;
  }

  private int level(long root) {
    return (int) (pages.getLong(root) >>> 56);
  }

  private static int chunks(long length) {
    return Math.toIntExact((length + CHUNK_BYTES - 1) / CHUNK_BYTES);
  }

  /** Bytes of the chunk at {@code index} of a string of {@code length} bytes. */
  private static int chunkBytes(long length, int index) {
    return (int) Math.min(CHUNK_BYTES, length - (long) index * CHUNK_BYTES);
  }

  /** The address at which the address of a chunk stands. */
  private long slot(long root, int index) {
    if (level(root) == 1) {
      return root + 8 + index * 8L;
    }
    return pages.getLong(root + 8 + index / INDEX_SLOTS * 8L) + index % INDEX_SLOTS * 8L;
  }

  /** The address of the chunk that holds a position, for reading. */
  private long chunk(long root, int index) {
    return pages.getLong(slot(root, index));
  }

  /** Lengthens a string with zero bytes. Returns its root, which may be another one. */
  public long grow(long root, long length) {
    long oldLength = length(root);
    int oldChunks = chunks(oldLength);
    int newChunks = chunks(length);
    if (oldChunks > 0) {
      growLastChunk(
          root,
          oldChunks - 1,
          chunkBytes(oldLength, oldChunks - 1),
          chunkBytes(length, oldChunks - 1));
    }
    long current = root;
    for (int index = oldChunks; index < newChunks; index++) {
      current = ensureSlot(current, index, newChunks);
      int bytes = chunkBytes(length, index);
      long chunk = allocator.allocate(bytes);
      pages.fill(chunk, bytes, 0);
      pages.putLong(slot(current, index), chunk);
    }
    pages.putLong(current, (long) level(current) << 56 | length);
    return current;
  }

  private void growLastChunk(long root, int index, int oldBytes, int newBytes) {
    long slot = slot(root, index);
    long chunk = pages.getLong(slot);
    if (allocator.capacity(chunk) < newBytes || allocator.isShared(chunk)) {
      long larger = allocator.allocate(newBytes);
      pages.copy(chunk, larger, oldBytes);
      allocator.free(chunk);
      pages.putLong(slot, larger);
      chunk = larger;
    }
    pages.fill(chunk + oldBytes, newBytes - oldBytes, 0);
  }

  /**
   * Makes room for the address of one more chunk. {@code target}: how many chunks there will be in
   * the end.
   */
  private long ensureSlot(long root, int index, int target) {
    if (level(root) == 1) {
      if (index < ROOT_SLOTS) {
        return enlarge(root, index, Math.min(ROOT_SLOTS, target));
      }
      return addIndexBlock(raise(root, index), index / INDEX_SLOTS);
    }
    return index % INDEX_SLOTS == 0 ? addIndexBlock(root, index / INDEX_SLOTS) : root;
  }

  /** A root with room for more than {@code used} addresses, of which those in use are copied. */
  private long enlarge(long root, int used, int wanted) {
    if (8 + (used + 1) * 8 <= allocator.capacity(root)) {
      return root;
    }
    Invariant.check(used < ROOT_SLOTS, "string longer than its index can say");
    long larger = allocator.allocate(8 + Math.max(used + 1, wanted) * 8);
    pages.copy(root, larger, 8 + used * 8);
    allocator.free(root);
    return larger;
  }

  /** Puts the full index of a string of level 1 below a new root of level 2. */
  private long raise(long root, int used) {
    long index = allocator.allocate(Allocator.MAX_BLOCK_BYTES);
    pages.copy(root + 8, index, used * 8);
    long newRoot = allocator.allocate(8 + 2 * 8);
    pages.putLong(newRoot, 2L << 56 | length(root));
    pages.putLong(newRoot + 8, index);
    allocator.free(root);
    return newRoot;
  }

  private long addIndexBlock(long root, int indexBlock) {
    if (indexBlock * INDEX_SLOTS < ROOT_SLOTS) {
      // The block made by raise() has a slot more than a root of level 1: it takes the next address
      // too.
      return root;
    }
    long current = enlarge(root, indexBlock, indexBlock + 1);
    pages.putLong(current + 8 + indexBlock * 8L, allocator.allocate(Allocator.MAX_BLOCK_BYTES));
    return current;
  }

  /** Overwrites bytes within the string. */
  public void write(long root, long position, byte[] source, int offset, int length) {
    long end = position + length;
    Invariant.check(end <= length(root), "write past the end of a string");
    int from = offset;
    long at = position;
    while (at < end) {
      int index = (int) (at / CHUNK_BYTES);
      int inChunk = (int) (at % CHUNK_BYTES);
      int part = (int) Math.min(end - at, CHUNK_BYTES - inChunk);
      pages.copyIn(source, from, writableChunk(root, index) + inChunk, part);
      at += part;
      from += part;
    }
  }

  private long writableChunk(long root, int index) {
    long slot = slot(root, index);
    long chunk = pages.getLong(slot);
    if (!allocator.isShared(chunk)) {
      return chunk;
    }
    int bytes = chunkBytes(length(root), index);
    long copy = allocator.allocate(bytes);
    pages.copy(chunk, copy, bytes);
    allocator.free(chunk);
    pages.putLong(slot, copy);
    return copy;
  }

  /** Copies bytes out; the range must lie within the string. */
  public void read(long root, long position, byte[] target, int offset, int length) {
    int to = offset;
    long at = position;
    long end = position + length;
    while (at < end) {
      int inChunk = (int) (at % CHUNK_BYTES);
      int part = (int) Math.min(end - at, CHUNK_BYTES - inChunk);
      pages.copyOut(chunk(root, (int) (at / CHUNK_BYTES)) + inChunk, target, to, part);
      at += part;
      to += part;
    }
  }

  /** Appends bytes of the string to an output buffer; the range must lie within the string. */
  public void copyOut(long root, long position, long length, OutputBuffer output) {
    long at = position;
    long end = position + length;
    while (at < end) {
      int inChunk = (int) (at % CHUNK_BYTES);
      int part = (int) Math.min(end - at, CHUNK_BYTES - inChunk);
      pages.copyOut(chunk(root, (int) (at / CHUNK_BYTES)) + inChunk, output, part);
      at += part;
    }
  }

  public int getByte(long root, long position) {
    return pages.getByte(chunk(root, (int) (position / CHUNK_BYTES)) + position % CHUNK_BYTES);
  }

  public void putByte(long root, long position, int value) {
    pages.putByte(
        writableChunk(root, (int) (position / CHUNK_BYTES)) + position % CHUNK_BYTES, value);
  }

  /** True when the whole string equals the bytes given. */
  public boolean equal(long root, byte[] other, int offset, int length) {
    if (length(root) != length) {
      return false;
    }
    for (int at = 0; at < length; at += CHUNK_BYTES) {
      int part = Math.min(length - at, CHUNK_BYTES);
      if (!pages.equal(chunk(root, at / CHUNK_BYTES), other, offset + at, part)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A second string with an index of its own over the same chunks, each of which now has one more
   * owner.
   */
  public long duplicate(long root) {
    int count = chunks(length(root));
    long copy = copyBlock(root);
    if (level(root) == 2) {
      for (int i = 0; i * INDEX_SLOTS < count; i++) {
        long slot = copy + 8 + i * 8L;
        pages.putLong(slot, copyBlock(pages.getLong(slot)));
      }
    }
    for (int i = 0; i < count; i++) {
      allocator.share(chunk(root, i));
    }
    return copy;
  }

  private long copyBlock(long block) {
    int bytes = allocator.capacity(block);
    long copy = allocator.allocate(bytes);
    pages.copy(block, copy, bytes);
    return copy;
  }

  /** A copy, in this allocator, of a string that may lie in another. */
  public long copyFrom(BigBytes other, long otherRoot) {
    long length = other.length(otherRoot);
    long root = create(length);
    for (int i = 0; i < chunks(length); i++) {
      pages.copyFrom(other.pages, other.chunk(otherRoot, i), chunk(root, i), chunkBytes(length, i));
    }
    return root;
  }

  public void free(long root) {
    int count = chunks(length(root));
    for (int i = 0; i < count; i++) {
      allocator.free(chunk(root, i));
    }
    if (level(root) == 2) {
      for (int i = 0; i * INDEX_SLOTS < count; i++) {
        allocator.free(pages.getLong(root + 8 + i * 8L));
      }
    }
    allocator.free(root);
  }

  /** Bytes of all blocks of the string. */
  public long blockBytes(long root) {
    int count = chunks(length(root));
    long bytes = allocator.capacity(root);
    for (int i = 0; i < count; i++) {
      bytes += allocator.capacity(chunk(root, i));
    }
    if (level(root) == 2) {
      bytes += (long) ((count + INDEX_SLOTS - 1) / INDEX_SLOTS) * Allocator.MAX_BLOCK_BYTES;
    }
    return bytes;
  }

  /**
   * Moves those blocks that the allocator wants moved; returns the root, which may be another one.
   */
  public long move(long root) {
    int count = chunks(length(root));
    for (int i = 0; i < count; i++) {
      long slot = slot(root, i);
      long chunk = pages.getLong(slot);
      if (allocator.shouldMove(chunk)) {
        pages.putLong(slot, moved(chunk, chunkBytes(length(root), i)));
      }
    }
    if (level(root) == 2) {
      for (int i = 0; i * INDEX_SLOTS < count; i++) {
        long slot = root + 8 + i * 8L;
        long index = pages.getLong(slot);
        if (allocator.shouldMove(index)) {
          pages.putLong(slot, moved(index, Allocator.MAX_BLOCK_BYTES));
        }
      }
    }
    return allocator.shouldMove(root) ? moved(root, allocator.capacity(root)) : root;
  }

  private long moved(long block, int bytes) {
    long copy = allocator.allocate(bytes);
    pages.copy(block, copy, bytes);
    allocator.free(block);
    return copy;
  }
}
