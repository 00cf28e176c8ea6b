package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.PATTERN;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.FAST;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.SENTINEL;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.base.Glob;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.Session;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.CommandTable;
import io.vigil.core.spec.KeyPositions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Commands about commands: COMMAND, MONITOR; and TIME. */
public final class IntrospectionCommands {
  private IntrospectionCommands() {}

  /** All commands of this file. */
  public static List<CommandSpec> all() {
    return List.of(COMMAND, MONITOR, TIME);
  }

  private static CommandSpec.Builder sub(String name, String since, int arity) {
    return command(name)
        .group(CommandGroup.SERVER)
        .since(since)
        .arity(arity)
        .flags(LOADING, STALE, SENTINEL)
        .categories(AclCategory.CONNECTION);
  }

  private static final CommandSpec COUNT =
      sub("count", "2.8.13", 2)
          .summary("Counts the commands.")
          .complexity("O(1)")
          .handler((Invocation in) -> in.reply().integer(in.services().table().size()));

  private static final CommandSpec INFO =
      sub("info", "2.8.13", -2)
          .tips("nondeterministic_output_order")
          .history("7.0.0", "Without names it tells about all commands.")
          .arguments(arg("command-name", STRING).optional().multiple())
          .summary("Describes commands: arity, flags, keys.")
          .complexity("O(N) where N is the number of commands to look up")
          .handler(IntrospectionCommands::info);

  private static void info(Invocation in) {
    if (in.count() == 2) {
      all(in);
      return;
    }
    CommandReplies replies = new CommandReplies(in.reply());
    in.reply().array(in.count() - 2L);
    for (int i = 2; i < in.count(); i++) {
      replies.info(in.services().table().named(in.text(i)));
    }
  }

  private static void all(Invocation in) {
    CommandReplies replies = new CommandReplies(in.reply());
    CommandTable table = in.services().table();
    in.reply().array(table.size());
    table.commands().forEach(replies::info);
  }

  private static final CommandSpec DOCS =
      sub("docs", "7.0.0", -2)
          .tips("nondeterministic_output_order")
          .arguments(arg("command-name", STRING).optional().multiple())
          .summary("Documents commands: summary, history, arguments.")
          .complexity("O(N) where N is the number of commands to look up")
          .handler(IntrospectionCommands::docs);

  private static void docs(Invocation in) {
    CommandTable table = in.services().table();
    List<Command> wanted = new ArrayList<>();
    if (in.count() == 2) {
      table.commands().forEach(wanted::add);
    }
    for (int i = 2; i < in.count(); i++) {
      Command command = table.named(in.text(i));
      if (command != null) {
        wanted.add(command);
      }
    }
    CommandReplies replies = new CommandReplies(in.reply());
    in.reply().map(wanted.size());
    for (Command command : wanted) {
      in.reply().bulk(command.fullName());
      replies.docs(command);
    }
  }

  private static final CommandSpec LIST =
      sub("list", "7.0.0", -2)
          .tips("nondeterministic_output_order")
          .arguments(
              oneOf(
                      "filterby",
                      arg("module-name", STRING).token("MODULE"),
                      arg("category", STRING).token("ACLCAT"),
                      arg("pattern", PATTERN).token("PATTERN"))
                  .token("FILTERBY")
                  .optional())
          .summary("Names the commands.")
          .complexity("O(N) where N is the number of commands")
          .handler(IntrospectionCommands::list);

  private static void list(Invocation in) {
    Predicate<Command> filter = command -> true;
    if (in.count() > 2) {
      if (in.count() != 5 || !in.is(2, "FILTERBY")) {
        throw CommandError.SYNTAX;
      }
      filter = filter(in);
    }
    List<String> names = new ArrayList<>();
    for (Command command : in.services().table().commands()) {
      addMatching(command, filter, names);
    }
    in.reply().array(names.size());
    names.forEach(in.reply()::bulk);
  }

  private static Predicate<Command> filter(Invocation in) {
    String value = in.text(4);
    if (in.is(3, "MODULE")) {
      return command -> false;
    }
    if (in.is(3, "ACLCAT")) {
      AclCategory category = AclCategory.named(value);
      return command -> category != null && (command.spec().categories() & category.mask()) != 0;
    }
    if (in.is(3, "PATTERN")) {
      return command -> Glob.matchesIgnoringCase(value, command.fullName());
    }
    throw CommandError.SYNTAX;
  }

  private static void addMatching(Command command, Predicate<Command> filter, List<String> names) {
    if (filter.test(command)) {
      names.add(command.fullName());
    }
    for (Command sub : command.subcommands()) {
      addMatching(sub, filter, names);
    }
  }

  private static final CommandSpec GETKEYS =
      sub("getkeys", "2.8.13", -4)
          .summary("Finds the keys in a whole command.")
          .complexity("O(N) where N is the number of words of the command")
          .handler((Invocation in) -> keys(in, false));

  private static final CommandSpec GETKEYSANDFLAGS =
      sub("getkeysandflags", "7.0.0", -4)
          .summary("Finds the keys in a whole command, and what it does with them.")
          .complexity("O(N) where N is the number of words of the command")
          .handler((Invocation in) -> keys(in, true));

  private static void keys(Invocation in, boolean withFlags) {
    Command command = in.services().table().find(in.arguments(), 2);
    if (command == null) {
      throw new CommandError("ERR Invalid command specified");
    }
    if (command.spec().keys().isEmpty() && command.spec().keyFinder() == null) {
      throw new CommandError("ERR The command has no key arguments");
    }
    if (!command.acceptsCount(in.count() - 2)) {
      throw new CommandError("ERR Invalid number of arguments specified for command");
    }
    KeyPositions keys = new KeyPositions();
    boolean found = command.findKeys(in.arguments(), 2, keys) && keys.count() > 0;
    ReplyWriter reply = in.reply();
    if (!found && !command.spec().has(CommandFlag.NO_MANDATORY_KEYS)) {
      throw new CommandError("ERR Invalid arguments specified for command");
    }
    CommandReplies replies = new CommandReplies(reply);
    reply.array(found ? keys.count() : 0);
    for (int i = 0; found && i < keys.count(); i++) {
      if (withFlags) {
        reply.array(2);
      }
      int at = keys.position(i);
      reply.bulk(in.arguments().array(at), in.arguments().offset(at), in.arguments().length(at));
      if (withFlags) {
        replies.keyFlags(keys.flags(i));
      }
    }
  }

  private static final CommandSpec HELP =
      sub("help", "5.0.0", 2)
          .summary("Lists the subcommands.")
          .complexity("O(1)")
          .handler(IntrospectionCommands::help);

  private static void help(Invocation in) {
    Help.reply(
        in,
        List.of(
            "(no subcommand)",
            "    Return details about all Redis commands.",
            "COUNT",
            "    Return the total number of commands in this Redis server.",
            "LIST",
            "    Return a list of all commands in this Redis server.",
            "INFO [<command-name> ...]",
            "    Return details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "DOCS [<command-name> ...]",
            "    Return documentation details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "GETKEYS <full-command>",
            "    Return the keys from a full Redis command.",
            "GETKEYSANDFLAGS <full-command>",
            "    Return the keys and the access flags from a full Redis command."));
  }

  public static final CommandSpec COMMAND =
      command("command")
          .group(CommandGroup.SERVER)
          .since("2.8.13")
          .arity(-1)
          .flags(LOADING, STALE, SENTINEL)
          .categories(AclCategory.CONNECTION)
          .tips("nondeterministic_output_order")
          .summary("Describes all commands.")
          .complexity("O(N) where N is the number of commands")
          .subcommands(COUNT, DOCS, GETKEYS, GETKEYSANDFLAGS, HELP, INFO, LIST)
          .handler((Invocation in) -> all(in));

  public static final CommandSpec MONITOR =
      command("monitor")
          .group(CommandGroup.SERVER)
          .since("1.0.0")
          .arity(1)
          .flags(ADMIN, NOSCRIPT, LOADING, STALE, BARRIER)
          .summary("Shows every command the server runs to this connection.")
          .handler(IntrospectionCommands::monitor);

  private static void monitor(Invocation in) {
    Session session = in.session();
    if (session.inTransaction()) {
      throw new CommandError("ERR MONITOR isn't allowed for DENY BLOCKING client");
    }
    if (session.isMonitor() || session.peer() != null) {
      return;
    }
    session.monitor(true);
    in.services().monitors().add(session);
    in.reply().ok();
  }

  public static final CommandSpec TIME =
      command("time")
          .group(CommandGroup.SERVER)
          .since("2.6.0")
          .arity(1)
          .flags(LOADING, STALE, FAST)
          .tips("nondeterministic_output")
          .summary("Tells the server's wall time.")
          .complexity("O(1)")
          .handler(IntrospectionCommands::time);

  private static void time(Invocation in) {
    long micros = in.services().env().clock().wallMicros();
    in.reply().array(2);
    in.reply().bulkInteger(micros / 1_000_000);
    in.reply().bulkInteger(micros % 1_000_000);
  }
}
