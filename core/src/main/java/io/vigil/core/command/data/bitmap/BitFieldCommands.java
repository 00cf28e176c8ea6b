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
import io.vigil.core.command.data.bitmap.BitField.Overflow;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.KeyFlag;
import io.vigil.core.spec.KeyPositions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Strings as arrays of integers of any width. */
public final class BitFieldCommands {
  private BitFieldCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(BITFIELD, BITFIELD_RO);
  }

  private enum Action {
    GET,
    SET,
    INCRBY
  }

  /**
   * One operation of a command.
   *
   * @param operand the value of SET, the increment of INCRBY
   */
  private record Operation(Action action, BitField field, long operand, Overflow overflow) {}

  /** BITFIELD only reads where all its operations are GET. */
  private static boolean findKeyOfBitField(Arguments words, int base, KeyPositions result) {
    boolean reads = true;
    int at = base + 2;
    while (at < words.count() && reads) {
      int left = words.count() - at - 1;
      if (words.is(at, "GET") && left >= 2) {
        at += 3;
      } else if (words.is(at, "OVERFLOW") && left >= 1) {
        at += 2;
      } else {
        reads = false;
      }
    }
    int writeFlags = KeyFlag.RW.mask() | KeyFlag.ACCESS.mask() | KeyFlag.UPDATE.mask();
    result.add(base + 1, reads ? KeyFlag.RO.mask() | KeyFlag.ACCESS.mask() : writeFlags);
    return true;
  }

  private static ArgumentSpec field(String name, String token, ArgumentSpec... operand) {
    List<ArgumentSpec> parts = new ArrayList<>();
    parts.add(arg("encoding", Type.STRING));
    parts.add(arg("offset", Type.INTEGER));
    parts.addAll(Arrays.asList(operand));
    return block(name, parts.toArray(ArgumentSpec[]::new)).token(token);
  }

  static final CommandSpec BITFIELD =
      command("bitfield")
          .group(CommandGroup.BITMAP)
          .since("3.2.0")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.BITMAP)
          .keys(
              key(1)
                  .rw()
                  .update()
                  .access()
                  .variableFlags()
                  .notes("This command allows both access and modification of the key"))
          .keyFinder(BitFieldCommands::findKeyOfBitField)
          .arguments(
              keyArg("key"),
              oneOf(
                      "operation",
                      field("encoding_offset", "GET"),
                      block(
                          "write",
                          oneOf(
                                  "wrap_sat_fail",
                                  flag("wrap", "WRAP"),
                                  flag("sat", "SAT"),
                                  flag("fail", "FAIL"))
                              .token("OVERFLOW")
                              .optional(),
                          oneOf(
                              "write_operation",
                              field("encoding_offset_value", "SET", arg("value", Type.INTEGER)),
                              field(
                                  "encoding_offset_increment",
                                  "INCRBY",
                                  arg("increment", Type.INTEGER)))))
                  .optional()
                  .multiple())
          .summary("Reads, sets and adds to integers of any width within a string.")
          .complexity("O(1) for each subcommand specified")
          .handler((DataInvocation call) -> bitField(call));

  static final CommandSpec BITFIELD_RO =
      command("bitfield_ro")
          .group(CommandGroup.BITMAP)
          .since("6.0.0")
          .arity(-2)
          .flags(CommandFlag.READONLY, CommandFlag.FAST)
          .categories(AclCategory.BITMAP)
          .keys(key(1).ro().access())
          .arguments(keyArg("key"), field("encoding_offset", "GET").optional().multipleToken())
          .summary("Reads integers of any width within a string.")
          .complexity("O(1) for each subcommand specified")
          .handler((DataInvocation call) -> readBitField(call));

  static void bitField(DataInvocation call) {
    List<Operation> operations = operations(call);
    if (operations.stream().allMatch(each -> each.action == Action.GET)) {
      answerReads(call, operations);
    } else {
      write(call, operations);
    }
  }

  static void readBitField(DataInvocation call) {
    List<Operation> operations = operations(call);
    if (operations.stream().anyMatch(each -> each.action != Action.GET)) {
      throw new CommandError("ERR BITFIELD_RO only supports the GET subcommand");
    }
    answerReads(call, operations);
  }

  private static List<Operation> operations(DataInvocation call) {
    List<Operation> operations = new ArrayList<>();
    Overflow overflow = Overflow.WRAP;
    int at = 2;
    while (at < call.count()) {
      int left = call.count() - at - 1;
      if (call.is(at, "OVERFLOW") && left >= 1) {
        overflow = overflow(call, at + 1);
        at += 2;
        continue;
      }
      Action action = action(call, at);
      int operands = action == Action.GET ? 2 : 3;
      if (action == null || left < operands) {
        throw CommandError.SYNTAX;
      }
      BitField field = BitField.of(call, at + 1);
      long operand = action == Action.GET ? 0 : call.integer(at + 3);
      operations.add(new Operation(action, field, operand, overflow));
      at += 1 + operands;
    }
    return operations;
  }

  private static Action action(DataInvocation call, int index) {
    for (Action each : Action.values()) {
      if (call.is(index, each.name())) {
        return each;
      }
    }
    return null;
  }

  private static Overflow overflow(DataInvocation call, int index) {
    for (Overflow each : Overflow.values()) {
      if (call.is(index, each.name())) {
        return each;
      }
    }
    throw new CommandError("ERR Invalid OVERFLOW type specified");
  }

  private static void answerReads(DataInvocation call, List<Operation> operations) {
    long record = call.database().lookupRead(call.arguments(), 1);
    if (record != 0) {
      call.requireString(record);
    }
    byte[] window = new byte[BitField.WINDOW_BYTES];
    call.reply().array(operations.size());
    for (Operation each : operations) {
      call.reply().integer(read(call, record, each.field, window));
    }
  }

  /** The value of a field; bits past the end of the string are zero. */
  private static long read(DataInvocation call, long record, BitField field, byte[] window) {
    Arrays.fill(window, (byte) 0);
    long left = record == 0 ? 0 : call.strings().length(record) - field.firstByte();
    int present = Math.clamp(left, 0, field.touchedBytes());
    if (present > 0) {
      call.strings().copy(record, field.firstByte(), window, 0, present);
    }
    return field.read(window);
  }

  private static void write(DataInvocation call, List<Operation> operations) {
    Arguments words = call.arguments();
    long highestBit = 0;
    for (Operation each : operations) {
      highestBit =
          each.action == Action.GET ? highestBit : Math.max(highestBit, each.field.lastBit());
    }
    long record = call.database().lookupWrite(words, 1);
    long present = record == 0 ? 0 : call.strings().length(call.requireString(record));
    boolean grows = present <= highestBit >>> 3;
    if (grows) {
      call.requireRoom((highestBit >>> 3) + 1 - present);
      call.strings().setRange(words, 1, highestBit >>> 3, new byte[1], 1);
    }
    int changes = 0;
    call.reply().array(operations.size());
    for (Operation each : operations) {
      changes += run(call, each, grows) ? 1 : 0;
    }
    if (changes > 0) {
      call.modified(1);
      call.event(NotifyClass.STRING, "setbit", 1);
      call.dirty(changes);
    } else if (grows) {
      // Every write failed, and yet the string has grown: replicas must know.
      call.modified(1);
      call.dirty(1);
    }
  }

  /** Runs one operation and answers it; true when it counts as a change. */
  private static boolean run(DataInvocation call, Operation operation, boolean grown) {
    BitField field = operation.field;
    byte[] window = new byte[BitField.WINDOW_BYTES];
    long old = read(call, call.database().peek(call.arguments(), 1), field, window);
    if (operation.action == Action.GET) {
      call.reply().integer(old);
      return false;
    }
    boolean adds = operation.action == Action.INCRBY;
    long base = adds ? old : operation.operand;
    long increment = adds ? operation.operand : 0;
    long value = base + increment;
    if (field.overflows(base, increment)) {
      if (operation.overflow == Overflow.FAIL) {
        call.reply().nil();
        return false;
      }
      value = field.limit(base, increment, operation.overflow);
    }
    call.reply().integer(adds ? value : old);
    field.write(window, value);
    call.strings().setRange(call.arguments(), 1, field.firstByte(), window, field.touchedBytes());
    return grown || value != old;
  }
}
