package io.vigil.core.keyspace;

import io.vigil.core.base.Numbers;
import io.vigil.core.base.OutputBuffer;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.structure.Listpack;

/**
 * A view of one string of a collection - a field, a value, a member - wherever it lies: bytes in an
 * array, an integer, or a long string in chunks. Reused; good until the collection, or the
 * database, is next changed or asked.
 */
public final class Item {
  private final byte[] digits = new byte[Numbers.MAX_LONG_CHARS];
  private byte[] array;
  private int offset;
  private int length;
  private Records records;
  private long root;
  private boolean integer;
  private long value;

  Item text(byte[] bytes, int from, int size) {
    array = bytes;
    offset = from;
    length = size;
    root = 0;
    integer = false;
    return this;
  }

  Item integer(long number) {
    integer = true;
    value = number;
    root = 0;
    array = digits;
    offset = 0;
    length = -1;
    return this;
  }

  Item entry(byte[] bytes, int entry) {
    return Listpack.isInteger(bytes, entry)
        ? integer(Listpack.integer(bytes, entry))
        : text(bytes, Listpack.textOffset(bytes, entry), Listpack.textLength(bytes, entry));
  }

  Item big(Records owner, long bigRoot) {
    records = owner;
    root = bigRoot;
    integer = false;
    return this;
  }

  /** The key of a record. */
  Item key(Records owner, long record) {
    long keyRoot = owner.keyRoot(record);
    if (keyRoot != 0) {
      return big(owner, keyRoot);
    }
    long address = owner.keyAddress(record);
    return text(
        owner.pages.array(address),
        io.vigil.core.memory.Pages.index(address),
        owner.keyLength(record));
  }

  /** The value of a record that is a string. */
  Item stringValue(Records owner, long record) {
    long address = owner.value(record);
    if (owner.hasLongValue(record)) {
      return big(owner, owner.pages.getLong(address));
    }
    if (owner.encoding(record) == Encoding.INT.code()) {
      return integer(owner.pages.getLong(address));
    }
    return text(
        owner.pages.array(address),
        io.vigil.core.memory.Pages.index(address) + 2,
        owner.pages.getShort(address));
  }

  private void spell() {
    if (integer && length < 0) {
      length = Numbers.writeLong(value, digits, 0);
    }
  }

  /** Its length in bytes, an integer's as text. */
  public long length() {
    if (root != 0) {
      return records.big.length(root);
    }
    return integer ? Numbers.longLength(value) : length;
  }

  /** True when the item is kept as an integer; one that only spells an integer may not be. */
  public boolean isInteger() {
    return integer;
  }

  /** The number of an item that {@link #isInteger}. */
  public long integer() {
    return value;
  }

  /** The root of a string in chunks, or 0. */
  long root() {
    return root;
  }

  /** Whose chunks those are. */
  Records records() {
    return records;
  }

  /** The array of an item that is no string in chunks. */
  byte[] array() {
    spell();
    return array;
  }

  int offset() {
    return offset;
  }

  /** A copy of its bytes. */
  public byte[] bytes() {
    byte[] copy = new byte[Math.toIntExact(length())];
    copy(0, copy, 0, copy.length);
    return copy;
  }

  /** Copies part of it; the range must lie within it. */
  public void copy(long from, byte[] target, int at, int size) {
    if (root != 0) {
      records.big.read(root, from, target, at, size);
    } else {
      spell();
      System.arraycopy(array, offset + (int) from, target, at, size);
    }
  }

  /** True when it is this text. */
  public boolean equal(byte[] text, int from, int size) {
    if (root != 0) {
      return records.big.equal(root, text, from, size);
    }
    spell();
    return length == size
        && java.util.Arrays.equals(array, offset, offset + length, text, from, from + size);
  }

  /** Answers it as a bulk string. */
  public void writeTo(ReplyWriter reply) {
    if (root != 0) {
      long size = records.big.length(root);
      OutputBuffer output = reply.output();
      reply.bulkHeader(size);
      records.big.copyOut(root, 0, size, output);
      reply.crlf();
    } else if (integer) {
      reply.bulkInteger(value);
    } else {
      reply.bulk(array, offset, length);
    }
  }
}
