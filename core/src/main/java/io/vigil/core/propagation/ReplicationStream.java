package io.vigil.core.propagation;

import io.vigil.core.base.OutputBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The history of a data set as bytes: every effect in order, under a replication id. The one place
 * where the stream grows.
 *
 * <pre>
 *                    backlog: what a replica that comes back may ask for
 *           .----------------------------------------------.
 *   block --> block --> block --> block --> block --> block      each: immutable up to {@code used}
 *     ^                   ^                             ^
 *     cursor of a         first byte                    tail, being filled
 *     waiting replica     of the backlog
 * </pre>
 *
 * <p>The first byte ever has offset 1; {@link #offset} is that of the last one. All replicas send
 * the same blocks by reference. The backlog lets go of its oldest block once the rest is long
 * enough and nobody {@linkplain #keepFrom needs} it; a block lives on for as long as a {@link
 * Cursor} or an output still refers to it.
 *
 * <p>The oldest blocks may leave memory: {@link #oldestRun} hands out a row of full ones, and once
 * they lie in a file {@link #spilled} puts one block in their place that only names it. A cursor
 * that stands before such a block waits until somebody has {@linkplain Cursor#feed fetched} it.
 *
 * <p>Ids: a history has one id, and a second one that is valid for offsets up to {@link
 * #secondIdLimit}: the id of the primary from which this node took over, so that its replicas may
 * go on where they were.
 *
 * <p>Limits: without a backlog nothing is recorded and the offset stands still, as in Redis.
 */
public final class ReplicationStream {
  /** Stands where there is no second id. */
  public static final String NO_ID = "0".repeat(40);

  /**
   * The database of the last SELECT in the stream is not known: the next effect begins with one.
   */
  public static final int NO_DATABASE = -1;

  private static final int LARGEST_BLOCK_BYTES = 16 * 1024;
  private static final int SMALLEST_BLOCK_BYTES = 1024;

  /** At most this fraction of the backlog is one block, so that it is trimmed in small steps. */
  private static final int BLOCKS_PER_BACKLOG = 16;

  private String id;
  private String secondId = NO_ID;
  private long secondIdLimit = -1;
  private long offset;
  private int database = NO_DATABASE;
  private long backlogBytes;
  private Block first;
  private Block tail;
  private Runnable appended = () -> {};
  private FileDropper dropper = file -> {};
  private long neededFrom = Long.MAX_VALUE;
  private long spilledBytes;

  /** Bytes of the stream; those below {@code used} never change. */
  private static final class Block {
    byte[] bytes;
    long firstOffset;
    int used;
    Block next;

    /** The file that holds the bytes, or null while they are in memory. */
    String file;

    /** The block of the file that this one has become part of. */
    Block replacement;

    Block(int size, long firstOffset) {
      this.bytes = new byte[size];
      this.firstOffset = firstOffset;
    }

    Block(String file, int used, long firstOffset) {
      this.file = file;
      this.used = used;
      this.firstOffset = firstOffset;
    }
  }

  /** Hears that a file is no longer part of the history. */
  @FunctionalInterface
  public interface FileDropper {
    void drop(String file);
  }

  /** Full blocks in a row, the oldest that are in memory. They never change. */
  public static final class Run {
    private final Block from;
    private final List<byte[]> pieces = new ArrayList<>();
    private Block last;
    private int length;

    private Run(Block from) {
      this.from = from;
    }

    /** The bytes, in order; every array is used to its end. */
    public List<byte[]> pieces() {
      return pieces;
    }

    public int length() {
      return length;
    }
  }

  /** A place in the stream from which a replica is fed. It keeps alive what lies behind it. */
  public static final class Cursor {
    private Block block;
    private int position;

    private Cursor(Block block, int position) {
      this.block = block;
      this.position = position;
    }

    /** Offset of the next byte it will hand out. */
    public long offset() {
      return block.firstOffset + position;
    }

    /** A second cursor at the same place. */
    public Cursor copy() {
      settle();
      return new Cursor(block, position);
    }

    /** Finds the block that holds the next byte now. */
    private void settle() {
      while (block.replacement != null || position == block.used && block.next != null) {
        if (block.replacement != null) {
          position += (int) (block.firstOffset - block.replacement.firstOffset);
          block = block.replacement;
        } else {
          block = block.next;
          position = 0;
        }
      }
    }

    /** The file that holds the next bytes, or null when they are in memory. */
    public String file() {
      settle();
      return block.file;
    }

    /**
     * Hands what is in memory to {@code output}, by reference, until a little more than {@code
     * most} bytes are or a file comes; returns how many bytes.
     */
    public long drainTo(OutputBuffer output, long most) {
      long moved = 0;
      settle();
      while (block.file == null && moved < most) {
        int length = block.used - position;
        output.writeShared(block.bytes, position, length);
        position += length;
        moved += length;
        if (block.next == null) {
          return moved;
        }
        settle();
      }
      return moved;
    }

    /** Hands on the rest of the {@link #file}, whose whole content is {@code bytes}. */
    public void feed(OutputBuffer output, byte[] bytes) {
      settle();
      output.writeShared(bytes, position, block.used - position);
      position = block.used;
    }
  }

  /**
   * @param id 40 hexadecimal digits
   * @param backlogBytes how much history to keep for replicas that come back ({@code
   *     repl-backlog-size})
   */
  public ReplicationStream(String id, long backlogBytes) {
    this.id = id;
    this.backlogBytes = backlogBytes;
  }

  /** Calls {@code action} after each append. */
  public void onAppend(Runnable action) {
    appended = action;
  }

  public String id() {
    return id;
  }

  /** The id of the history this one continues, or {@link #NO_ID}. */
  public String secondId() {
    return secondId;
  }

  /** The first offset that is not valid under {@link #secondId}; -1 when there is none. */
  public long secondIdLimit() {
    return secondIdLimit;
  }

  /** Offset of the last byte; 0 before the first. */
  public long offset() {
    return offset;
  }

  /** The database selected in the stream, or {@link #NO_DATABASE}. */
  public int database() {
    return database;
  }

  /** Says which database is selected in the stream from here on. */
  public void database(int number) {
    database = number;
  }

  /** True while bytes are recorded. */
  public boolean isActive() {
    return tail != null;
  }

  /**
   * Starts to record: the next byte has offset {@link #offset} + 1. No effect when it records
   * already.
   */
  public void activate() {
    if (tail == null) {
      restartAt(offset);
    }
  }

  /** Stops to record and forgets the backlog; the offset stays. */
  public void deactivate() {
    dropFiles();
    first = null;
    tail = null;
  }

  /** Appends bytes; nothing happens while it does not record. */
  public void append(byte[] source, int from, int length) {
    if (tail == null || length == 0) {
      return;
    }
    int at = from;
    int left = length;
    while (left > 0) {
      if (tail.used == tail.bytes.length) {
        addBlock(left);
      }
      int part = Math.min(left, tail.bytes.length - tail.used);
      System.arraycopy(source, at, tail.bytes, tail.used, part);
      tail.used += part;
      at += part;
      left -= part;
    }
    offset += length;
    trim();
    appended.run();
  }

  private void addBlock(int wanted) {
    Block block = new Block(blockBytes(wanted), tail.firstOffset + tail.used);
    tail.next = block;
    tail = block;
  }

  private int blockBytes(int wanted) {
    long share = Math.max(SMALLEST_BLOCK_BYTES, backlogBytes / BLOCKS_PER_BACKLOG);
    return (int) Math.min(share, Math.max(wanted, LARGEST_BLOCK_BYTES));
  }

  private void trim() {
    while (first != tail
        && historyLength() - first.used >= backlogBytes
        && first.firstOffset + first.used <= neededFrom) {
      if (first.file != null) {
        spilledBytes -= first.used;
        dropper.drop(first.file);
      }
      first = first.next;
    }
  }

  /**
   * Keeps what lies from {@code offset} on, however long it grows, until the next call; {@link
   * Long#MAX_VALUE} keeps only what the size of the backlog says.
   */
  public void keepFrom(long offset) {
    neededFrom = offset;
    if (tail != null) {
      trim();
    }
  }

  // ---- files

  /** Says who removes files that are no longer needed. */
  public void onFileDropped(FileDropper receiver) {
    dropper = receiver;
  }

  /** Bytes of history in files. */
  public long spilledBytes() {
    return spilledBytes;
  }

  /** Bytes of history in memory. */
  public long memoryBytes() {
    return historyLength() - spilledBytes;
  }

  /** The oldest blocks in memory, {@code bytes} or a little more; null when there are less. */
  public Run oldestRun(int bytes) {
    if (memoryBytes() <= bytes) {
      return null;
    }
    Run run = new Run(afterFiles());
    for (Block block = run.from; block != tail && run.length < bytes; block = block.next) {
      run.pieces.add(block.bytes);
      run.length += block.used;
      run.last = block;
    }
    return run.length < bytes ? null : run;
  }

  private Block afterFiles() {
    Block block = first;
    while (block != null && block.file != null) {
      block = block.next;
    }
    return block;
  }

  /**
   * The bytes of {@code run} lie in {@code file} and leave memory. False when they are no longer
   * part of the history, so that nobody needs the file.
   */
  public boolean spilled(Run run, String file) {
    if (afterFiles() != run.from) {
      return false;
    }
    Block whole = new Block(file, run.length, run.from.firstOffset);
    whole.next = run.last.next;
    Block before = first == run.from ? null : first;
    while (before != null && before.next != run.from) {
      before = before.next;
    }
    if (before == null) {
      first = whole;
    } else {
      before.next = whole;
    }
    Block block = run.from;
    while (block != whole.next) {
      Block following = block.next;
      block.replacement = whole;
      block.bytes = null;
      block.next = null;
      block = following;
    }
    spilledBytes += run.length;
    return true;
  }

  private void dropFiles() {
    for (Block block = first; block != null && block.file != null; block = block.next) {
      dropper.drop(block.file);
    }
    spilledBytes = 0;
  }

  /** Size of the backlog in bytes: at least so much history is kept. */
  public long backlogBytes() {
    return backlogBytes;
  }

  /** Changes the size of the backlog; what is more than enough goes. */
  public void backlogBytes(long bytes) {
    backlogBytes = bytes;
    if (tail != null) {
      trim();
    }
  }

  /** Bytes of history at hand. */
  public long historyLength() {
    return first == null ? 0 : offset + 1 - first.firstOffset;
  }

  /** Offset of the oldest byte at hand, 0 when nothing is recorded. */
  public long firstOffset() {
    return first == null ? 0 : first.firstOffset;
  }

  /** Bytes of memory in blocks of the backlog. */
  public long heldBytes() {
    long held = 0;
    for (Block block = afterFiles(); block != null; block = block.next) {
      held += block.bytes.length;
    }
    return held;
  }

  /** Offset of the oldest byte in memory, 0 when nothing is recorded. */
  public long firstInMemory() {
    return first == null ? 0 : firstOffset() + spilledBytes;
  }

  /** True when the bytes from {@code from} on, up to the last one, are at hand. */
  public boolean covers(long from) {
    return first != null && from >= first.firstOffset && from <= offset + 1;
  }

  /**
   * A cursor whose next byte has offset {@code from}, which must be {@linkplain #covers covered}.
   */
  public Cursor cursorAt(long from) {
    Block block = first;
    while (block.next != null && block.next.firstOffset <= from) {
      block = block.next;
    }
    return new Cursor(block, (int) (from - block.firstOffset));
  }

  /** Begins a new history: the data set is no longer what it was under the old id. */
  public void newHistory(String newId) {
    id = newId;
    forgetSecondId();
  }

  /** Takes over: the history goes on under a new id, and the old one stays valid up to here. */
  public void takeOver(String newId) {
    secondId = id;
    secondIdLimit = offset + 1;
    id = newId;
  }

  /** Forgets the second id. */
  public void forgetSecondId() {
    secondId = NO_ID;
    secondIdLimit = -1;
  }

  /** Restores ids, for a node that goes on where a data file ends. */
  public void restoreIds(String knownId, String knownSecondId, long limit) {
    id = knownId;
    secondId = knownSecondId;
    secondIdLimit = limit;
  }

  /**
   * Goes on, as a primary, where a data file ends: replicas of that history are taken up to {@code
   * fileOffset}, and what was recorded since the start of this node follows it.
   */
  public void continueHistory(String fileId, long fileOffset) {
    secondId = fileId;
    secondIdLimit = fileOffset + 1;
    for (Block block = first; block != null; block = block.next) {
      block.firstOffset += fileOffset;
    }
    offset += fileOffset;
  }

  /**
   * Follows a primary: its id, with {@code lastOffset} as the offset of the last byte; history
   * starts afresh from there.
   */
  public void follow(String primaryId, long lastOffset) {
    newHistory(primaryId);
    restartAt(lastOffset);
  }

  /** Forgets all history; the next byte has offset {@code lastOffset} + 1. */
  public void restartAt(long lastOffset) {
    dropFiles();
    offset = lastOffset;
    first = new Block(blockBytes(LARGEST_BLOCK_BYTES), lastOffset + 1);
    tail = first;
  }

  /** Sets the offset while nothing is recorded. */
  public void resumeAt(long lastOffset) {
    offset = lastOffset;
  }

  /**
   * The bytes from {@code from} to {@code last}, inclusive, which must be in memory, as an array.
   */
  public byte[] copy(long from, long last) {
    byte[] copy = new byte[Math.toIntExact(last + 1 - from)];
    int done = 0;
    Cursor cursor = cursorAt(from);
    for (Block block = cursor.block; done < copy.length; block = block.next) {
      int start = block == cursor.block ? cursor.position : 0;
      int part = Math.min(block.used - start, copy.length - done);
      System.arraycopy(block.bytes, start, copy, done, part);
      done += part;
    }
    return copy;
  }
}
