package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.SENTINEL;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.observe.Observations;
import io.vigil.core.observe.SlowLog;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.ArrayList;
import java.util.List;

/** INFO and SLOWLOG: what a node tells of itself. */
public final class StatusCommands {
  private static final CommandError NEGATIVE_COUNT =
      new CommandError("ERR count should be greater than or equal to -1");
  private static final int USUAL_COUNT = 10;

  private final Observations observed;

  public StatusCommands(Observations observed) {
    this.observed = observed;
  }

  /** INFO. */
  public CommandSpec info() {
    return infoDeclaration().handler((Invocation in) -> in.reply().verbatim("txt", rendered(in)));
  }

  /** INFO as a Sentinel answers it: a plain string in either version of the protocol. */
  public CommandSpec sentinelInfo() {
    return infoDeclaration().handler((Invocation in) -> in.reply().bulk(rendered(in)));
  }

  private static CommandSpec.Builder infoDeclaration() {
    return command("info")
        .group(CommandGroup.SERVER)
        .since("1.0.0")
        .arity(-1)
        .flags(LOADING, STALE, SENTINEL)
        .categories(AclCategory.DANGEROUS)
        .tips("nondeterministic_output", "request_policy:all_shards", "response_policy:special")
        .history("7.0.0", "Takes several sections.")
        .arguments(arg("section", STRING).optional().multiple())
        .summary("Tells facts and counters of the server.")
        .complexity("O(1)");
  }

  private String rendered(Invocation in) {
    List<String> sections = new ArrayList<>();
    for (int i = 1; i < in.count(); i++) {
      sections.add(in.text(i));
    }
    return observed.info.render(sections);
  }

  /** SLOWLOG with its subcommands. */
  public CommandSpec slowLog() {
    return command("slowlog")
        .group(CommandGroup.SERVER)
        .since("2.2.12")
        .arity(-2)
        .summary("A container for commands on the slow log.")
        .complexity("Depends on subcommand.")
        .container(get(), help(), length(), reset());
  }

  private static CommandSpec.Builder sub(String name, int arity) {
    return command(name)
        .group(CommandGroup.SERVER)
        .since("2.2.12")
        .arity(arity)
        .flags(ADMIN, LOADING, STALE);
  }

  private CommandSpec get() {
    return sub("get", -2)
        .tips("request_policy:all_nodes", "nondeterministic_output")
        .history("4.0.0", "Shows the client's address and name.")
        .arguments(arg("count", INTEGER).optional())
        .summary("Shows the newest entries of the slow log.")
        .complexity("O(N) where N is the number of entries returned")
        .handler((Invocation in) -> get(in));
  }

  private void get(Invocation in) {
    if (in.count() > 3) {
      throw in.subcommandSyntax();
    }
    long count = in.count() == 3 ? in.integer(2, NEGATIVE_COUNT) : USUAL_COUNT;
    if (count < -1) {
      throw NEGATIVE_COUNT;
    }
    SlowLog log = observed.slowLog;
    long wanted = count == -1 ? log.length() : Math.min(count, log.length());
    in.reply().array(wanted);
    long written = 0;
    for (SlowLog.Entry entry : log.entries()) {
      if (written++ == wanted) {
        return;
      }
      write(in.reply(), entry);
    }
  }

  private static void write(ReplyWriter reply, SlowLog.Entry entry) {
    reply.array(6);
    reply.integer(entry.id());
    reply.integer(entry.seconds());
    reply.integer(entry.micros());
    reply.array(entry.words().size());
    entry.words().forEach(reply::bulk);
    reply.bulk(entry.address());
    reply.bulk(entry.clientName());
  }

  private CommandSpec length() {
    return sub("len", 2)
        .tips("request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output")
        .summary("Counts the entries of the slow log.")
        .complexity("O(1)")
        .handler((Invocation in) -> in.reply().integer(observed.slowLog.length()));
  }

  private CommandSpec reset() {
    return sub("reset", 2)
        .tips("request_policy:all_nodes", "response_policy:all_succeeded")
        .summary("Empties the slow log.")
        .complexity("O(N) where N is the number of entries in the slowlog")
        .handler(
            (Invocation in) -> {
              observed.slowLog.reset();
              in.reply().ok();
            });
  }

  private static CommandSpec help() {
    return command("help")
        .group(CommandGroup.SERVER)
        .since("6.2.0")
        .arity(2)
        .flags(LOADING, STALE)
        .summary("Lists the subcommands.")
        .complexity("O(1)")
        .handler(
            (Invocation in) ->
                Help.reply(
                    in,
                    List.of(
                        "GET [<count>]",
                        "    Return top <count> entries from the slowlog (default: 10, -1 mean"
                            + " all).",
                        "    Entries are made of:",
                        "    id, timestamp, time in microseconds, arguments array, client IP and"
                            + " port,",
                        "    client name",
                        "LEN",
                        "    Return the length of the slowlog.",
                        "RESET",
                        "    Reset the slowlog.")));
  }
}
