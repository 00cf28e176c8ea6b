package io.vigil.core.command.data.bitmap;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
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

/** Single bits of strings, counted from the most significant bit of the first byte. */
public final class BitCommands {
  private BitCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(SETBIT, GETBIT, BITCOUNT, BITPOS, BITOP);
  }

  static final CommandSpec SETBIT =
      command("setbit")
          .group(CommandGroup.BITMAP)
          .since("2.2.0")
          .arity(4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.BITMAP)
          .keys(key(1).rw().access().update())
          .arguments(keyArg("key"), arg("offset", Type.INTEGER), arg("value", Type.INTEGER))
          .summary("Sets or clears one bit of a string and returns what it was.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> setBit(call));

  static void setBit(DataInvocation call) {
    long offset = bitOffset(call);
    long bit = call.integer(3, new CommandError("ERR bit is not an integer or out of range"));
    if (bit != 0 && bit != 1) {
      throw new CommandError("ERR bit is not an integer or out of range");
    }
    Arguments words = call.arguments();
    long record = call.database().lookupWrite(words, 1);
    if (record != 0) {
      call.requireString(record);
    }
    int old = record == 0 ? 0 : call.strings().getBit(record, offset);
    long present = record == 0 ? 0 : call.strings().length(record);
    boolean grows = record == 0 || present <= offset >>> 3;
    if (grows || old != bit) {
      call.requireRoom((offset >>> 3) + 1 - present);
      call.strings().setBit(words, 1, offset, (int) bit);
      call.modified(1);
      call.event(NotifyClass.STRING, "setbit", 1);
      call.dirty(1);
    }
    call.reply().integer(old);
  }

  static final CommandSpec GETBIT =
      command("getbit")
          .group(CommandGroup.BITMAP)
          .since("2.2.0")
          .arity(3)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.BITMAP)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), arg("offset", Type.INTEGER))
          .summary("Returns one bit of a string.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> getBit(call));

  static void getBit(DataInvocation call) {
    long offset = bitOffset(call);
    long record = call.database().lookupRead(call.arguments(), 1);
    call.reply()
        .integer(record == 0 ? 0 : call.strings().getBit(call.requireString(record), offset));
  }

  private static long bitOffset(DataInvocation call) {
    CommandError error = new CommandError("ERR bit offset is not an integer or out of range");
    long offset = call.integer(2, error);
    requireBitOffset(call, offset, error);
    return offset;
  }

  /** Refuses a bit below the first or beyond the longest string. */
  static void requireBitOffset(DataInvocation call, long offset, CommandError error) {
    if (offset < 0 || offset >>> 3 >= call.maxStringBytes() && !call.origin().mustObey()) {
      throw error;
    }
  }

  static final CommandSpec BITCOUNT =
      command("bitcount")
          .group(CommandGroup.BITMAP)
          .since("2.6.0")
          .arity(-2)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.BITMAP)
          .keys(key(1).ro().access())
          .history("7.0.0", "Added the `BYTE|BIT` option.")
          .arguments(
              keyArg("key"),
              block(
                      "index",
                      arg("start", Type.INTEGER),
                      arg("end", Type.INTEGER),
                      oneOf("index_unit", flag("byte", "BYTE"), flag("bit", "BIT"))
                          .since("7.0.0")
                          .optional())
                  .optional())
          .summary("Counts the bits that are set in a string or a part of it.")
          .complexity("O(N)")
          .handler((DataInvocation call) -> bitCount(call));

  static void bitCount(DataInvocation call) {
    long record = call.database().lookupRead(call.arguments(), 1);
    if (record == 0) {
      call.reply().integer(0);
      return;
    }
    long length = call.strings().length(call.requireString(record));
    long start = 0;
    long end = -1;
    boolean inBits = false;
    if (call.count() == 4 || call.count() == 5) {
      start = call.integer(2);
      end = call.integer(3);
      if (start < 0 && end < 0 && start > end) {
        call.reply().integer(0);
        return;
      }
      inBits = call.count() == 5 && BitScan.inBits(call, 4);
    } else if (call.count() != 2) {
      throw CommandError.SYNTAX;
    }
    BitScan.Range range = BitScan.Range.of(start, end, inBits, length);
    call.reply().integer(range.isEmpty() ? 0 : new BitScan(call.strings(), record).count(range));
  }

  static final CommandSpec BITPOS =
      command("bitpos")
          .group(CommandGroup.BITMAP)
          .since("2.8.7")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.BITMAP)
          .keys(key(1).ro().access())
          .history("7.0.0", "Added the `BYTE|BIT` option.")
          .arguments(
              keyArg("key"),
              arg("bit", Type.INTEGER),
              block(
                      "index",
                      arg("start", Type.INTEGER),
                      block(
                              "end_index",
                              arg("end", Type.INTEGER),
                              oneOf("index_unit", flag("byte", "BYTE"), flag("bit", "BIT"))
                                  .since("7.0.0")
                                  .optional())
                          .optional())
                  .optional())
          .summary("Finds the first bit of a value in a string or a part of it.")
          .complexity("O(N)")
          .handler((DataInvocation call) -> bitPosition(call));

  static void bitPosition(DataInvocation call) {
    long bit = call.integer(2);
    if (bit != 0 && bit != 1) {
      throw new CommandError("ERR The bit argument must be 1 or 0.");
    }
    long record = call.database().lookupRead(call.arguments(), 1);
    if (record == 0) {
      call.reply().integer(-bit);
      return;
    }
    long length = call.strings().length(call.requireString(record));
    if (call.count() > 6) {
      throw CommandError.SYNTAX;
    }
    long start = call.count() > 3 ? call.integer(3) : 0;
    boolean inBits = call.count() > 5 && BitScan.inBits(call, 5);
    boolean hasEnd = call.count() > 4;
    long end = hasEnd ? call.integer(4) : -1;
    BitScan.Range range = BitScan.Range.of(start, end, inBits, length);
    long found = -1;
    if (!range.isEmpty()) {
      found = new BitScan(call.strings(), record).find(range, (int) bit);
      // A string whose end was not named goes on with zero bits.
      found = found < 0 && bit == 0 && !hasEnd ? length * 8 : found;
    }
    call.reply().integer(found);
  }

  static final CommandSpec BITOP =
      command("bitop")
          .group(CommandGroup.BITMAP)
          .since("2.6.0")
          .arity(-4)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.BITMAP)
          .keys(key(2).ow().update(), key(3).range(-1, 1, 0).ro().access())
          .arguments(
              arg("operation", Type.STRING), keyArg("destkey"), keyArg("key").keySpec(1).multiple())
          .summary("Joins strings bit by bit and stores the result.")
          .complexity("O(N)")
          .handler((DataInvocation call) -> bitOperation(call));

  static void bitOperation(DataInvocation call) {
    BitOperation operation = BitOperation.named(call, 1);
    if (operation == null) {
      throw CommandError.SYNTAX;
    }
    if (operation == BitOperation.NOT && call.count() != 4) {
      throw new CommandError("ERR BITOP NOT must be called with a single source key.");
    }
    Arguments words = call.arguments();
    long longest = 0;
    for (int key = 3; key < call.count(); key++) {
      long record = call.database().lookupRead(words, key);
      if (record != 0) {
        longest = Math.max(longest, call.strings().length(call.requireString(record)));
      }
    }
    if (longest > 0) {
      call.requireRoom(longest);
      call.strings().setRaw(words, 2, longest, operation.over(call, 3));
      call.modified(2);
      call.event(NotifyClass.STRING, "set", 2);
      call.dirty(1);
    } else if (call.database().delete(words, 2)) {
      call.modified(2);
      call.event(NotifyClass.GENERIC, "del", 2);
      call.dirty(1);
    }
    call.reply().integer(longest);
  }
}
