package io.vigil.core.command.data.list;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.ListValues;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** Commands that add, remove and show elements of one list. */
public final class ListCommands {
  private static final CommandError INDEX = new CommandError("ERR index out of range");

  private ListCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(
        LPUSH, RPUSH, LPUSHX, RPUSHX, LPOP, RPOP, LLEN, LINDEX, LRANGE, LSET, LINSERT, LTRIM, LREM);
  }

  /** The list at a key for reading, 0 for none. */
  static long lookup(DataInvocation call) {
    return call.require(call.database().lookupRead(call.arguments(), 1), ValueType.LIST);
  }

  /** The list at a key for a change, 0 for none. */
  static long lookupWrite(DataInvocation call, int key) {
    return call.require(call.database().lookupWrite(call.arguments(), key), ValueType.LIST);
  }

  // ---- Adding ----

  static final CommandSpec LPUSH =
      command("lpush")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().insert())
          .history("2.4.0", "Takes any number of elements.")
          .arguments(keyArg("key"), arg("element", Type.STRING).multiple())
          .summary("Adds elements before the first one of a list; a missing key becomes one.")
          .complexity("O(1) for each element, so O(N) for N elements of one call.")
          .handler((DataInvocation call) -> push(call, true, false));

  static void push(DataInvocation call, boolean atHead, boolean onlyExisting) {
    ListValues lists = call.database().lists();
    long record = lookupWrite(call, 1);
    if (record == 0 && onlyExisting) {
      call.reply().integer(0);
      return;
    }
    if (record == 0) {
      record = lists.create(call.arguments(), 1);
    }
    for (int i = 2; i < call.count(); i++) {
      record = lists.push(record, atHead, call.arguments(), i);
    }
    call.reply().integer(lists.count(record));
    call.modified(1);
    call.event(NotifyClass.LIST, atHead ? "lpush" : "rpush", 1);
    call.dirty(call.count() - 2L);
  }

  static final CommandSpec RPUSH =
      command("rpush")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().insert())
          .history("2.4.0", "Takes any number of elements.")
          .arguments(keyArg("key"), arg("element", Type.STRING).multiple())
          .summary("Adds elements after the last one of a list; a missing key becomes one.")
          .complexity("O(1) for each element, so O(N) for N elements of one call.")
          .handler((DataInvocation call) -> push(call, false, false));

  static final CommandSpec LPUSHX =
      command("lpushx")
          .group(CommandGroup.LIST)
          .since("2.2.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().insert())
          .history("4.0.0", "Takes any number of elements.")
          .arguments(keyArg("key"), arg("element", Type.STRING).multiple())
          .summary("Adds elements before the first one of a list, if there is one.")
          .complexity("O(1) for each element, so O(N) for N elements of one call.")
          .handler((DataInvocation call) -> push(call, true, true));

  static final CommandSpec RPUSHX =
      command("rpushx")
          .group(CommandGroup.LIST)
          .since("2.2.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().insert())
          .history("4.0.0", "Takes any number of elements.")
          .arguments(keyArg("key"), arg("element", Type.STRING).multiple())
          .summary("Adds elements after the last one of a list, if there is one.")
          .complexity("O(1) for each element, so O(N) for N elements of one call.")
          .handler((DataInvocation call) -> push(call, false, true));

  static final CommandSpec LINSERT =
      command("linsert")
          .group(CommandGroup.LIST)
          .since("2.2.0")
          .arity(5)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().insert())
          .arguments(
              keyArg("key"),
              oneOf("where", flag("before", "BEFORE"), flag("after", "AFTER")),
              arg("pivot", Type.STRING),
              arg("element", Type.STRING))
          .summary("Puts an element before or after another one of a list.")
          .complexity("O(N) where N is the number of elements before the pivot.")
          .handler((DataInvocation call) -> insert(call));

  static void insert(DataInvocation call) {
    boolean after = call.is(2, "AFTER");
    if (!after && !call.is(2, "BEFORE")) {
      throw CommandError.SYNTAX;
    }
    ListValues lists = call.database().lists();
    Arguments words = call.arguments();
    long record = lookupWrite(call, 1);
    if (record == 0) {
      call.reply().integer(0);
      return;
    }
    long[] found = {-1};
    lists.visit(
        record,
        0,
        false,
        (index, element) -> {
          boolean equal = element.equal(words.array(3), words.offset(3), words.length(3));
          found[0] = equal ? index : -1;
          return !equal;
        });
    if (found[0] < 0) {
      call.reply().integer(-1);
      return;
    }
    long index = after ? found[0] + 1 : found[0];
    record = lists.insert(record, index, words.array(4), words.offset(4), words.length(4));
    call.modified(1);
    call.event(NotifyClass.LIST, "linsert", 1);
    call.dirty(1);
    call.reply().integer(lists.count(record));
  }

  static final CommandSpec LSET =
      command("lset")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().update())
          .arguments(keyArg("key"), arg("index", Type.INTEGER), arg("element", Type.STRING))
          .summary("Overwrites the element of a list at an index.")
          .complexity("O(N) where N is the length of the list; O(1) at either end.")
          .handler((DataInvocation call) -> set(call));

  static void set(DataInvocation call) {
    ListValues lists = call.database().lists();
    Arguments words = call.arguments();
    long record = lookupWrite(call, 1);
    if (record == 0) {
      throw CommandError.NO_SUCH_KEY;
    }
    long index = call.integer(2);
    long count = lists.count(record);
    index = index < 0 ? index + count : index;
    if (index < 0 || index >= count) {
      throw INDEX;
    }
    lists.set(record, index, words.array(3), words.offset(3), words.length(3));
    call.reply().ok();
    call.modified(1);
    call.event(NotifyClass.LIST, "lset", 1);
    call.dirty(1);
  }

  // ---- Removing ----

  static final CommandSpec LPOP =
      command("lpop")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().access().delete())
          .history("6.2.0", "Takes the argument `count`.")
          .arguments(keyArg("key"), arg("count", Type.INTEGER).since("6.2.0").optional())
          .summary("Removes and returns the first elements of a list.")
          .complexity("O(N) where N is the number of elements returned")
          .handler((DataInvocation call) -> pop(call, true));

  static void pop(DataInvocation call, boolean atHead) {
    if (call.count() > 3) {
      throw call.wrongArity();
    }
    boolean counted = call.count() == 3;
    long count = counted ? call.integer(2, CommandError.OUT_OF_RANGE) : 1;
    if (count < 0) {
      throw CommandError.OUT_OF_RANGE;
    }
    long record = lookupWrite(call, 1);
    if (record == 0) {
      if (counted) {
        call.reply().nullArray();
      } else {
        call.reply().nil();
      }
    } else if (count == 0) {
      call.reply().emptyArray();
    } else if (counted) {
      ListPops.popRange(call, record, 1, atHead, count);
    } else {
      ListPops.popOne(call, record, 1, atHead);
    }
  }

  static final CommandSpec RPOP =
      command("rpop")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().access().delete())
          .history("6.2.0", "Takes the argument `count`.")
          .arguments(keyArg("key"), arg("count", Type.INTEGER).since("6.2.0").optional())
          .summary("Removes and returns the last elements of a list.")
          .complexity("O(N) where N is the number of elements returned")
          .handler((DataInvocation call) -> pop(call, false));

  static final CommandSpec LTRIM =
      command("ltrim")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().delete())
          .arguments(keyArg("key"), arg("start", Type.INTEGER), arg("stop", Type.INTEGER))
          .summary("Removes all elements of a list but those in a range.")
          .complexity("O(N) where N is the number of elements to be removed by the operation.")
          .handler((DataInvocation call) -> trim(call));

  static void trim(DataInvocation call) {
    long first = call.integer(2);
    long last = call.integer(3);
    long record = lookupWrite(call, 1);
    if (record == 0) {
      call.reply().ok();
      return;
    }
    ListValues lists = call.database().lists();
    long count = lists.count(record);
    first = Math.max(0, first < 0 ? first + count : first);
    last = Math.min(count - 1, last < 0 ? last + count : last);
    boolean empty = first > last || first >= count;
    long before = empty ? count : first;
    long after = empty ? 0 : count - 1 - last;
    if (after > 0) {
      record = lists.remove(record, count - after, after);
    }
    record = lists.remove(record, 0, before);
    call.event(NotifyClass.LIST, "ltrim", 1);
    if (record == 0) {
      call.event(NotifyClass.GENERIC, "del", 1);
    }
    call.modified(1);
    call.dirty(before + after);
    call.reply().ok();
  }

  static final CommandSpec LREM =
      command("lrem")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(4)
          .flags(CommandFlag.WRITE)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().delete())
          .arguments(keyArg("key"), arg("count", Type.INTEGER), arg("element", Type.STRING))
          .summary("Removes elements of a list that are equal to one.")
          .complexity(
              "O(N+M) where N is the length of the list and M is the number of elements removed.")
          .handler((DataInvocation call) -> remove(call));

  static void remove(DataInvocation call) {
    long wanted = call.integer(2);
    long record = lookupWrite(call, 1);
    if (record == 0) {
      call.reply().integer(0);
      return;
    }
    ListValues lists = call.database().lists();
    Arguments words = call.arguments();
    boolean backwards = wanted < 0;
    long limit = wanted == 0 ? Long.MAX_VALUE : Math.abs(wanted);
    IndexList found = new IndexList();
    lists.visit(
        record,
        backwards ? lists.count(record) - 1 : 0,
        backwards,
        (index, element) -> {
          if (element.equal(words.array(3), words.offset(3), words.length(3))) {
            found.add(index);
          }
          return found.size() < limit;
        });
    removeAll(lists, record, found, backwards);
    if (found.size() > 0) {
      call.modified(1);
      call.event(NotifyClass.LIST, "lrem", 1);
      if (lists.record() == 0) {
        call.event(NotifyClass.GENERIC, "del", 1);
      }
      call.dirty(found.size());
    }
    call.reply().integer(found.size());
  }

  /** Removes the elements at indices from the highest down, so that the others stay right. */
  private static void removeAll(
      ListValues lists, long record, IndexList indices, boolean descending) {
    int count = indices.size();
    long current = record;
    int i = 0;
    while (i < count) {
      long last = indices.get(descending ? i : count - 1 - i);
      long first = last;
      i++;
      while (i < count && indices.get(descending ? i : count - 1 - i) == first - 1) {
        first--;
        i++;
      }
      current = lists.remove(current, first, last - first + 1);
    }
  }

  // ---- Showing ----

  static final CommandSpec LLEN =
      command("llen")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.LIST)
          .keys(key(1).ro())
          .arguments(keyArg("key"))
          .summary("Returns the number of elements of a list.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> length(call));

  static void length(DataInvocation call) {
    long record = lookup(call);
    call.reply().integer(record == 0 ? 0 : call.database().lists().count(record));
  }

  static final CommandSpec LINDEX =
      command("lindex")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.LIST)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("index", Type.INTEGER))
          .summary("Returns the element of a list at an index.")
          .complexity(
              "O(N) where N is the number of elements between the index and the nearer end.")
          .handler((DataInvocation call) -> index(call));

  static void index(DataInvocation call) {
    long record = lookup(call);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    ListValues lists = call.database().lists();
    long index = call.integer(2);
    long count = lists.count(record);
    index = index < 0 ? index + count : index;
    if (index < 0 || index >= count) {
      call.reply().nil();
    } else {
      lists.get(record, index).writeTo(call.reply());
    }
  }

  static final CommandSpec LRANGE =
      command("lrange")
          .group(CommandGroup.LIST)
          .since("1.0.0")
          .arity(4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.LIST)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("start", Type.INTEGER), arg("stop", Type.INTEGER))
          .summary("Returns the elements of a list in a range.")
          .complexity(
              "O(S+N) where S is the distance of the range from the nearer end and N its length.")
          .handler((DataInvocation call) -> range(call));

  static void range(DataInvocation call) {
    long first = call.integer(2);
    long last = call.integer(3);
    long record = lookup(call);
    if (record == 0) {
      call.reply().emptyArray();
      return;
    }
    long count = call.database().lists().count(record);
    first = Math.max(0, first < 0 ? first + count : first);
    last = Math.min(count - 1, last < 0 ? last + count : last);
    if (first > last) {
      call.reply().emptyArray();
    } else {
      ListPops.replyRange(call, record, first, last - first + 1, false);
    }
  }
}
