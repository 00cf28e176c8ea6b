package io.vigil.core.command.data.generic;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.command.common.Help;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** MEMORY: what keys cost. */
public final class MemoryCommands {
  private MemoryCommands() {}

  /** All declarations of this file. */
  public static List<CommandSpec> all() {
    return List.of(MEMORY);
  }

  static final CommandSpec USAGE =
      command("usage")
          .group(CommandGroup.SERVER)
          .since("4.0.0")
          .arity(-3)
          .flags(CommandFlag.READONLY)
          .keys(key(2).ro())
          .arguments(keyArg("key"), arg("count", INTEGER).token("SAMPLES").optional())
          .summary("Tells the bytes that a key and its value take.")
          .complexity("O(N) where N is the number of samples.")
          .handler((DataInvocation call) -> usage(call));

  static void usage(DataInvocation call) {
    for (int i = 3; i < call.count(); i += 2) {
      // Values are measured, not estimated from samples; the option is checked all the same.
      if (!call.is(i, "SAMPLES") || i + 1 == call.count() || call.integer(i + 1) < 0) {
        throw CommandError.SYNTAX;
      }
    }
    long record = call.database().lookupReadNoTouch(call.arguments(), 2);
    if (record == 0) {
      call.reply().nil();
    } else {
      call.reply().integer(call.database().memoryUsageBytes(record));
    }
  }

  static final CommandSpec HELP =
      command("help")
          .group(CommandGroup.SERVER)
          .since("4.0.0")
          .arity(2)
          .flags(CommandFlag.LOADING, CommandFlag.STALE)
          .summary("Lists the subcommands.")
          .complexity("O(1)")
          .handler(
              (Invocation in) ->
                  Help.reply(
                      in,
                      List.of(
                          "USAGE <key> [SAMPLES <count>]",
                          "    Return memory in bytes used by <key> and its value. Nested values"
                              + " are",
                          "    sampled up to <count> times (default: 5, 0 means sample all).")));

  public static final CommandSpec MEMORY =
      command("memory")
          .group(CommandGroup.SERVER)
          .since("4.0.0")
          .arity(-2)
          .summary("A container for commands on memory.")
          .complexity("Depends on subcommand.")
          .container(HELP, USAGE);
}
