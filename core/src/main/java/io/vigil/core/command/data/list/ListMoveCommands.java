package io.vigil.core.command.data.list;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Numbers;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.Words;
import io.vigil.core.keyspace.ListValues;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/**
 * Commands that take elements off one of several lists or move them to another, and their forms
 * that wait for an element.
 */
public final class ListMoveCommands {
  private static final byte[] LPOP = Words.ascii("LPOP");
  private static final byte[] RPOP = Words.ascii("RPOP");
  private static final byte[] LMOVE_WORD = Words.ascii("LMOVE");
  private static final byte[] RPOPLPUSH_WORD = Words.ascii("RPOPLPUSH");

  private ListMoveCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(LMOVE, RPOPLPUSH, LMPOP, BLPOP, BRPOP, BLMOVE, BRPOPLPUSH, BLMPOP);
  }

  private static ArgumentSpec end(String name) {
    return oneOf(name, flag("left", "LEFT"), flag("right", "RIGHT"));
  }

  /** True for LEFT, the head. */
  private static boolean isHead(DataInvocation call, int index) {
    if (call.is(index, "LEFT")) {
      return true;
    }
    if (call.is(index, "RIGHT")) {
      return false;
    }
    throw CommandError.SYNTAX;
  }

  // ---- From list to list ----

  static final CommandSpec LMOVE =
      command("lmove")
          .group(CommandGroup.LIST)
          .since("6.2.0")
          .arity(5)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().access().delete(), key(2).rw().insert())
          .arguments(
              keyArg("source"), keyArg("destination").keySpec(1), end("wherefrom"), end("whereto"))
          .summary("Moves the element at an end of a list to an end of another one and returns it.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> move(call));

  static void move(DataInvocation call) {
    boolean fromHead = isHead(call, 3);
    boolean toHead = isHead(call, 4);
    long source = ListCommands.lookupWrite(call, 1);
    if (source == 0) {
      call.reply().nil();
    } else {
      move(call, fromHead, toHead);
    }
  }

  private static void move(DataInvocation call, boolean fromHead, boolean toHead) {
    ListValues lists = call.database().lists();
    ListCommands.lookupWrite(call, 2);
    // The lookup of the one may have moved the other.
    long source = ListCommands.lookupWrite(call, 1);
    long index = fromHead ? 0 : lists.count(source) - 1;
    byte[] element = lists.get(source, index).bytes();
    boolean turns = call.sameWords(1, 2);
    long left;
    if (turns) {
      // A list of one element must not vanish on the way.
      left = lists.push(source, toHead, element, 0, element.length);
      left =
          lists.remove(left, fromHead ? (toHead ? 1 : 0) : lists.count(left) - (toHead ? 1 : 2), 1);
    } else {
      left = lists.remove(source, index, 1);
      long target = ListCommands.lookupWrite(call, 2);
      if (target == 0) {
        target = lists.create(call.arguments(), 2);
      }
      lists.push(target, toHead, element, 0, element.length);
    }
    call.modified(2);
    call.event(NotifyClass.LIST, toHead ? "lpush" : "rpush", 2);
    call.reply().bulk(element);
    ListPops.removed(call, left, 1, fromHead, 1);
  }

  static final CommandSpec RPOPLPUSH =
      command("rpoplpush")
          .group(CommandGroup.LIST)
          .since("1.2.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().access().delete(), key(2).rw().insert())
          .deprecated("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments")
          .arguments(keyArg("source"), keyArg("destination").keySpec(1))
          .summary(
              "Moves the last element of a list before the first one of another and returns it.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> moveLastToHead(call));

  static void moveLastToHead(DataInvocation call) {
    if (ListCommands.lookupWrite(call, 1) == 0) {
      call.reply().nil();
    } else {
      move(call, false, true);
    }
  }

  static final CommandSpec BLMOVE =
      command("blmove")
          .group(CommandGroup.LIST)
          .since("6.2.0")
          .arity(6)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.NOSCRIPT, CommandFlag.BLOCKING)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().access().delete(), key(2).rw().insert())
          .arguments(
              keyArg("source"),
              keyArg("destination").keySpec(1),
              end("wherefrom"),
              end("whereto"),
              arg("timeout", Type.DOUBLE))
          .summary(
              "Moves an element from list to list as LMOVE does, and waits for one if there is"
                  + " none.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> moveOrWait(call));

  static void moveOrWait(DataInvocation call) {
    boolean fromHead = isHead(call, 3);
    boolean toHead = isHead(call, 4);
    moveOrWait(call, fromHead, toHead, call.timeoutMs(5));
  }

  private static void moveOrWait(
      DataInvocation call, boolean fromHead, boolean toHead, long timeoutMs) {
    if (ListCommands.lookupWrite(call, 1) == 0) {
      if (!call.waitForKeys(1, 1, ValueType.LIST, timeoutMs)) {
        call.reply().nil();
      }
      return;
    }
    move(call, fromHead, toHead);
    if (call.count() == 6) {
      call.rewrite(
          LMOVE_WORD,
          call.arguments().copy(1),
          call.arguments().copy(2),
          call.arguments().copy(3),
          call.arguments().copy(4));
    } else {
      call.rewrite(RPOPLPUSH_WORD, call.arguments().copy(1), call.arguments().copy(2));
    }
  }

  static final CommandSpec BRPOPLPUSH =
      command("brpoplpush")
          .group(CommandGroup.LIST)
          .since("2.2.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.NOSCRIPT, CommandFlag.BLOCKING)
          .categories(AclCategory.LIST)
          .keys(key(1).rw().access().delete(), key(2).rw().insert())
          .deprecated("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments")
          .history("6.0.0", "The timeout may have a fraction.")
          .arguments(
              keyArg("source"), keyArg("destination").keySpec(1), arg("timeout", Type.DOUBLE))
          .summary(
              "Moves an element from list to list as RPOPLPUSH does, and waits for one if there is"
                  + " none.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> moveOrWait(call, false, true, call.timeoutMs(3)));

  // ---- Off the first list that has any ----

  static final CommandSpec BLPOP =
      command("blpop")
          .group(CommandGroup.LIST)
          .since("2.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.NOSCRIPT, CommandFlag.BLOCKING)
          .categories(AclCategory.LIST)
          .keys(key(1).range(-2, 1, 0).rw().access().delete())
          .history("6.0.0", "The timeout may have a fraction.")
          .arguments(keyArg("key").multiple(), arg("timeout", Type.DOUBLE))
          .summary(
              "Removes and returns the first element of the first list that has one; waits for it"
                  + " if none has.")
          .complexity("O(N) where N is the number of provided keys.")
          .handler((DataInvocation call) -> popOrWait(call, true));

  static void popOrWait(DataInvocation call, boolean atHead) {
    int last = call.count() - 1;
    long timeoutMs = call.timeoutMs(last);
    for (int i = 1; i < last; i++) {
      long record = ListCommands.lookupWrite(call, i);
      if (record != 0) {
        call.reply().array(2);
        call.reply().bulk(call.arguments().copy(i));
        ListPops.popOne(call, record, i, atHead);
        call.rewrite(atHead ? LPOP : RPOP, call.arguments().copy(i));
        return;
      }
    }
    if (!call.waitForKeys(1, last - 1, ValueType.LIST, timeoutMs)) {
      call.reply().nullArray();
    }
  }

  static final CommandSpec BRPOP =
      command("brpop")
          .group(CommandGroup.LIST)
          .since("2.0.0")
          .arity(-3)
          .flags(CommandFlag.WRITE, CommandFlag.NOSCRIPT, CommandFlag.BLOCKING)
          .categories(AclCategory.LIST)
          .keys(key(1).range(-2, 1, 0).rw().access().delete())
          .history("6.0.0", "The timeout may have a fraction.")
          .arguments(keyArg("key").multiple(), arg("timeout", Type.DOUBLE))
          .summary(
              "Removes and returns the last element of the first list that has one; waits for it if"
                  + " none has.")
          .complexity("O(N) where N is the number of provided keys.")
          .handler((DataInvocation call) -> popOrWait(call, false));

  static final CommandSpec LMPOP =
      command("lmpop")
          .group(CommandGroup.LIST)
          .since("7.0.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.MOVABLEKEYS)
          .categories(AclCategory.LIST)
          .keys(key(1).keynum(0, 1, 1).rw().access().delete())
          .arguments(
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              end("where"),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary("Removes and returns elements of the first list that has any.")
          .complexity(
              "O(N+M) where N is the number of provided keys and M is the number of elements"
                  + " returned.")
          .handler((DataInvocation call) -> popMany(call));

  static void popMany(DataInvocation call) {
    if (!popMany(call, Request.of(call, 1))) {
      call.reply().nullArray();
    }
  }

  /** Which lists, which end, how many. */
  private record Request(int firstKey, int keys, boolean atHead, long count) {
    static Request of(DataInvocation call, int at) {
      CommandError noKeys = new CommandError("ERR numkeys should be greater than 0");
      long keys = call.integer(at, noKeys);
      if (keys < 1) {
        throw noKeys;
      }
      if (keys >= call.count() - at - 1) {
        throw CommandError.SYNTAX;
      }
      int where = at + (int) keys + 1;
      boolean atHead = isHead(call, where);
      long count = -1;
      for (int i = where + 1; i < call.count(); i += 2) {
        if (count != -1 || !call.is(i, "COUNT") || i + 1 == call.count()) {
          throw CommandError.SYNTAX;
        }
        CommandError tooFew = new CommandError("ERR count should be greater than 0");
        count = call.integer(i + 1, tooFew);
        if (count < 1) {
          throw tooFew;
        }
      }
      return new Request(at + 1, (int) keys, atHead, count == -1 ? 1 : count);
    }
  }

  /** False when none of the lists has an element. */
  private static boolean popMany(DataInvocation call, Request request) {
    for (int i = request.firstKey; i < request.firstKey + request.keys; i++) {
      long record = ListCommands.lookupWrite(call, i);
      if (record != 0) {
        call.reply().array(2);
        call.reply().bulk(call.arguments().copy(i));
        long taken = ListPops.popRange(call, record, i, request.atHead, request.count);
        call.rewrite(
            request.atHead ? LPOP : RPOP, call.arguments().copy(i), Numbers.longBytes(taken));
        return true;
      }
    }
    return false;
  }

  static final CommandSpec BLMPOP =
      command("blmpop")
          .group(CommandGroup.LIST)
          .since("7.0.0")
          .arity(-5)
          .flags(CommandFlag.WRITE, CommandFlag.BLOCKING, CommandFlag.MOVABLEKEYS)
          .categories(AclCategory.LIST)
          .keys(key(2).keynum(0, 1, 1).rw().access().delete())
          .arguments(
              arg("timeout", Type.DOUBLE),
              arg("numkeys", Type.INTEGER),
              keyArg("key").multiple(),
              end("where"),
              arg("count", Type.INTEGER).token("COUNT").optional())
          .summary(
              "Removes and returns elements of the first list that has any; waits for one if none"
                  + " has.")
          .complexity(
              "O(N+M) where N is the number of provided keys and M is the number of elements"
                  + " returned.")
          .handler((DataInvocation call) -> popManyOrWait(call));

  static void popManyOrWait(DataInvocation call) {
    Request request = Request.of(call, 2);
    long timeoutMs = call.timeoutMs(1);
    if (!popMany(call, request)
        && !call.waitForKeys(request.firstKey, request.keys, ValueType.LIST, timeoutMs)) {
      call.reply().nullArray();
    }
  }
}
