package io.vigil.core.command.data.hll;

import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec.Type;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.structure.HyperLogLog;
import java.util.List;
import java.util.Locale;

/** HyperLogLogs: strings that estimate how many different elements they have seen. */
public final class HyperLogLogCommands {
  private static final CommandError NO_HYPERLOGLOG =
      new CommandError("WRONGTYPE Key is not a valid HyperLogLog string value.");
  private static final CommandError CORRUPTED =
      new CommandError("INVALIDOBJ Corrupted HLL object detected");

  private HyperLogLogCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(PFADD, PFCOUNT, PFMERGE, PFDEBUG, PFSELFTEST);
  }

  /** The HyperLogLog in {@code record}, copied out of it, or an error. */
  private static HyperLogLog read(DataInvocation call, long record) {
    long length = call.strings().length(call.requireString(record));
    byte[] header = new byte[HyperLogLog.HEADER_BYTES];
    if (length >= header.length) {
      call.strings().copy(record, 0, header, 0, header.length);
    }
    if (!HyperLogLog.looksLike(header, length)) {
      throw NO_HYPERLOGLOG;
    }
    if (length > HyperLogLog.MAX_BYTES) {
      throw CORRUPTED;
    }
    return HyperLogLog.of(call.strings().bytes(record));
  }

  /** Gives the key at argument {@code index} these bytes; its deadline stays. */
  private static void write(DataInvocation call, int index, HyperLogLog value) {
    long deadline = Database.KEEP_DEADLINE;
    call.strings().setRaw(call.arguments(), index, value.bytes(), value.length(), deadline);
  }

  private static int maxSparseBytes(DataInvocation call) {
    return call.keyspace().settings().hllSparseMaxBytes;
  }

  static final CommandSpec PFADD =
      command("pfadd")
          .group(CommandGroup.HYPERLOGLOG)
          .since("2.8.9")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST)
          .categories(AclCategory.HYPERLOGLOG)
          .keys(key(1).rw().insert())
          .arguments(keyArg("key"), arg("element", Type.STRING).optional().multiple())
          .summary("Adds elements to a HyperLogLog, which is created when missing.")
          .complexity("O(1) to add every element.")
          .handler((DataInvocation call) -> add(call));

  static void add(DataInvocation call) {
    Arguments words = call.arguments();
    long record = call.database().lookupWrite(words, 1);
    HyperLogLog value = record == 0 ? HyperLogLog.empty() : read(call, record);
    int before = record == 0 ? 0 : value.length();
    int changes = record == 0 ? 1 : 0;
    int maxSparseBytes = maxSparseBytes(call);
    try {
      for (int i = 2; i < words.count(); i++) {
        boolean changed =
            value.add(words.array(i), words.offset(i), words.length(i), maxSparseBytes);
        changes += changed ? 1 : 0;
      }
    } catch (HyperLogLog.Corrupted corrupted) {
      throw CORRUPTED;
    }
    if (changes > 0) {
      call.requireRoom(value.length() - before);
      value.forgetCount();
      write(call, 1, value);
      call.modified(1);
      call.event(NotifyClass.STRING, "pfadd", 1);
      call.dirty(changes);
    }
    call.reply().integer(changes > 0 ? 1 : 0);
  }

  static final CommandSpec PFCOUNT =
      command("pfcount")
          .group(CommandGroup.HYPERLOGLOG)
          .since("2.8.9")
          .arity(-2)
          .flags(CommandFlag.READONLY, CommandFlag.MAY_REPLICATE)
          .categories(AclCategory.HYPERLOGLOG)
          .keys(
              key(1)
                  .range(-1, 1, 0)
                  .rw()
                  .access()
                  .notes(
                      "RW because it may change the internal representation of the key, and"
                          + " propagate to replicas"))
          .arguments(keyArg("key").multiple())
          .summary("Estimates how many different elements one or several HyperLogLogs have seen.")
          .complexity(
              "O(1) with a very small average constant time when called with a single key. O(N)"
                  + " with N being the number of keys, and much bigger constant times, when called"
                  + " with multiple keys.")
          .handler((DataInvocation call) -> count(call));

  static void count(DataInvocation call) {
    try {
      long count =
          call.count() > 2 ? HyperLogLog.countOfValues(union(call).values()) : countOfOne(call);
      call.reply().integer(count);
    } catch (HyperLogLog.Corrupted corrupted) {
      throw CORRUPTED;
    }
  }

  private static long countOfOne(DataInvocation call) {
    long record = call.database().lookupRead(call.arguments(), 1);
    if (record == 0) {
      return 0;
    }
    HyperLogLog value = read(call, record);
    if (value.hasCount()) {
      return value.cachedCount();
    }
    long count = value.count();
    // Reading as it is, the new count is kept in the value: a change, which replicas follow.
    write(call, 1, value);
    call.modified(1);
    call.dirty(1);
    return count;
  }

  /** The highest value of each register, and whether one of the values was dense. */
  private record Union(byte[] values, boolean anyDense) {}

  /** Of all keys among the words; what is missing has seen nothing. */
  private static Union union(DataInvocation call) {
    byte[] values = new byte[HyperLogLog.REGISTERS];
    boolean anyDense = false;
    for (int i = 1; i < call.count(); i++) {
      long record = call.database().lookupRead(call.arguments(), i);
      if (record != 0) {
        HyperLogLog value = read(call, record);
        anyDense |= value.isDense();
        value.mergeInto(values);
      }
    }
    return new Union(values, anyDense);
  }

  static final CommandSpec PFMERGE =
      command("pfmerge")
          .group(CommandGroup.HYPERLOGLOG)
          .since("2.8.9")
          .arity(-2)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM)
          .categories(AclCategory.HYPERLOGLOG)
          .keys(key(1).rw().access().insert(), key(2).range(-1, 1, 0).ro().access())
          .arguments(keyArg("destkey"), keyArg("sourcekey").keySpec(1).multiple())
          .summary("Adds all that other HyperLogLogs have seen to one.")
          .complexity("O(N) to merge N HyperLogLogs, but with high constant times.")
          .handler((DataInvocation call) -> merge(call));

  static void merge(DataInvocation call) {
    HyperLogLog merged;
    int before = 0;
    try {
      Union union = union(call);
      long record = call.database().lookupWrite(call.arguments(), 1);
      merged = record == 0 ? HyperLogLog.empty() : read(call, record);
      before = record == 0 ? 0 : merged.length();
      if (union.anyDense) {
        merged.makeDense();
      }
      for (int register = 0; register < HyperLogLog.REGISTERS; register++) {
        if (union.values[register] != 0) {
          merged.raise(register, union.values[register], maxSparseBytes(call));
        }
      }
    } catch (HyperLogLog.Corrupted corrupted) {
      throw CORRUPTED;
    }
    call.requireRoom(merged.length() - before);
    merged.forgetCount();
    write(call, 1, merged);
    call.modified(1);
    call.event(NotifyClass.STRING, "pfadd", 1);
    call.dirty(1);
    call.reply().ok();
  }

  static final CommandSpec PFDEBUG =
      command("pfdebug")
          .group(CommandGroup.HYPERLOGLOG)
          .since("2.8.9")
          .arity(3)
          .flags(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.ADMIN)
          .categories(AclCategory.HYPERLOGLOG)
          .keys(key(2).rw().access())
          .systemCommand()
          .arguments(arg("subcommand", Type.STRING), keyArg("key"))
          .summary("Shows how a HyperLogLog is kept, or makes it dense.")
          .complexity("N/A")
          .handler((DataInvocation call) -> debug(call));

  static void debug(DataInvocation call) {
    long record = call.database().lookupWrite(call.arguments(), 2);
    if (record == 0) {
      throw new CommandError("ERR The specified key does not exist");
    }
    HyperLogLog value = read(call, record);
    try {
      switch (call.text(1).toUpperCase(Locale.ROOT)) {
        case "GETREG" -> {
          makeDense(call, value);
          byte[] values = value.values();
          call.reply().array(values.length);
          for (byte each : values) {
            call.reply().integer(each);
          }
        }
        case "DECODE" -> {
          if (value.isDense()) {
            throw new CommandError("ERR HLL encoding is not sparse");
          }
          call.reply().bulk(value.describeRuns());
        }
        case "ENCODING" -> call.reply().simple(value.isDense() ? "dense" : "sparse");
        case "TODENSE" -> call.reply().integer(makeDense(call, value) ? 1 : 0);
        default -> throw new CommandError("ERR Unknown PFDEBUG subcommand '" + call.text(1) + "'");
      }
    } catch (HyperLogLog.Corrupted corrupted) {
      throw CORRUPTED;
    }
  }

  private static boolean makeDense(DataInvocation call, HyperLogLog value) {
    if (value.isDense()) {
      return false;
    }
    int before = value.length();
    value.makeDense();
    call.requireRoom(value.length() - before);
    write(call, 2, value);
    call.dirty(1);
    return true;
  }

  static final CommandSpec PFSELFTEST =
      command("pfselftest")
          .group(CommandGroup.HYPERLOGLOG)
          .since("2.8.9")
          .arity(1)
          .flags(CommandFlag.ADMIN)
          .categories(AclCategory.HYPERLOGLOG)
          .systemCommand()
          .summary("Tests registers and estimates of HyperLogLogs; takes some seconds.")
          .complexity("N/A")
          .handler((DataInvocation call) -> selfTest(call));

  static void selfTest(DataInvocation call) {
    String failure = SelfTest.run(maxSparseBytes(call));
    if (failure != null) {
      throw new CommandError("TESTFAILED " + failure);
    }
    call.reply().ok();
  }
}
