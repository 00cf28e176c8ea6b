package io.vigil.core.command.data.bitmap;

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

/** Single bits of strings, counted from the most significant bit of the first byte. */
public final class BitCommands {
  private BitCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(SETBIT, GETBIT);
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
    if (offset < 0 || offset >>> 3 >= call.maxStringBytes()) {
      throw error;
    }
    return offset;
  }
}
