package io.vigil.core.base;

import java.nio.ByteBuffer;

/**
 * Bytes on their way out of one connection: a queue of slices. Small writes are packed into blocks
 * taken from a pool; an immutable array that many connections send (a block of the replication
 * stream) is queued by reference; a gap holds the place of a few bytes that are known only later.
 *
 * <pre>
 *   head (being written out)                               tail (being filled)
 *   [ own block ][ shared slice ][ own block | gap | same block ] ... [ own block  | free ]
 * </pre>
 *
 * <p>A block goes back to the pool as soon as its bytes have been consumed, so an idle connection
 * holds none. Of a client that does not read, much piles up, and would be copied by the collector
 * once as it grows old; so behind {@value #LARGE_FROM_BYTES} pending bytes blocks are as large as
 * what the collector leaves where it is. Used by one thread at a time.
 */
public final class OutputBuffer {
  /** Size of a packed block, in bytes: Redis's static reply buffer. */
  public static final int BLOCK_BYTES = 16 * 1024;

  /** Pending bytes behind which blocks are large. */
  static final int LARGE_FROM_BYTES = 1 << 20;

  /** A large block: a region of the collector, less an array's header. */
  static final int LARGE_BLOCK_BYTES = (4 << 20) - 16;

  private final BlockPool pool;
  private final boolean discarding;
  private Slice head;
  private Slice tail;
  private int slices;
  private long pendingBytes;
  private long heldBytes;
  private long consumedBytes;

  /** Part of an array. A block cut in two by a gap belongs to its last slice. */
  private static final class Slice {
    byte[] array;
    int position;
    int limit;

    /** Bytes of memory that this slice keeps. */
    int held;

    /** True while the rest of the block is written into. */
    boolean open;

    boolean fromPool;
    boolean removed;
    Slice next;
  }

  /** The place of bytes that are given later, by {@link #fill}. */
  public static final class Gap {
    private final Slice slice = new Slice();
  }

  /** A buffer with a pool of its own. */
  public OutputBuffer() {
    this(new BlockPool(1));
  }

  public OutputBuffer(BlockPool pool) {
    this(pool, false);
  }

  private OutputBuffer(BlockPool pool, boolean discarding) {
    this.pool = pool;
    this.discarding = discarding;
  }

  /** A buffer that forgets what is written to it and stays empty. */
  public static OutputBuffer discarding() {
    return new OutputBuffer(new BlockPool(1), true);
  }

  /**
   * Makes room for {@code bytes} more (at most {@link #BLOCK_BYTES}) in one array: write at {@link
   * #tailPosition}.
   */
  public byte[] reserve(int bytes) {
    Slice slice = tail;
    if (slice == null || !slice.open || slice.array.length - slice.limit < bytes) {
      slice = newBlock();
    }
    return slice.array;
  }

  /** Index in the array that {@link #reserve} returned at which to write. */
  public int tailPosition() {
    return tail.limit;
  }

  /** Says that the array was written up to {@code position}, exclusive. */
  public void advanceTo(int position) {
    if (discarding) {
      return;
    }
    pendingBytes += position - tail.limit;
    tail.limit = position;
  }

  private Slice newBlock() {
    Slice slice = new Slice();
    slice.fromPool = pendingBytes < LARGE_FROM_BYTES;
    slice.array = slice.fromPool ? pool.take() : new byte[LARGE_BLOCK_BYTES];
    slice.open = true;
    slice.held = slice.array.length;
    heldBytes += slice.held;
    append(slice);
    return slice;
  }

  private void append(Slice slice) {
    if (tail == null) {
      head = slice;
    } else {
      tail.open = false;
      tail.next = slice;
    }
    tail = slice;
    slices++;
  }

  public void write(byte value) {
    byte[] array = reserve(1);
    int at = tail.limit;
    array[at] = value;
    advanceTo(at + 1);
  }

  public void write(byte[] source, int offset, int length) {
    if (discarding) {
      return;
    }
    int from = offset;
    int left = length;
    while (left > 0) {
      reserve(1);
      int part = Math.min(left, tail.array.length - tail.limit);
      System.arraycopy(source, from, tail.array, tail.limit, part);
      advanceTo(tail.limit + part);
      from += part;
      left -= part;
    }
  }

  public void write(byte[] source) {
    write(source, 0, source.length);
  }

  /**
   * Queues a slice by reference. The bytes must never change. A slice that goes on where the last
   * one ended joins it.
   */
  public void writeShared(byte[] source, int offset, int length) {
    if (length == 0 || discarding) {
      return;
    }
    if (tail != null && tail.array == source && tail.limit == offset && !tail.open) {
      tail.limit += length;
      tail.held += length;
      pendingBytes += length;
      heldBytes += length;
      return;
    }
    Slice slice = new Slice();
    place(slice, source, offset, length);
    append(slice);
  }

  private void place(Slice slice, byte[] source, int offset, int length) {
    slice.array = source;
    slice.position = offset;
    slice.limit = offset + length;
    slice.held = length;
    pendingBytes += length;
    heldBytes += length;
  }

  /** Leaves a gap here. Nothing behind it may be consumed before it has been filled. */
  public Gap gap() {
    Gap gap = new Gap();
    if (discarding) {
      return gap;
    }
    Slice before = tail;
    boolean split = before != null && before.open && before.limit < before.array.length;
    append(gap.slice);
    if (split) {
      // What follows goes on in the same block, so that many gaps do not take a block each.
      Slice rest = new Slice();
      rest.array = before.array;
      rest.position = before.limit;
      rest.limit = before.limit;
      rest.held = before.held;
      rest.fromPool = before.fromPool;
      rest.open = true;
      before.held = 0;
      before.fromPool = false;
      append(rest);
    }
    return gap;
  }

  /**
   * Puts {@code bytes}, which must never change, into a gap of this buffer. Does nothing when the
   * gap went with a {@link #clear}.
   */
  public void fill(Gap gap, byte[] bytes) {
    if (!discarding && !gap.slice.removed) {
      place(gap.slice, bytes, 0, bytes.length);
    }
  }

  /** Bytes not yet consumed. */
  public long pendingBytes() {
    return pendingBytes;
  }

  /** Bytes consumed so far: what went out. */
  public long consumedBytes() {
    return consumedBytes;
  }

  /** Slices not yet consumed. */
  public int blockCount() {
    return slices;
  }

  /**
   * Bytes of memory the queue holds: whole blocks of its own, and shared slices as their length.
   */
  public long heldBytes() {
    return heldBytes;
  }

  public boolean isEmpty() {
    return pendingBytes == 0;
  }

  /** Array of the first pending slice; only when not empty. */
  public byte[] headArray() {
    dropEmptyHead();
    return head.array;
  }

  public int headOffset() {
    dropEmptyHead();
    return head.position;
  }

  public int headLength() {
    dropEmptyHead();
    return head.limit - head.position;
  }

  private void dropEmptyHead() {
    while (head.position == head.limit && head != tail) {
      removeHead();
    }
  }

  /**
   * Copies up to {@code length} pending bytes, from the first on, without consuming them; returns
   * how many.
   */
  public int peek(byte[] target, int offset, int length) {
    int done = 0;
    for (Slice slice = head; slice != null && done < length; slice = slice.next) {
      int part = Math.min(length - done, slice.limit - slice.position);
      if (part > 0) {
        System.arraycopy(slice.array, slice.position, target, offset + done, part);
        done += part;
      }
    }
    return done;
  }

  /** Copies pending bytes, from the first on, until {@code target} is full; consumes nothing. */
  public void copyTo(ByteBuffer target) {
    for (Slice slice = head; slice != null && target.hasRemaining(); slice = slice.next) {
      int part = Math.min(target.remaining(), slice.limit - slice.position);
      if (part > 0) {
        target.put(slice.array, slice.position, part);
      }
    }
  }

  /** Removes the first {@code bytes} pending bytes: they have been written out. */
  public void consume(long bytes) {
    if (bytes > pendingBytes) {
      throw new IllegalArgumentException("consume " + bytes + " of " + pendingBytes + " bytes");
    }
    pendingBytes -= bytes;
    consumedBytes += bytes;
    long left = bytes;
    while (left > 0) {
      int part = (int) Math.min(left, head.limit - head.position);
      head.position += part;
      left -= part;
      if (head.position == head.limit && head != tail) {
        removeHead();
      }
    }
    if (pendingBytes == 0) {
      while (head != null) {
        removeHead();
      }
    }
  }

  private void removeHead() {
    Slice slice = head;
    head = slice.next;
    if (head == null) {
      tail = null;
    }
    slices--;
    heldBytes -= slice.held;
    slice.removed = true;
    if (slice.fromPool) {
      pool.give(slice.array);
    }
  }

  /** Forgets everything pending. */
  public void clear() {
    while (head != null) {
      removeHead();
    }
    pendingBytes = 0;
  }
}
