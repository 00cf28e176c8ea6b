package io.vigil.core.persist.store;

import io.vigil.core.base.Numbers;
import io.vigil.core.keyspace.CollectionValues;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Encoding;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.ItemParts;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.persist.rdb.RdbEncoder;
import io.vigil.core.persist.rdb.RdbFormat;
import io.vigil.core.structure.Listpack;

/**
 * How values stand in an RDB: which of Redis's types says it, and its bytes. What Redis would keep
 * as a listpack or intset is written as one where it lies as one; everything else element by
 * element.
 */
final class ValueEncoder {
  private ValueEncoder() {}

  /** The RDB type of a collection that is one listpack or intset in memory. */
  static int smallType(ValueType type, Encoding encoding) {
    return switch (type) {
      case STRING -> RdbFormat.TYPE_STRING;
      case LIST -> RdbFormat.TYPE_LIST_QUICKLIST_2;
      case SET -> encoding == Encoding.INTSET ? RdbFormat.TYPE_SET_INTSET : RdbFormat.TYPE_SET;
      case ZSET ->
          encoding == Encoding.LISTPACK ? RdbFormat.TYPE_ZSET_LISTPACK : RdbFormat.TYPE_ZSET_2;
      case HASH ->
          encoding == Encoding.LISTPACK ? RdbFormat.TYPE_HASH_LISTPACK : RdbFormat.TYPE_HASH;
    };
  }

  /** The RDB type of a collection that is told element by element. */
  static int bigType(ValueType type) {
    return switch (type) {
      case STRING -> RdbFormat.TYPE_STRING;
      case LIST -> RdbFormat.TYPE_LIST_QUICKLIST_2;
      case SET -> RdbFormat.TYPE_SET;
      case ZSET -> RdbFormat.TYPE_ZSET_2;
      case HASH -> RdbFormat.TYPE_HASH;
    };
  }

  /** Writes a collection that is {@code length} bytes of listpack or intset, by its small type. */
  static void small(RdbEncoder out, int rdbType, byte[] array, int offset, int length) {
    switch (rdbType) {
      case RdbFormat.TYPE_LIST_QUICKLIST_2 -> {
        out.length(1);
        out.length(RdbFormat.NODE_PACKED);
        out.string(array, offset, length);
      }
      case RdbFormat.TYPE_SET, RdbFormat.TYPE_HASH, RdbFormat.TYPE_ZSET_2 ->
          elements(out, rdbType, array, offset);
      default -> out.string(array, offset, length);
    }
  }

  private static void elements(RdbEncoder out, int rdbType, byte[] array, int at) {
    int count = Listpack.count(array, at);
    out.length(rdbType == RdbFormat.TYPE_SET ? count : count / 2);
    if (rdbType == RdbFormat.TYPE_ZSET_2) {
      scored(out, array, at);
      return;
    }
    for (int entry = Listpack.first(array, at);
        entry != Listpack.NONE;
        entry = Listpack.next(array, entry)) {
      byte[] element = Listpack.element(array, entry);
      out.string(element, 0, element.length);
    }
  }

  /** Members with their scores, from the highest to the lowest, as Redis writes them. */
  private static void scored(RdbEncoder out, byte[] array, int at) {
    int scoreEntry = Listpack.last(array, at);
    while (scoreEntry != Listpack.NONE) {
      int entry = Listpack.previous(array, at, scoreEntry);
      byte[] member = Listpack.element(array, entry);
      byte[] score = Listpack.element(array, scoreEntry);
      out.string(member, 0, member.length);
      out.binaryDouble(Numbers.parseDouble(score, 0, score.length));
      scoreEntry = Listpack.previous(array, at, entry);
    }
  }

  /** Writes type and value of a record as it is now. */
  static void record(RdbEncoder out, Database database, long record) {
    ValueType type = database.type(record);
    if (type == ValueType.STRING) {
      byte[] value = database.strings().bytes(record);
      out.octet(RdbFormat.TYPE_STRING);
      out.string(value, 0, value.length);
      return;
    }
    CollectionValues values = database.collections(type);
    if (values.isSmall(record)) {
      int rdbType = smallType(type, database.encoding(record));
      byte[] small = values.smallBytes(record);
      out.octet(rdbType);
      small(out, rdbType, small, 0, small.length);
      return;
    }
    int rdbType = bigType(type);
    out.octet(rdbType);
    out.length(values.parts(record));
    if (type == ValueType.LIST) {
      values.nodes(record, (packed, bytes) -> node(out, packed, bytes));
    } else {
      boolean[] score = {false};
      values.walk(
          record,
          ItemParts.BOTH,
          item -> {
            element(out, item, score[0]);
            score[0] = type == ValueType.ZSET && !score[0];
          });
    }
  }

  private static void node(RdbEncoder out, boolean packed, byte[] bytes) {
    out.length(packed ? RdbFormat.NODE_PACKED : RdbFormat.NODE_PLAIN);
    out.string(bytes, 0, bytes.length);
  }

  private static void element(RdbEncoder out, Item item, boolean score) {
    byte[] bytes = item.bytes();
    if (score) {
      out.binaryDouble(Numbers.parseDouble(bytes, 0, bytes.length));
    } else {
      out.string(bytes, 0, bytes.length);
    }
  }
}
