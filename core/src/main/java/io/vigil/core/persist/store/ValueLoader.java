package io.vigil.core.persist.store;

import io.vigil.core.base.Numbers;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbException.Kind;
import io.vigil.core.persist.rdb.RdbFormat;
import io.vigil.core.persist.rdb.RdbValue;
import io.vigil.core.persist.rdb.ValueVisitor;
import io.vigil.core.structure.ElementSink;
import io.vigil.core.structure.Intset;
import io.vigil.core.structure.Listpack;
import io.vigil.core.structure.OldEncodings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a value as it stands in an RDB to a value of a key, one at a time: {@link #begin}, elements
 * if there are any, {@link #attach}. Whatever encoding a collection comes in, it is checked whole
 * and then built of its elements, so that nothing from outside reaches the data set unchecked.
 */
final class ValueLoader implements ValueVisitor {
  /** What an element takes beside its bytes, for the question whether there is room. */
  private static final int ELEMENT_BYTES = 64;

  private Database database;
  private CollectionBuilder builder;
  private RdbValue.Text view;
  private boolean pairs;
  private boolean scored;
  private boolean memberTold;

  /** Begins a value; a packed one is whole with this. */
  void begin(Database target, RdbValue value) throws RdbException {
    database = target;
    builder = null;
    view = null;
    switch (value) {
      case RdbValue.Text string -> view = string;
      case RdbValue.Packed packed -> {
        open(packed.type());
        packed(packed.type(), packed.array(), packed.offset(), packed.length());
      }
      case RdbValue.Elements elements -> open(elements.type());
    }
  }

  private void open(int rdbType) {
    ValueType type =
        switch (rdbType) {
          case RdbFormat.TYPE_LIST,
              RdbFormat.TYPE_LIST_ZIPLIST,
              RdbFormat.TYPE_LIST_QUICKLIST,
              RdbFormat.TYPE_LIST_QUICKLIST_2 ->
              ValueType.LIST;
          case RdbFormat.TYPE_SET, RdbFormat.TYPE_SET_INTSET, RdbFormat.TYPE_SET_LISTPACK ->
              ValueType.SET;
          case RdbFormat.TYPE_HASH,
              RdbFormat.TYPE_HASH_ZIPMAP,
              RdbFormat.TYPE_HASH_ZIPLIST,
              RdbFormat.TYPE_HASH_LISTPACK ->
              ValueType.HASH;
          default -> ValueType.ZSET;
        };
    builder = database.builder(type);
    pairs = type == ValueType.HASH || type == ValueType.ZSET;
    // Packed sorted sets have their scores as text between the members.
    scored = type == ValueType.ZSET;
    memberTold = false;
  }

  private void packed(int rdbType, byte[] array, int offset, int length) throws RdbException {
    switch (rdbType) {
      case RdbFormat.TYPE_SET_INTSET -> intset(array, offset, length);
      case RdbFormat.TYPE_HASH_LISTPACK,
          RdbFormat.TYPE_ZSET_LISTPACK,
          RdbFormat.TYPE_SET_LISTPACK ->
          listpack(array, offset, length);
      case RdbFormat.TYPE_HASH_ZIPMAP -> old("Zipmap", array, offset, length);
      default -> old("Ziplist", array, offset, length);
    }
    if (memberTold) {
      throw corrupt("a collection of pairs with an odd number of elements");
    }
  }

  private void listpack(byte[] array, int offset, int length) throws RdbException {
    if (!Listpack.isIntact(array, offset, length)) {
      throw corrupt("Listpack integrity check failed.");
    }
    for (int entry = Listpack.first(array, offset);
        entry != Listpack.NONE;
        entry = Listpack.next(array, entry)) {
      byte[] element = Listpack.element(array, entry);
      item(element, 0, element.length);
    }
  }

  private void intset(byte[] array, int offset, int length) throws RdbException {
    if (!Intset.isIntact(array, offset, length)) {
      throw corrupt("Intset integrity check failed.");
    }
    int count = Intset.count(array, offset);
    for (int i = 0; i < count; i++) {
      byte[] element = Numbers.longBytes(Intset.get(array, offset, i));
      item(element, 0, element.length);
    }
  }

  private void old(String kind, byte[] array, int offset, int length) throws RdbException {
    List<byte[]> elements = new ArrayList<>();
    ElementSink collect =
        (bytes, from, size) -> elements.add(Arrays.copyOfRange(bytes, from, from + size));
    boolean intact =
        kind.equals("Zipmap")
            ? OldEncodings.zipmap(array, offset, length, collect)
            : OldEncodings.ziplist(array, offset, length, collect);
    if (!intact) {
      throw corrupt(kind + " integrity check failed.");
    }
    for (byte[] element : elements) {
      item(element, 0, element.length);
    }
  }

  /** An item of a packed collection. */
  private void item(byte[] array, int offset, int length) throws RdbException {
    if (scored && memberTold) {
      double score = Numbers.parseDouble(array, offset, length);
      if (Double.isNaN(score)) {
        throw corrupt("a score that is no number");
      }
      score(score);
    } else {
      element(array, offset, length);
    }
    memberTold = pairs && !memberTold;
  }

  @Override
  public void element(byte[] array, int offset, int length) throws RdbException {
    if (!database.keyspace().canTake(database, (long) length + ELEMENT_BYTES)) {
      throw new RdbException(
          Kind.CORRUPT,
          0,
          "not enough memory for the data: the limit is "
              + database.keyspace().memory().limitBytes()
              + " bytes");
    }
    if (!builder.add(array, offset, length)) {
      throw corrupt("Duplicate elements detected");
    }
  }

  @Override
  public void score(double score) throws RdbException {
    if (!builder.score(score)) {
      throw corrupt("Duplicate zset fields detected");
    }
  }

  @Override
  public void node(int type, byte[] array, int offset, int length) throws RdbException {
    switch (type) {
      case RdbFormat.NODE_PLAIN -> element(array, offset, length);
      case RdbFormat.NODE_PACKED -> listpack(array, offset, length);
      default -> old("Ziplist", array, offset, length);
    }
  }

  /** True when the value is a collection without elements, which no key may have. */
  boolean isEmpty() {
    return builder != null && builder.count() == 0;
  }

  /** Makes the value that of a key; what was there is gone. */
  void attach(byte[] key, int offset, int length, long deadlineMs) {
    if (builder != null) {
      builder.attach(key, offset, length, deadlineMs);
      builder = null;
    } else {
      database
          .strings()
          .set(key, offset, length, view.array(), view.offset(), view.length(), deadlineMs);
    }
  }

  /** Forgets the value. */
  void abandon() {
    if (builder != null) {
      builder.abandon();
      builder = null;
    }
  }

  private static RdbException corrupt(String reason) {
    return new RdbException(Kind.CORRUPT, 0, reason);
  }
}
