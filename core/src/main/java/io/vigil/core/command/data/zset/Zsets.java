package io.vigil.core.command.data.zset;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.CollectionBuilder;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Item;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.keyspace.ZsetValues;
import io.vigil.core.spec.CommandError;

/** What the commands of sorted sets have in common. */
public final class Zsets {
  private Zsets() {}

  static ZsetValues values(DataInvocation call) {
    return call.database().zsets();
  }

  /** The sorted set at the key at argument {@code index} for reading, 0 for none. */
  public static long lookup(DataInvocation call, int index) {
    return call.require(call.database().lookupRead(call.arguments(), index), ValueType.ZSET);
  }

  /** The sorted set at the key at argument {@code index} for a change, 0 for none. */
  static long lookupWrite(DataInvocation call, int index) {
    return call.require(call.database().lookupWrite(call.arguments(), index), ValueType.ZSET);
  }

  /** The word at {@code index} as a score, or {@code otherwise}. */
  static double score(DataInvocation call, int index, CommandError otherwise) {
    Arguments words = call.arguments();
    double score =
        Numbers.parseDouble(words.array(index), words.offset(index), words.length(index));
    if (Double.isNaN(score)) {
      throw otherwise;
    }
    return score;
  }

  /** Tells of members removed from the key at argument {@code index}, which is gone if empty. */
  static void removed(DataInvocation call, int index, String event, long changes) {
    call.modified(index);
    call.event(NotifyClass.ZSET, event, index);
    if (values(call).record() == 0) {
      call.event(NotifyClass.GENERIC, "del", index);
    }
    call.dirty(changes);
  }

  /** Answers that so many elements follow. */
  static void header(DataInvocation call, long count, boolean withScores) {
    boolean flat = withScores && call.reply().protocol() == 2;
    call.reply().array(flat ? 2 * count : count);
  }

  /** Answers with one element. */
  static void element(DataInvocation call, Item member, double score, boolean withScores) {
    if (withScores && call.reply().protocol() > 2) {
      call.reply().array(2);
    }
    member.writeTo(call.reply());
    if (withScores) {
      call.reply().doubleValue(score);
    }
  }

  /**
   * Makes what was put together the value of the key at argument {@code index}, or deletes the key
   * when it is empty; answers with the number of elements.
   */
  public static void store(
      DataInvocation call, int index, CollectionBuilder builder, String event) {
    Arguments words = call.arguments();
    long count = builder.count();
    if (count > 0) {
      builder.attach(
          words.array(index), words.offset(index), words.length(index), Database.NO_DEADLINE);
      call.modified(index);
      call.event(NotifyClass.ZSET, event, index);
      call.dirty(1);
    } else if (call.database().delete(words, index)) {
      call.modified(index);
      call.event(NotifyClass.GENERIC, "del", index);
      call.dirty(1);
    }
    call.reply().integer(count);
  }
}
