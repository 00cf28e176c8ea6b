package io.vigil.core.command.data.list;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.ListValues;
import io.vigil.core.keyspace.NotifyClass;

/** What commands that take elements off an end have in common. */
final class ListPops {
  private ListPops() {}

  /** Answers so many elements from an index on, as an array; {@code reverse} from the last one. */
  static void replyRange(
      DataInvocation call, long record, long first, long count, boolean reverse) {
    call.reply().array(count);
    long[] left = {count};
    call.database()
        .lists()
        .visit(
            record,
            reverse ? first + count - 1 : first,
            reverse,
            (index, element) -> {
              element.writeTo(call.reply());
              left[0]--;
              return left[0] > 0;
            });
  }

  /** Removes and answers the element at an end. */
  static void popOne(DataInvocation call, long record, int key, boolean atHead) {
    ListValues lists = call.database().lists();
    long index = atHead ? 0 : lists.count(record) - 1;
    lists.get(record, index).writeTo(call.reply());
    removed(call, lists.remove(record, index, 1), key, atHead, 1);
  }

  /** Removes and answers, as an array, up to {@code count} elements; returns how many. */
  static long popRange(DataInvocation call, long record, int key, boolean atHead, long count) {
    ListValues lists = call.database().lists();
    long length = lists.count(record);
    long taken = Math.min(count, length);
    long first = atHead ? 0 : length - taken;
    replyRange(call, record, first, taken, !atHead);
    removed(call, lists.remove(record, first, taken), key, atHead, taken);
    return taken;
  }

  /** Says that elements were taken off an end. */
  static void removed(DataInvocation call, long record, int key, boolean atHead, long count) {
    call.event(NotifyClass.LIST, atHead ? "lpop" : "rpop", key);
    if (record == 0) {
      call.event(NotifyClass.GENERIC, "del", key);
    }
    call.modified(key);
    call.dirty(count);
  }
}
