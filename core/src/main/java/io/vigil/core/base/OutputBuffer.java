package io.vigil.core.base;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Bytes on their way out of one connection: a queue of blocks. Small writes are packed into blocks
 * of its own; an immutable array that many connections send (a block of the replication stream) is
 * queued by reference.
 *
 * <pre>
 *   head (being written out)                      tail (being filled)
 *   [ own block ][ shared slice ][ own block ] ... [ own block      | free ]
 * </pre>
 *
 * <p>Used by one thread at a time. An idle connection holds no block.
 */
public final class OutputBuffer {
  /** Size of a packed block, in bytes: Redis's static reply buffer. */
  public static final int BLOCK_BYTES = 16 * 1024;

  private final ArrayDeque<Block> queue = new ArrayDeque<>();
  private Block tail;
  private Block spare;
  private long pendingBytes;

  /** A slice of an array; {@code limit} grows while it is the tail and owned. */
  private static final class Block {
    final byte[] array;
    final boolean shared;
    int position;
    int limit;

    Block(byte[] array, int position, int limit, boolean shared) {
      this.array = array;
      this.position = position;
      this.limit = limit;
      this.shared = shared;
    }
  }

  /**
   * Makes room for {@code bytes} more (at most {@link #BLOCK_BYTES}) in one array: write at {@link
   * #tailPosition}.
   */
  public byte[] reserve(int bytes) {
    Block block = tail;
    if (block == null || block.shared || block.array.length - block.limit < bytes) {
      block = newTail();
    }
    return block.array;
  }

  /** Index in the array that {@link #reserve} returned at which to write. */
  public int tailPosition() {
    return tail.limit;
  }

  /** Says that the array was written up to {@code position}, exclusive. */
  public void advanceTo(int position) {
    pendingBytes += position - tail.limit;
    tail.limit = position;
  }

  private Block newTail() {
    Block block = spare != null ? spare : new Block(new byte[BLOCK_BYTES], 0, 0, false);
    spare = null;
    tail = block;
    queue.add(block);
    return block;
  }

  public void write(byte value) {
    byte[] array = reserve(1);
    int at = tail.limit;
    array[at] = value;
    advanceTo(at + 1);
  }

  public void write(byte[] source, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      reserve(1);
      int room = Math.min(left, tail.array.length - tail.limit);
      System.arraycopy(source, from, tail.array, tail.limit, room);
      advanceTo(tail.limit + room);
      from += room;
      left -= room;
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
    if (length == 0) {
      return;
    }
    pendingBytes += length;
    if (tail != null && tail.shared && tail.array == source && tail.limit == offset) {
      tail.limit += length;
      return;
    }
    tail = new Block(source, offset, offset + length, true);
    queue.add(tail);
  }

  /** Bytes not yet consumed. */
  public long pendingBytes() {
    return pendingBytes;
  }

  /** Blocks not yet consumed. */
  public int blockCount() {
    return queue.size();
  }

  /**
   * Bytes of memory the queue holds: whole blocks of its own, and shared slices as their length.
   */
  public long heldBytes() {
    long held = 0;
    for (Block block : queue) {
      held += block.shared ? block.limit - block.position : block.array.length;
    }
    return held;
  }

  public boolean isEmpty() {
    return pendingBytes == 0;
  }

  /** Array of the first pending slice; only when not empty. */
  public byte[] headArray() {
    return queue.peek().array;
  }

  public int headOffset() {
    return queue.peek().position;
  }

  public int headLength() {
    Block head = queue.peek();
    return head.limit - head.position;
  }

  /**
   * Copies up to {@code length} pending bytes, from the first on, without consuming them; returns
   * how many.
   */
  public int peek(byte[] target, int offset, int length) {
    int done = 0;
    for (Block block : queue) {
      int part = Math.min(length - done, block.limit - block.position);
      System.arraycopy(block.array, block.position, target, offset + done, part);
      done += part;
      if (done == length) {
        break;
      }
    }
    return done;
  }

  /** Copies pending bytes, from the first on, until {@code target} is full; consumes nothing. */
  public void copyTo(ByteBuffer target) {
    if (queue.size() == 1) { // The usual reply; spares the iterator.
      Block only = queue.peek();
      target.put(
          only.array, only.position, Math.min(target.remaining(), only.limit - only.position));
      return;
    }
    for (Block block : queue) {
      int part = Math.min(target.remaining(), block.limit - block.position);
      target.put(block.array, block.position, part);
      if (!target.hasRemaining()) {
        break;
      }
    }
  }

  /** Removes the first {@code bytes} pending bytes: they have been written out. */
  public void consume(long bytes) {
    pendingBytes -= bytes;
    long left = bytes;
    while (left > 0) {
      Block head = queue.peek();
      int available = head.limit - head.position;
      if (left < available) {
        head.position += (int) left;
        return;
      }
      left -= available;
      queue.remove();
      recycle(head);
    }
  }

  private void recycle(Block block) {
    if (block == tail) {
      tail = null;
    }
    if (!block.shared && pendingBytes > 0) {
      block.position = 0;
      block.limit = 0;
      spare = block;
    } else if (pendingBytes == 0) {
      keepOneWhileBusy(block);
    }
  }

  /**
   * Between bursts one block stays at hand; {@link #trim} gives it up when the connection goes
   * idle.
   */
  private void keepOneWhileBusy(Block block) {
    if (!block.shared) {
      block.position = 0;
      block.limit = 0;
      spare = block;
    }
  }

  /** Gives up the block kept between bursts. */
  public void trim() {
    spare = null;
  }

  /** Forgets everything pending. */
  public void clear() {
    queue.clear();
    tail = null;
    pendingBytes = 0;
  }
}
