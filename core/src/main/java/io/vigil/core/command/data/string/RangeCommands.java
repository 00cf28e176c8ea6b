package io.vigil.core.command.data.string;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** The commands that read and write parts of a string. */
public final class RangeCommands {
  private RangeCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(APPEND, STRLEN, SETRANGE, GETRANGE, SUBSTR);
  }

  static final CommandSpec STRLEN =
      command("strlen")
          .group(CommandGroup.STRING)
          .since("2.2.0")
          .arity(2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).ro())
          .arguments(keyArg("key"))
          .summary("Returns the length of the string at a key, in bytes.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> length(call));

  static void length(DataInvocation call) {
    long record = call.database().lookupRead(call.arguments(), 1);
    call.reply().integer(record == 0 ? 0 : call.strings().length(call.requireString(record)));
  }

  static final CommandSpec APPEND =
      command("append")
          .group(CommandGroup.STRING)
          .since("2.0.0")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().insert())
          .arguments(keyArg("key"), arg("value", Type.STRING))
          .summary("Adds bytes to the end of a string, which is created when missing.")
          .complexity(
              "O(1). The amortized time complexity is O(1) assuming the appended value is small and"
                  + " the already present value is of any size, since the dynamic string library"
                  + " used by Redis will double the free space available on every reallocation.")
          .handler((DataInvocation call) -> append(call));

  static void append(DataInvocation call) {
    Arguments words = call.arguments();
    long record = call.database().lookupWrite(words, 1);
    long total = words.length(2);
    if (record != 0) {
      total += call.strings().length(call.requireString(record));
      if (words.length(2) > 0) {
        call.requireStringSize(total);
      }
    }
    long length = call.strings().append(words, 1, 2);
    call.modified(1);
    call.event(NotifyClass.STRING, "append", 1);
    call.dirty(1);
    call.reply().integer(length);
  }

  static final CommandSpec SETRANGE =
      command("setrange")
          .group(CommandGroup.STRING)
          .since("2.2.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.STRING)
          .keys(key(1).rw().update())
          .arguments(keyArg("key"), arg("offset", Type.INTEGER), arg("value", Type.STRING))
          .summary("Overwrites a part of a string, padding it with zero bytes where needed.")
          .complexity(
              "O(1), not counting the time taken to copy the new string in place. Usually, this"
                  + " string is very small so the amortized complexity is O(1). Otherwise,"
                  + " complexity is O(M) with M being the length of the value argument.")
          .handler((DataInvocation call) -> setRange(call));

  static void setRange(DataInvocation call) {
    Arguments words = call.arguments();
    long offset = call.integer(2);
    if (offset < 0) {
      throw new CommandError("ERR offset is out of range");
    }
    long record = call.database().lookupWrite(words, 1);
    if (record != 0) {
      call.requireString(record);
    }
    if (words.length(3) == 0) {
      call.reply().integer(record == 0 ? 0 : call.strings().length(record));
      return;
    }
    if (offset > Long.MAX_VALUE - words.length(3)) {
      throw DataInvocation.STRING_TOO_LONG;
    }
    call.requireStringSize(offset + words.length(3));
    long present = record == 0 ? 0 : call.strings().length(record);
    call.requireRoom(offset + words.length(3) - present);
    long length = call.strings().setRange(words, 1, offset, 3);
    call.modified(1);
    call.event(NotifyClass.STRING, "setrange", 1);
    call.dirty(1);
    call.reply().integer(length);
  }

  static final CommandSpec GETRANGE =
      command("getrange")
          .group(CommandGroup.STRING)
          .since("2.4.0")
          .arity(4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.STRING)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("start", Type.INTEGER), arg("end", Type.INTEGER))
          .summary("Returns a part of the string at a key.")
          .complexity(
              "O(N) where N is the length of the returned string. The complexity is ultimately"
                  + " determined by the returned length, but because creating a substring from an"
                  + " existing string is very cheap, it can be considered O(1) for small strings.")
          .handler((DataInvocation call) -> getRange(call));

  static final CommandSpec SUBSTR =
      command("substr")
          .group(CommandGroup.STRING)
          .since("1.0.0")
          .arity(4)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.STRING)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("start", Type.INTEGER), arg("end", Type.INTEGER))
          .deprecated("2.0.0", "`GETRANGE`")
          .summary("Returns a part of the string at a key.")
          .complexity(
              "O(N) where N is the length of the returned string. The complexity is ultimately"
                  + " determined by the returned length, but because creating a substring from an"
                  + " existing string is very cheap, it can be considered O(1) for small strings.")
          .handler((DataInvocation call) -> getRange(call));

  static void getRange(DataInvocation call) {
    long start = call.integer(2);
    long end = call.integer(3);
    long record = call.database().lookupRead(call.arguments(), 1);
    if (record == 0) {
      call.reply().bulk("");
      return;
    }
    long length = call.strings().length(call.requireString(record));
    boolean reversed = start < 0 && end < 0 && start > end;
    start = start < 0 ? Math.max(0, start + length) : start;
    end = end < 0 ? Math.max(0, end + length) : Math.min(end, length - 1);
    if (reversed || start > end || length == 0) {
      call.reply().bulk("");
    } else {
      long count = end - start + 1;
      call.reply().bulkHeader(count);
      call.strings().writeTo(record, start, count, call.reply().output());
      call.reply().crlf();
    }
  }
}
