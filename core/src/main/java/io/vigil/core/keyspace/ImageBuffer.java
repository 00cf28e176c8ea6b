package io.vigil.core.keyspace;

import io.vigil.core.base.Invariant;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Images of records, copied out of the data set into an array of its own, so that another thread
 * may encode them while the data set goes on. Filled by {@link SnapshotCursor#step}, then read once
 * by {@link #next} and the getters, then cleared for the next filling. One thread at a time.
 *
 * <p>A small collection is its listpack or intset, as it lies in memory, whatever its encoding is
 * called. A big one comes as a stream of items (see {@link ItemStream}): {@link #hasItems} is true
 * of its first image, which has no piece, and {@link #valueLength} tells the number of elements, of
 * a list that of nodes; pieces of the stream follow as continuations.
 *
 * <p>A value longer than a block comes in pieces: the first image has the key and the first piece,
 * and {@link #valueLength} tells the whole length; further images are continuations, next to one
 * another, maybe in the next filling, until the length is reached.
 *
 * <pre>
 *   image  [bytes of image 4][flags 1: 1 continuation, 2 items follow][type 1][encoding 1][frequency 1][idle seconds 4][database 4]
 *          [deadline 8][whole length of value 8][length of key 4][length of piece 4][key][piece]
 * </pre>
 */
public final class ImageBuffer {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HEADER_BYTES = 40;

  private byte[] array;
  private int length;
  private int next;
  private int image;

  /**
   * @param capacityBytes room at the start; it grows by what the last bucket of a step holds
   */
  public ImageBuffer(int capacityBytes) {
    array = new byte[capacityBytes];
  }

  /** Bytes filled. */
  public int length() {
    return length;
  }

  /** Bytes that can be filled without growing. */
  public int capacity() {
    return array.length;
  }

  /** Empties the buffer for the next filling. */
  public void clear() {
    length = 0;
    next = 0;
  }

  // ---- Reading ----

  /** Goes to the next image; false at the end. The getters tell of it. */
  public boolean next() {
    if (next == length) {
      return false;
    }
    image = next;
    next += (int) INT.get(array, image);
    return true;
  }

  /** True when this is a further piece of the value of the image before. */
  public boolean isContinuation() {
    return array[image + 4] == 1;
  }

  /** True when the value is a big collection, whose items follow as continuations. */
  public boolean hasItems() {
    return array[image + 4] == 2;
  }

  public ValueType type() {
    return ValueType.of(array[image + 5]);
  }

  public Encoding encoding() {
    return Encoding.of(array[image + 6]);
  }

  /** The LFU counter, 0 to 255; of no meaning without an LFU policy. */
  public int frequency() {
    return array[image + 7] & 0xff;
  }

  /** Seconds since the last use; of no meaning under an LFU policy. */
  public long idleSeconds() {
    return (int) INT.get(array, image + 8);
  }

  public int database() {
    return (int) INT.get(array, image + 12);
  }

  /** Milliseconds since 1970, or {@link Database#NO_DEADLINE}. */
  public long deadlineMs() {
    return (long) LONG.get(array, image + 16);
  }

  /** Length of the whole value in bytes; 8 for an int. */
  public long valueLength() {
    return (long) LONG.get(array, image + 24);
  }

  /** The array that holds key and value. */
  public byte[] array() {
    return array;
  }

  public int keyOffset() {
    return image + HEADER_BYTES;
  }

  /** 0 for a continuation. */
  public int keyLength() {
    return (int) INT.get(array, image + 32);
  }

  public int valueOffset() {
    return image + HEADER_BYTES + keyLength();
  }

  /** Length of the piece of the value that is here: the whole, unless the value is long. */
  public int pieceLength() {
    return (int) INT.get(array, image + 36);
  }

  /** The number of a string in the encoding {@link Encoding#INT}. */
  public long integer() {
    return (long) LONG.get(array, valueOffset());
  }

  // ---- Filling ----

  /**
   * Begins an image; {@link #keyOffset} and {@link #valueOffset} then say where to write key and
   * piece.
   */
  void begin(
      int database,
      Records records,
      long record,
      AccessClock clock,
      int keyLength,
      long valueLength,
      int pieceLength) {
    open(database, keyLength, valueLength, pieceLength);
    int accessClock = records.clock(record);
    array[image + 4] = 0;
    array[image + 5] = (byte) records.type(record);
    array[image + 6] = (byte) records.encoding(record);
    array[image + 7] = (byte) clock.frequency(accessClock);
    INT.set(array, image + 8, (int) clock.idleSeconds(accessClock));
    LONG.set(array, image + 16, records.deadlineMs(record));
  }

  /** Says of the image begun last that its value follows as items. */
  void itemsFollow() {
    array[image + 4] = 2;
  }

  /** Begins a further piece of the value of the last image. */
  void beginContinuation(int database, int type, long valueLength, int pieceLength) {
    open(database, 0, valueLength, pieceLength);
    array[image + 4] = 1;
    array[image + 5] = (byte) type;
    array[image + 6] = 0;
    array[image + 7] = 0;
    INT.set(array, image + 8, 0);
    LONG.set(array, image + 16, Database.NO_DEADLINE);
  }

  private void open(int database, int keyLength, long valueLength, int pieceLength) {
    long end = (long) length + HEADER_BYTES + keyLength + pieceLength;
    if (end > array.length) {
      Invariant.check(end < Integer.MAX_VALUE - 64, "image too large");
      array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 64, end + end / 4));
    }
    image = length;
    length = (int) end;
    INT.set(array, image, (int) end - image);
    INT.set(array, image + 12, database);
    LONG.set(array, image + 24, valueLength);
    INT.set(array, image + 32, keyLength);
    INT.set(array, image + 36, pieceLength);
  }
}
