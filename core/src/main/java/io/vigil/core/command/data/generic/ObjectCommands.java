package io.vigil.core.command.data.generic;

import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** OBJECT: what lies behind a value. */
public final class ObjectCommands {
  private static final String[] HELP_LINES = {
    "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
    "ENCODING <key>",
    "    Return the kind of internal representation used in order to store the value",
    "    associated with a <key>.",
    "FREQ <key>",
    "    Return the access frequency index of the <key>. The returned integer is",
    "    proportional to the logarithm of the recent access frequency of the key.",
    "IDLETIME <key>",
    "    Return the idle time of the <key>, that is the approximated number of",
    "    seconds elapsed since the last access to the key.",
    "REFCOUNT <key>",
    "    Return the number of references of the value associated with the specified",
    "    <key>.",
    "HELP",
    "    Prints this help."
  };

  private ObjectCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(OBJECT);
  }

  static final CommandSpec OBJECT_ENCODING =
      command("encoding")
          .group(CommandGroup.GENERIC)
          .since("2.2.3")
          .arity(3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.KEYSPACE)
          .keys(key(2).ro())
          .arguments(keyArg("key"))
          .tips("nondeterministic_output")
          .summary("Returns how the value at a key is stored.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> encoding(call));

  static void encoding(DataInvocation call) {
    long record = lookup(call);
    if (record != 0) {
      call.reply().bulk(call.database().encoding(record).redisName());
    }
  }

  /** The record at the key, without touching it; answers nil for none. */
  private static long lookup(DataInvocation call) {
    long record = call.database().lookupReadNoTouch(call.arguments(), 2);
    if (record == 0) {
      call.reply().nil();
    }
    return record;
  }

  static final CommandSpec OBJECT_FREQ =
      command("freq")
          .group(CommandGroup.GENERIC)
          .since("4.0.0")
          .arity(3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.KEYSPACE)
          .keys(key(2).ro())
          .arguments(keyArg("key"))
          .tips("nondeterministic_output")
          .summary("Returns how often a key was used lately, on a logarithmic scale.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> frequency(call));

  static void frequency(DataInvocation call) {
    long record = lookup(call);
    if (record == 0) {
      return;
    }
    if (!call.countsFrequency()) {
      throw new CommandError(
          "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
              + " that when switching between policies at runtime LRU and LFU data will take some"
              + " time to adjust.");
    }
    call.reply().integer(call.database().frequency(record));
  }

  static final CommandSpec OBJECT_IDLETIME =
      command("idletime")
          .group(CommandGroup.GENERIC)
          .since("2.2.3")
          .arity(3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.KEYSPACE)
          .keys(key(2).ro())
          .arguments(keyArg("key"))
          .tips("nondeterministic_output")
          .summary("Returns the seconds since a key was last used.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> idleTime(call));

  static void idleTime(DataInvocation call) {
    long record = lookup(call);
    if (record == 0) {
      return;
    }
    if (call.countsFrequency()) {
      throw new CommandError(
          "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when"
              + " switching between policies at runtime LRU and LFU data will take some time to"
              + " adjust.");
    }
    call.reply().integer(call.database().idleSeconds(record));
  }

  static final CommandSpec OBJECT_REFCOUNT =
      command("refcount")
          .group(CommandGroup.GENERIC)
          .since("2.2.3")
          .arity(3)
          .flags(CommandFlag.READONLY)
          .categories(AclCategory.KEYSPACE)
          .keys(key(2).ro())
          .arguments(keyArg("key"))
          .tips("nondeterministic_output")
          .summary("Returns the number of references to the value at a key.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> referenceCount(call));

  static void referenceCount(DataInvocation call) {
    long record = lookup(call);
    if (record != 0) {
      call.reply().integer(call.referenceCount(record));
    }
  }

  static final CommandSpec OBJECT_HELP =
      command("help")
          .group(CommandGroup.GENERIC)
          .since("6.2.0")
          .arity(2)
          .flags(CommandFlag.LOADING, CommandFlag.STALE)
          .categories(AclCategory.KEYSPACE)
          .summary("Shows what the subcommands do.")
          .complexity("O(1)")
          .handler((DataInvocation call) -> help(call));

  static void help(DataInvocation call) {
    call.reply().array(HELP_LINES.length);
    for (String line : HELP_LINES) {
      call.reply().simple(line);
    }
  }

  static final CommandSpec OBJECT =
      command("object")
          .group(CommandGroup.GENERIC)
          .since("2.2.3")
          .arity(-2)
          .summary("A container for commands that look inside values.")
          .complexity("Depends on subcommand.")
          .container(OBJECT_ENCODING, OBJECT_FREQ, OBJECT_HELP, OBJECT_IDLETIME, OBJECT_REFCOUNT);
}
