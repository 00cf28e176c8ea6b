package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.observe.Observations;
import io.vigil.core.observe.config.ConfigRegistry.SetContext;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** CONFIG: looks at, changes and saves the configuration. */
public final class ConfigCommands {
  private final Observations observed;
  private final BooleanSupplier loading;

  /** {@code loading} tells whether the data set is being loaded. */
  public ConfigCommands(Observations observed, BooleanSupplier loading) {
    this.observed = observed;
    this.loading = loading;
  }

  /** CONFIG with its subcommands. */
  public CommandSpec config() {
    return command("config")
        .group(CommandGroup.SERVER)
        .since("2.0.0")
        .arity(-2)
        .summary("A container for commands on the configuration.")
        .complexity("Depends on subcommand.")
        .container(get(), help(), resetStat(), rewrite(), set());
  }

  private static CommandSpec.Builder sub(String name, String since, int arity) {
    return command(name)
        .group(CommandGroup.SERVER)
        .since(since)
        .arity(arity)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE, BARRIER);
  }

  private CommandSpec get() {
    return sub("get", "2.0.0", -3)
        .history("7.0.0", "Takes several patterns in one call.")
        .arguments(block("parameter", arg("parameter", STRING)).multiple())
        .summary("Shows settings by name or pattern.")
        .complexity("O(N) when N is the number of configuration parameters provided")
        .handler((Invocation in) -> get(in));
  }

  private void get(Invocation in) {
    List<String> patterns = new ArrayList<>();
    for (int i = 2; i < in.count(); i++) {
      patterns.add(in.text(i));
    }
    Map<String, String> found = observed.config.get(patterns);
    in.reply().map(found.size());
    found.forEach(
        (name, value) -> {
          in.reply().bulk(name);
          in.reply().bulk(value);
        });
  }

  private CommandSpec set() {
    return sub("set", "2.0.0", -4)
        .tips("request_policy:all_nodes", "response_policy:all_succeeded")
        .history("7.0.0", "Takes several settings in one call.")
        .arguments(
            block("parameter_value", arg("parameter", STRING), arg("value", STRING)).multiple())
        .summary("Changes settings, all or none.")
        .complexity("O(N) when N is the number of configuration parameters provided")
        .handler((Invocation in) -> set(in));
  }

  private void set(Invocation in) {
    if (in.count() % 2 != 0) {
      throw CommandError.SYNTAX;
    }
    List<String> words = new ArrayList<>();
    for (int i = 2; i < in.count(); i++) {
      words.add(in.text(i));
      if (i % 2 == 1 && observed.config.isSensitive(in.text(i - 1))) {
        in.redact(i);
      }
    }
    boolean local = Sessions.isLocal(in.session().connection());
    String error = observed.config.set(words, new SetContext(loading.getAsBoolean(), local));
    if (error != null) {
      throw new CommandError(error);
    }
    observed.slowLog.trim(observed.settings.slowlogMaxLen.get());
    in.reply().ok();
  }

  private CommandSpec rewrite() {
    return sub("rewrite", "2.8.0", 2)
        .summary("Writes the settings into the configuration file.")
        .complexity("O(1)")
        .handler((Invocation in) -> rewrite(in));
  }

  private void rewrite(Invocation in) {
    if (observed.rewriter() == null) {
      throw new CommandError("ERR The server is running without a config file");
    }
    try {
      observed.rewriter().rewrite();
    } catch (IOException e) {
      in.services().env().log().warning("CONFIG REWRITE failed: " + e.getMessage());
      throw new CommandError("ERR Rewriting config file: " + e.getMessage());
    }
    in.services().env().log().warning("CONFIG REWRITE executed with success.");
    in.reply().ok();
  }

  private CommandSpec resetStat() {
    return sub("resetstat", "2.0.0", 2)
        .summary("Zeroes the counters that INFO shows.")
        .complexity("O(1)")
        .handler(
            (Invocation in) -> {
              observed.reset();
              in.reply().ok();
            });
  }

  private static CommandSpec help() {
    return command("help")
        .group(CommandGroup.SERVER)
        .since("5.0.0")
        .arity(2)
        .flags(CommandFlag.LOADING, CommandFlag.STALE)
        .summary("Lists the subcommands.")
        .complexity("O(1)")
        .handler(
            (Invocation in) ->
                Help.reply(
                    in,
                    List.of(
                        "GET <pattern>",
                        "    Return parameters matching the glob-like <pattern> and their values.",
                        "SET <directive> <value>",
                        "    Set the configuration <directive> to <value>.",
                        "RESETSTAT",
                        "    Reset statistics reported by the INFO command.",
                        "REWRITE",
                        "    Rewrite the configuration file.")));
  }
}
