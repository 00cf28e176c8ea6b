package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.CommandFlag.ALLOW_BUSY;
import static io.vigil.core.spec.CommandFlag.BARRIER;
import static io.vigil.core.spec.CommandFlag.FAST;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.NOT_QUEUED;
import static io.vigil.core.spec.CommandFlag.NO_AUTH;
import static io.vigil.core.spec.CommandFlag.SENTINEL;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandFlag.WHILE_SUBSCRIBED;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.base.ByteString;
import io.vigil.core.base.Version;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.Session;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/**
 * Commands with which a client introduces itself and is greeted: AUTH, HELLO, PING, ECHO, SELECT,
 * RESET, QUIT.
 */
public final class ConnectionCommands {
  private ConnectionCommands() {}

  /** All commands of this file. */
  public static final List<CommandSpec> all() {
    return List.of(AUTH, ECHO, HELLO, PING, QUIT, RESET, SELECT);
  }

  private static final CommandError WRONG_PASSWORD =
      new CommandError("WRONGPASS invalid username-password pair or user is disabled.");

  public static final CommandSpec AUTH =
      command("auth")
          .group(CommandGroup.CONNECTION)
          .since("1.0.0")
          .arity(-2)
          .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, SENTINEL, ALLOW_BUSY, BARRIER)
          .categories(AclCategory.CONNECTION)
          .history("6.0.0", "Takes a user name before the password.")
          .arguments(arg("username", STRING).since("6.0.0").optional(), arg("password", STRING))
          .summary("Makes a user known by a password.")
          .complexity("O(N) where N is the number of passwords of the user")
          .handler(ConnectionCommands::auth);

  private static void auth(Invocation in) {
    if (in.count() > 3) {
      throw CommandError.SYNTAX;
    }
    in.redact(1);
    if (in.count() == 2 && password(in).isEmpty()) {
      throw new CommandError(
          "ERR AUTH <password> called without any password configured for the default user. Are"
              + " you sure your configuration is correct?");
    }
    if (in.count() == 3) {
      in.redact(2);
    }
    authenticate(in, in.count() == 3 ? in.text(1) : "default", in.count() - 1);
    in.reply().ok();
  }

  private static String password(Invocation in) {
    return in.services().sessions().limits().password;
  }

  private static void authenticate(Invocation in, String user, int passwordAt) {
    String wanted = password(in);
    boolean accepted = wanted.isEmpty() || sameInConstantTime(wanted, in.text(passwordAt));
    if (!user.equals("default") || !accepted) {
      throw WRONG_PASSWORD;
    }
    in.session().authenticated(true);
  }

  /** Compares without telling by its duration how much of the password was right. */
  private static boolean sameInConstantTime(String wanted, String given) {
    int difference = wanted.length() ^ given.length();
    for (int i = 0; i < given.length(); i++) {
      difference |= given.charAt(i) ^ wanted.charAt(i % wanted.length());
    }
    return difference == 0;
  }

  public static final CommandSpec HELLO =
      command("hello")
          .group(CommandGroup.CONNECTION)
          .since("6.0.0")
          .arity(-1)
          .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, SENTINEL, ALLOW_BUSY, BARRIER)
          .categories(AclCategory.CONNECTION)
          .history("6.2.0", "The version may be left out; the protocol then stays.")
          .arguments(
              block(
                      "arguments",
                      arg("protover", INTEGER),
                      block("username_password", arg("username", STRING), arg("password", STRING))
                          .token("AUTH")
                          .optional(),
                      arg("clientname", STRING).token("SETNAME").optional())
                  .optional())
          .summary("Chooses the protocol version and tells about the server.")
          .complexity("O(1)")
          .handler(ConnectionCommands::hello);

  private static void hello(Invocation in) {
    long version = 0;
    if (in.count() >= 2) {
      version =
          in.integer(1, new CommandError("ERR Protocol version is not an integer or out of range"));
      if (version < 2 || version > 3) {
        throw new CommandError("NOPROTO unsupported protocol version");
      }
    }
    helloOptions(in);
    if (in.session().needsAuthentication()) {
      throw new CommandError(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " AUTH <user> <pass> option can be used to authenticate the client and select the"
              + " RESP protocol version at the same time");
    }
    if (version != 0) {
      in.session().protocol((int) version);
    }
    in.rereadReply();
    greet(in);
  }

  private static void helloOptions(Invocation in) {
    int at = 2;
    while (at < in.count()) {
      int more = in.count() - 1 - at;
      if (in.is(at, "AUTH") && more >= 2) {
        in.redact(at + 1);
        in.redact(at + 2);
        authenticate(in, in.text(at + 1), at + 2);
        at += 3;
      } else if (in.is(at, "SETNAME") && more >= 1) {
        setName(in, at + 1);
        at += 2;
      } else {
        throw new CommandError("ERR Syntax error in HELLO option '" + in.text(at) + "'");
      }
    }
  }

  private static void greet(Invocation in) {
    ReplyWriter reply = in.reply();
    String mode = in.services().role().mode();
    boolean sentinel = mode.equals("sentinel");
    reply.map(sentinel ? 6 : 7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(Version.REDIS);
    reply.bulk("proto");
    reply.integer(in.session().protocol());
    reply.bulk("id");
    reply.integer(in.session().id());
    reply.bulk("mode");
    reply.bulk(mode);
    if (!sentinel) {
      reply.bulk("role");
      reply.bulk(in.services().role().roleName());
    }
    reply.bulk("modules");
    reply.emptyArray();
  }

  /** Gives the client the name in word {@code index}; an empty one takes it away. */
  static void setName(Invocation in, int index) {
    int length = in.arguments().length(index);
    for (int i = 0; i < length; i++) {
      int letter = in.arguments().byteAt(index, i);
      if (letter < '!' || letter > '~') {
        throw new CommandError(
            "ERR Client names cannot contain spaces, newlines or special characters.");
      }
    }
    in.session().name(length == 0 ? null : ByteString.copyOf(in.arguments(), index));
  }

  public static final CommandSpec PING =
      command("ping")
          .group(CommandGroup.CONNECTION)
          .since("1.0.0")
          .arity(-1)
          .flags(FAST, SENTINEL, WHILE_SUBSCRIBED)
          .categories(AclCategory.CONNECTION)
          .tips("request_policy:all_shards", "response_policy:all_succeeded")
          .arguments(arg("message", STRING).optional())
          .summary("Answers, to show that the server is alive.")
          .complexity("O(1)")
          .handler(ConnectionCommands::ping);

  private static void ping(Invocation in) {
    ReplyWriter reply = in.reply();
    if (in.count() > 2) {
      throw new CommandError("ERR wrong number of arguments for 'ping' command");
    }
    boolean inArray = in.session().isSubscribed() && in.session().protocol() == 2;
    if (inArray) {
      reply.array(2);
      reply.bulk("pong");
    }
    if (in.count() == 2) {
      echo(in);
    } else if (inArray) {
      reply.bulk("");
    } else {
      reply.simple("PONG");
    }
  }

  public static final CommandSpec ECHO =
      command("echo")
          .group(CommandGroup.CONNECTION)
          .since("1.0.0")
          .arity(2)
          .flags(LOADING, STALE, FAST)
          .categories(AclCategory.CONNECTION)
          .arguments(arg("message", STRING))
          .summary("Answers with the words it was given.")
          .complexity("O(1)")
          .handler(ConnectionCommands::echo);

  private static void echo(Invocation in) {
    in.reply().bulk(in.arguments().array(1), in.arguments().offset(1), in.arguments().length(1));
  }

  public static final CommandSpec SELECT =
      command("select")
          .group(CommandGroup.CONNECTION)
          .since("1.0.0")
          .arity(2)
          .flags(LOADING, STALE, FAST, BARRIER)
          .categories(AclCategory.CONNECTION)
          .arguments(arg("index", INTEGER))
          .summary("Changes the database of this connection.")
          .complexity("O(1)")
          .handler(ConnectionCommands::select);

  private static void select(Invocation in) {
    int index = in.integer32(1);
    if (index < 0 || index >= in.services().role().databases()) {
      throw new CommandError("ERR DB index is out of range");
    }
    in.session().database(index);
    in.reply().ok();
  }

  public static final CommandSpec RESET =
      command("reset")
          .group(CommandGroup.CONNECTION)
          .since("6.2.0")
          .arity(1)
          .flags(
              NOSCRIPT,
              LOADING,
              STALE,
              FAST,
              NO_AUTH,
              ALLOW_BUSY,
              BARRIER,
              NOT_QUEUED,
              WHILE_SUBSCRIBED)
          .categories(AclCategory.CONNECTION)
          .summary("Puts the connection back to how it was when it was opened.")
          .complexity("O(1)")
          .handler(ConnectionCommands::reset);

  private static void reset(Invocation in) {
    Session session = in.session();
    if (session.peer() != null || session.type() == ClientType.PRIMARY) {
      throw new CommandError("ERR can only reset normal client connections");
    }
    in.services().monitors().remove(session);
    session.monitor(false);
    session.database(0);
    session.protocol(2);
    session.authenticated(password(in).isEmpty());
    session.endTransaction();
    in.services().pubSub().forget(session);
    session.name(null);
    session.readOnly(false);
    session.replyMode(Session.ReplyMode.ON);
    in.rereadReply();
    in.reply().simple("RESET");
  }

  public static final CommandSpec QUIT =
      command("quit")
          .group(CommandGroup.CONNECTION)
          .since("1.0.0")
          .arity(-1)
          .flags(
              NOSCRIPT,
              LOADING,
              STALE,
              FAST,
              NO_AUTH,
              ALLOW_BUSY,
              BARRIER,
              NOT_QUEUED,
              WHILE_SUBSCRIBED)
          .categories(AclCategory.CONNECTION)
          .summary("Closes the connection.")
          .complexity("O(1)")
          .handler(ConnectionCommands::quit);

  private static void quit(Invocation in) {
    in.reply().ok();
    in.session().closeAfterReply("quit");
  }
}
