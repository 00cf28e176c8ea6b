package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.SENTINEL;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.ClientLine;
import io.vigil.core.session.ClientPause;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.Session;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** CLIENT: what connections know of themselves and may do to each other. */
public final class ClientCommands {
  private ClientCommands() {}

  /** All commands of this file. */
  public static List<CommandSpec> all() {
    return List.of(CLIENT);
  }

  private static CommandSpec.Builder sub(String name, String since, int arity) {
    return command(name)
        .group(CommandGroup.CONNECTION)
        .since(since)
        .arity(arity)
        .flags(NOSCRIPT, LOADING, STALE, SENTINEL)
        .categories(AclCategory.CONNECTION);
  }

  private static CommandSpec.Builder admin(String name, String since, int arity) {
    return sub(name, since, arity).flags(ADMIN);
  }

  // ---- about oneself

  private static final CommandSpec ID =
      sub("id", "5.0.0", 2)
          .summary("Tells the number of this connection.")
          .complexity("O(1)")
          .handler((Invocation in) -> in.reply().integer(in.session().id()));

  private static final CommandSpec INFO =
      sub("info", "6.2.0", 2)
          .tips("nondeterministic_output")
          .summary("Describes this connection in a line.")
          .complexity("O(1)")
          .handler((Invocation in) -> in.reply().verbatim("txt", line(in, in.session()) + "\n"));

  private static String line(Invocation in, Session session) {
    return ClientLine.of(session, in.services().env().clock().monotonicMs());
  }

  private static final CommandSpec GETNAME =
      sub("getname", "2.6.9", 2)
          .summary("Tells the name of this connection.")
          .complexity("O(1)")
          .handler(ClientCommands::getName);

  private static void getName(Invocation in) {
    if (in.session().name() == null) {
      in.reply().nil();
    } else {
      in.reply().bulk(in.session().name().array());
    }
  }

  private static final CommandSpec SETNAME =
      sub("setname", "2.6.9", 3)
          .arguments(arg("connection-name", STRING))
          .summary("Names this connection.")
          .complexity("O(1)")
          .handler(ClientCommands::setName);

  private static void setName(Invocation in) {
    ConnectionCommands.setName(in, 2);
    in.reply().ok();
  }

  private static final CommandSpec REPLY =
      sub("reply", "3.2.0", 3)
          .flags(BARRIER)
          .arguments(
              oneOf("on_off_skip", flag("on", "ON"), flag("off", "OFF"), flag("skip", "SKIP")))
          .summary("Says whether this connection wants replies.")
          .complexity("O(1)")
          .handler(ClientCommands::reply);

  private static void reply(Invocation in) {
    Session session = in.session();
    if (in.is(2, "ON")) {
      session.replyMode(Session.ReplyMode.ON);
      in.rereadReply();
      in.reply().ok();
    } else if (in.is(2, "OFF")) {
      session.replyMode(Session.ReplyMode.OFF);
    } else if (in.is(2, "SKIP")) {
      if (session.replyMode() != Session.ReplyMode.OFF) {
        session.replyMode(Session.ReplyMode.SKIP_NEXT);
      }
    } else {
      throw CommandError.SYNTAX;
    }
  }

  private static final CommandSpec NO_EVICT =
      admin("no-evict", "7.0.0", 3)
          .arguments(oneOf("enabled", flag("on", "ON"), flag("off", "OFF")))
          .summary("Protects this connection from being closed to save memory.")
          .complexity("O(1)")
          .handler(ClientCommands::noEvict);

  private static void noEvict(Invocation in) {
    if (!in.is(2, "ON") && !in.is(2, "OFF")) {
      throw CommandError.SYNTAX;
    }
    in.session().noEvict(in.is(2, "ON"));
    in.reply().ok();
  }

  // ---- about others

  private static final CommandSpec LIST =
      admin("list", "2.4.0", -2)
          .tips("nondeterministic_output")
          .history("2.8.12", "Shows the `id` of each client.")
          .history("5.0.0", "Takes `TYPE`.")
          .history("6.0.0", "Shows the `user`.")
          .history("6.2.0", "Shows `argv-mem`, `tot-mem`, `laddr` and `redir`, and takes `ID`.")
          .history("7.0.0", "Shows `resp`, `multi-mem`, `rbs` and `rbp`.")
          .history("7.0.3", "Shows `ssub`.")
          .arguments(
              oneOf(
                      "normal_master_replica_pubsub",
                      flag("normal", "normal"),
                      flag("master", "master"),
                      flag("replica", "replica"),
                      flag("pubsub", "pubsub"))
                  .token("TYPE")
                  .since("5.0.0")
                  .optional(),
              block("id", arg("client-id", INTEGER).multiple())
                  .token("ID")
                  .since("6.2.0")
                  .optional())
          .summary("Describes the connections, one line each.")
          .complexity("O(N) where N is the number of connections")
          .handler(ClientCommands::list);

  private static void list(Invocation in) {
    StringBuilder lines = new StringBuilder();
    if (in.count() == 2) {
      in.services().sessions().forEach(each -> lines.append(line(in, each)).append('\n'));
    } else if (in.count() == 4 && in.is(2, "TYPE")) {
      ClientType type = typeAt(in, 3);
      in.services()
          .sessions()
          .forEach(
              each -> {
                if (each.type() == type) {
                  lines.append(line(in, each)).append('\n');
                }
              });
    } else if (in.count() > 3 && in.is(2, "ID")) {
      for (int i = 3; i < in.count(); i++) {
        long id = in.integer(i, new CommandError("ERR Invalid client ID"));
        Session session = in.services().sessions().byId(id);
        if (session != null) {
          lines.append(line(in, session)).append('\n');
        }
      }
    } else {
      throw CommandError.SYNTAX;
    }
    in.reply().verbatim("txt", lines.toString());
  }

  private static ClientType typeAt(Invocation in, int index) {
    ClientType type = ClientType.named(in.text(index));
    if (type == null) {
      throw new CommandError("ERR Unknown client type '" + in.text(index) + "'");
    }
    return type;
  }

  private static final CommandSpec KILL =
      admin("kill", "2.4.0", -3)
          .flags(BARRIER)
          .history("2.8.12", "Takes filters.")
          .history("2.8.12", "Takes `ID`.")
          .history("3.2.0", "Takes `master` as a `TYPE`.")
          .history("5.0.0", "Takes `replica` as a `TYPE`; `slave` still works.")
          .history("6.2.0", "Takes `LADDR`.")
          .arguments(
              oneOf(
                  "filter",
                  arg("ip:port", STRING).deprecatedSince("2.8.12"),
                  oneOf(
                          "new-format",
                          arg("client-id", INTEGER).token("ID").since("2.8.12").optional(),
                          oneOf(
                                  "normal_master_slave_pubsub",
                                  flag("normal", "normal"),
                                  flag("master", "master").since("3.2.0"),
                                  flag("slave", "slave"),
                                  flag("replica", "replica").since("5.0.0"),
                                  flag("pubsub", "pubsub"))
                              .token("TYPE")
                              .since("2.8.12")
                              .optional(),
                          arg("username", STRING).token("USER").optional(),
                          arg("ip:port", STRING).token("ADDR").optional(),
                          arg("ip:port", STRING).token("LADDR").since("6.2.0").optional(),
                          arg("yes/no", STRING).token("SKIPME").optional())
                      .multiple()))
          .summary("Closes connections.")
          .complexity("O(N) where N is the number of connections")
          .handler(ClientCommands::kill);

  /** Which clients CLIENT KILL means; null or 0 where nothing is said. */
  private static final class KillFilter {
    long id;
    ClientType type;
    String address;
    String localAddress;
    boolean skipMe = true;

    boolean matches(Session session, Session self) {
      return (address == null || address.equals(session.connection().remoteAddress()))
          && (localAddress == null || localAddress.equals(session.connection().localAddress()))
          && (type == null || type == session.type())
          && (id == 0 || id == session.id())
          && !(skipMe && session == self);
    }
  }

  private static void kill(Invocation in) {
    KillFilter filter = new KillFilter();
    boolean oldForm = in.count() == 3;
    if (oldForm) {
      filter.address = in.text(2);
      filter.skipMe = false;
    } else {
      killOptions(in, filter);
    }
    Session self = in.session();
    long[] killed = {0};
    boolean[] suicide = {false};
    in.services()
        .sessions()
        .forEach(
            each -> {
              if (filter.matches(each, self)) {
                killed[0]++;
                suicide[0] |= each == self;
                if (each != self) {
                  each.close("client kill");
                }
              }
            });
    if (!oldForm) {
      in.reply().integer(killed[0]);
    } else if (killed[0] == 0) {
      throw new CommandError("ERR No such client");
    } else {
      in.reply().ok();
    }
    if (suicide[0]) {
      self.closeAfterReply("client kill");
    }
  }

  private static void killOptions(Invocation in, KillFilter filter) {
    for (int at = 2; at < in.count(); at += 2) {
      if (at + 1 == in.count()) {
        throw CommandError.SYNTAX;
      }
      if (in.is(at, "ID")) {
        CommandError error = new CommandError("ERR client-id should be greater than 0");
        filter.id = in.integer(at + 1, error);
        if (filter.id < 1) {
          throw error;
        }
      } else if (in.is(at, "TYPE")) {
        filter.type = typeAt(in, at + 1);
      } else if (in.is(at, "ADDR")) {
        filter.address = in.text(at + 1);
      } else if (in.is(at, "LADDR")) {
        filter.localAddress = in.text(at + 1);
      } else if (in.is(at, "USER")) {
        if (!in.text(at + 1).equals("default")) {
          throw new CommandError("ERR No such user '" + in.text(at + 1) + "'");
        }
      } else if (in.is(at, "SKIPME") && in.is(at + 1, "YES")) {
        filter.skipMe = true;
      } else if (in.is(at, "SKIPME") && in.is(at + 1, "NO")) {
        filter.skipMe = false;
      } else {
        throw CommandError.SYNTAX;
      }
    }
  }

  private static final CommandSpec UNBLOCK =
      admin("unblock", "5.0.0", -3)
          .arguments(
              arg("client-id", INTEGER),
              oneOf("timeout_error", flag("timeout", "TIMEOUT"), flag("error", "ERROR")).optional())
          .summary("Ends the wait of a client that is blocked.")
          .complexity("O(N) where N is the number of connections")
          .handler(ClientCommands::unblock);

  private static void unblock(Invocation in) {
    if (in.count() > 4) {
      throw in.subcommandSyntax();
    }
    boolean withError = in.count() == 4 && in.is(3, "ERROR");
    if (in.count() == 4 && !withError && !in.is(3, "TIMEOUT")) {
      throw new CommandError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    }
    Session target = in.services().sessions().byId(in.integer(2));
    BlockedReason reason = target == null ? null : target.blockedReason();
    if (reason != BlockedReason.KEYS && reason != BlockedReason.WAIT) {
      in.reply().integer(0);
      return;
    }
    if (withError) {
      target.unblockWithError("UNBLOCKED client unblocked via CLIENT UNBLOCK");
    } else {
      target.unblockAsTimedOut();
    }
    in.services().sessions().cutShort(target.lastCommand());
    in.reply().integer(1);
  }

  private static final CommandSpec PAUSE =
      admin("pause", "2.9.50", -3)
          .flags(BARRIER)
          .history("6.2.0", "Takes a mode; `WRITE` holds back writes only.")
          .arguments(
              arg("timeout", INTEGER),
              oneOf("mode", flag("write", "WRITE"), flag("all", "ALL")).since("6.2.0").optional())
          .summary("Holds all clients back for some time.")
          .complexity("O(1)")
          .handler(ClientCommands::pause);

  private static void pause(Invocation in) {
    if (in.count() > 4) {
      throw in.subcommandSyntax();
    }
    ClientPause.Mode mode = ClientPause.Mode.ALL;
    if (in.count() == 4 && in.is(3, "WRITE")) {
      mode = ClientPause.Mode.WRITE;
    } else if (in.count() == 4 && !in.is(3, "ALL")) {
      throw new CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL");
    }
    long timeoutMs =
        in.integer(2, new CommandError("ERR timeout is not an integer or out of range"));
    if (timeoutMs < 0) {
      throw new CommandError("ERR timeout is negative");
    }
    // An end beyond what a 64 bit clock can hold has, in Redis, passed already.
    if (timeoutMs <= Long.MAX_VALUE - in.nowMs()) {
      in.services().sessions().pause().pause(ClientPause.Purpose.CLIENT_COMMAND, mode, timeoutMs);
    }
    in.reply().ok();
  }

  private static final CommandSpec UNPAUSE =
      admin("unpause", "6.2.0", 2)
          .summary("Ends a pause of clients.")
          .complexity("O(N) where N is the number of clients held back")
          .handler(ClientCommands::unpause);

  private static void unpause(Invocation in) {
    Sessions sessions = in.services().sessions();
    sessions.pause().resume(ClientPause.Purpose.CLIENT_COMMAND);
    in.reply().ok();
  }

  private static final CommandSpec HELP =
      command("help")
          .group(CommandGroup.CONNECTION)
          .since("5.0.0")
          .arity(2)
          .flags(LOADING, STALE, CommandFlag.SENTINEL)
          .categories(AclCategory.CONNECTION)
          .summary("Lists the subcommands.")
          .complexity("O(1)")
          .handler(ClientCommands::help);

  private static void help(Invocation in) {
    Help.reply(
        in,
        List.of(
            "GETNAME",
            "    Return the name of the current connection.",
            "ID",
            "    Return the ID of the current connection.",
            "INFO",
            "    Return information about the current client connection.",
            "KILL <ip:port>",
            "    Kill connection made from <ip:port>.",
            "KILL <option> <value> [<option> <value> [...]]",
            "    Kill connections. Options are:",
            "    * ADDR (<ip:port>|<unixsocket>:0)",
            "      Kill connections made from the specified address",
            "    * LADDR (<ip:port>|<unixsocket>:0)",
            "      Kill connections made to specified local address",
            "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
            "      Kill connections by type.",
            "    * USER <username>",
            "      Kill connections authenticated by <username>.",
            "    * SKIPME (YES|NO)",
            "      Skip killing current connection (default: yes).",
            "LIST [options ...]",
            "    Return information about client connections. Options:",
            "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
            "      Return clients of specified type.",
            "UNPAUSE",
            "    Stop the current client pause, resuming traffic.",
            "PAUSE <timeout> [WRITE|ALL]",
            "    Suspend all, or just write, clients for <timeout> milliseconds.",
            "REPLY (ON|OFF|SKIP)",
            "    Control the replies sent to the current connection.",
            "SETNAME <name>",
            "    Assign the name <name> to the current connection.",
            "UNBLOCK <clientid> [TIMEOUT|ERROR]",
            "    Unblock the specified blocked client.",
            "NO-EVICT (ON|OFF)",
            "    Protect current client connection from eviction."));
  }

  public static final CommandSpec CLIENT =
      command("client")
          .group(CommandGroup.CONNECTION)
          .since("2.4.0")
          .arity(-2)
          .flags(SENTINEL)
          .summary("Looks at connections and controls them.")
          .complexity("Depends on the subcommand.")
          .container(
              GETNAME, HELP, ID, INFO, KILL, LIST, NO_EVICT, PAUSE, REPLY, SETNAME, UNBLOCK,
              UNPAUSE);
}
