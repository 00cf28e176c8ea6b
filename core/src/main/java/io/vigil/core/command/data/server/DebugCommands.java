package io.vigil.core.command.data.server;

import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Hex;
import io.vigil.core.base.Numbers;
import io.vigil.core.command.common.Help;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.env.Log;
import io.vigil.core.keyspace.Database;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandFlag;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * DEBUG: looks inside and levers for tests, refused unless {@code enable-debug-command} allows it.
 * A subcommand that does not exist here is unknown, as any other word.
 */
public final class DebugCommands {
  private static final long MAX_SLEEP_MICROS = 1L << 52;

  private static final List<String> HELP =
      List.of(
          "CHANGE-REPL-ID",
          "    Give the replication stream a new id, so that no replica can continue.",
          "CONFIG-REWRITE-FORCE-ALL",
          "    As CONFIG REWRITE, with a line for every directive.",
          "DIGEST",
          "    Print a digest of all data.",
          "DIGEST-VALUE <key> [<key> ...]",
          "    Print the digest of the value of each key.",
          "ERROR <text>",
          "    Answer with the text as an error.",
          "LOG <text>",
          "    Write the text to the log.",
          "OBJECT <key>",
          "    Print how the value of the key is kept.",
          "POPULATE <count> [<prefix>] [<size>]",
          "    Create <count> strings with keys <prefix>:<number> (key:<number> by default), of",
          "    <size> bytes if given. They are not propagated to replicas.",
          "PROTOCOL <type>",
          "    Answer with a value of the type: string, integer, double, bignum, null, array, set,",
          "    map, attrib, push, verbatim, true, false.",
          "RELOAD [NOSAVE]",
          "    Save the data file, unless NOSAVE says otherwise, and load it in place of the data.",
          "SET-ACTIVE-EXPIRE <0|1>",
          "    With 0, keys whose time has come are deleted only when they are looked at.",
          "SLEEP <seconds>",
          "    Stop the server for that long; decimals are allowed.");

  /** What DEBUG asks of the parts of a node that commands do not see. */
  public interface Levers {
    /** Ends the history of the replication stream and begins another. */
    void changeReplicationId();

    /**
     * Writes the configuration file with every directive.
     *
     * @return the error, or null
     */
    String rewriteWholeConfiguration();

    /**
     * Saves, if {@code save}, and loads the data file in place of the data; answers {@code call} in
     * the end.
     */
    void reload(DataInvocation call, boolean save);

    /** Bytes the value in {@code record} takes in an RDB file. */
    long serializedBytes(Database database, long record);
  }

  private final Levers levers;

  private DebugCommands(Levers levers) {
    this.levers = levers;
  }

  /** All declarations of this file. */
  public static List<CommandSpec> all(Levers levers) {
    return List.of(new DebugCommands(levers).declaration());
  }

  private CommandSpec declaration() {
    return command("debug")
        .group(CommandGroup.SERVER)
        .since("1.0.0")
        .arity(-2)
        .flags(
            CommandFlag.ADMIN,
            CommandFlag.NOSCRIPT,
            CommandFlag.LOADING,
            CommandFlag.STALE,
            CommandFlag.PROTECTED)
        .systemCommand()
        .summary("Looks inside the server and moves levers for tests.")
        .complexity("Depends on the subcommand.")
        .handler((DataInvocation call) -> run(call));
  }

  private void run(DataInvocation call) {
    String subcommand = call.text(1).toUpperCase(Locale.ROOT) + "/" + (call.count() - 2);
    switch (subcommand) {
      case "HELP/0" -> Help.reply(call, HELP);
      case "SLEEP/1" -> sleep(call);
      case "DIGEST/0" -> call.reply().simple(Hex.of(call.keyspace().digest()));
      case "OBJECT/1" -> object(call);
      case "PROTOCOL/1" -> protocol(call);
      case "POPULATE/1", "POPULATE/2", "POPULATE/3" -> populate(call);
      case "SET-ACTIVE-EXPIRE/1" -> setActiveExpire(call);
      case "CHANGE-REPL-ID/0" -> changeReplicationId(call);
      case "CONFIG-REWRITE-FORCE-ALL/0" -> rewriteWholeConfiguration(call);
      case "RELOAD/0" -> levers.reload(call, true);
      case "RELOAD/1" -> reloadAsTold(call);
      case "ERROR/1" -> call.reply().error(call.text(2));
      case "LOG/1" -> log(call);
      default -> {
        if (!subcommand.startsWith("DIGEST-VALUE/") || call.count() < 3) {
          throw call.subcommandSyntax();
        }
        digestOfValues(call);
      }
    }
  }

  private void reloadAsTold(DataInvocation call) {
    if (!call.is(2, "NOSAVE")) {
      throw new CommandError("ERR DEBUG RELOAD only supports the NOSAVE option.");
    }
    levers.reload(call, false);
  }

  private static void sleep(DataInvocation call) {
    Arguments words = call.arguments();
    double seconds = Numbers.parseDouble(words.array(2), words.offset(2), words.length(2));
    long micros = seconds > 0 ? (long) Math.min(seconds * 1e6, MAX_SLEEP_MICROS) : 0;
    call.services().env().host().stall(micros);
    call.reply().ok();
  }

  private static void digestOfValues(DataInvocation call) {
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      long record = call.database().peek(call.arguments(), i);
      byte[] digest =
          record == 0 ? new byte[20] : call.keyspace().digestOfValue(call.database(), record);
      call.reply().simple(Hex.of(digest));
    }
  }

  private void object(DataInvocation call) {
    Database database = call.database();
    long record = database.peek(call.arguments(), 2);
    if (record == 0) {
      throw CommandError.NO_SUCH_KEY;
    }
    call.reply()
        .simple(
            "Value at:0x"
                + Long.toHexString(record)
                + " refcount:"
                + call.referenceCount(record)
                + " encoding:"
                + database.encoding(record).redisName()
                + " serializedlength:"
                + levers.serializedBytes(database, record)
                + " lru:"
                + database.accessClock(record)
                + " lru_seconds_idle:"
                + database.idleSeconds(record));
  }

  private static void populate(DataInvocation call) {
    long keys = positive(call, 2);
    String prefix = call.count() > 3 ? call.text(3) : "key";
    long size = call.count() > 4 ? positive(call, 4) : 0;
    call.requireStringSize(size);
    for (long i = 0; i < keys; i++) {
      byte[] key = (prefix + ":" + i).getBytes(StandardCharsets.ISO_8859_1);
      if (call.database().lookupWrite(key, 0, key.length) != 0) {
        continue;
      }
      byte[] value = ("value:" + i).getBytes(StandardCharsets.ISO_8859_1);
      if (size != 0) {
        value = Arrays.copyOf(value, (int) size);
      }
      call.strings().setText(key, 0, key.length, value, 0, value.length, Database.NO_DEADLINE);
      call.modified(key);
    }
    call.preventPropagation();
    call.reply().ok();
  }

  private static long positive(DataInvocation call, int index) {
    long value = call.integer(index);
    if (value < 0) {
      throw CommandError.OUT_OF_RANGE;
    }
    return value;
  }

  private static void setActiveExpire(DataInvocation call) {
    call.keyspace().settings().activeExpiry = !call.text(2).equals("0");
    call.reply().ok();
  }

  private void changeReplicationId(DataInvocation call) {
    call.services().env().log().notice("Changing replication IDs after receiving change-repl-id");
    levers.changeReplicationId();
    call.reply().ok();
  }

  private void rewriteWholeConfiguration(DataInvocation call) {
    String error = levers.rewriteWholeConfiguration();
    if (error == null) {
      call.reply().ok();
    } else {
      call.reply().error("ERR CONFIG-REWRITE-FORCE-ALL failed: " + error);
    }
  }

  private static void log(DataInvocation call) {
    call.services().env().log().log(Log.Level.WARNING, "DEBUG LOG: " + call.text(2));
    call.reply().ok();
  }

  private static void protocol(DataInvocation call) {
    ReplyWriter reply = call.reply();
    switch (call.text(2).toLowerCase(Locale.ROOT)) {
      case "string" -> reply.bulk("Hello World");
      case "integer" -> reply.integer(12345);
      case "double" -> reply.doubleValue(3.141);
      case "bignum" -> reply.bigNumber("1234567999999999999999999999999999999");
      case "null" -> reply.nil();
      case "array" -> {
        reply.array(3);
        countToTwo(reply);
      }
      case "set" -> {
        reply.set(3);
        countToTwo(reply);
      }
      case "map" -> {
        reply.map(3);
        for (int i = 0; i < 3; i++) {
          reply.integer(i);
          reply.bool(i == 1);
        }
      }
      case "attrib" -> attribute(reply);
      case "push" -> push(reply);
      case "true" -> reply.bool(true);
      case "false" -> reply.bool(false);
      case "verbatim" -> reply.verbatim("txt", "This is a verbatim\nstring");
      default ->
          throw new CommandError(
              "ERR Wrong protocol type name. Please use one of the following:"
                  + " string|integer|double|bignum|null|array|set|map|attrib|push|verbatim"
                  + "|true|false");
    }
  }

  private static void countToTwo(ReplyWriter reply) {
    for (int i = 0; i < 3; i++) {
      reply.integer(i);
    }
  }

  /** An attribute is no reply by itself: one follows it. */
  private static void attribute(ReplyWriter reply) {
    if (reply.protocol() >= 3) {
      reply.attribute(1);
      reply.bulk("key-popularity");
      reply.array(2);
      reply.bulk("key:123");
      reply.integer(90);
    }
    reply.bulk("Some real reply following the attribute");
  }

  /** Neither is a push. */
  private static void push(ReplyWriter reply) {
    if (reply.protocol() < 3) {
      throw new CommandError("ERR RESP2 is not supported by this command");
    }
    reply.push(2);
    reply.bulk("server-cpu-usage");
    reply.integer(42);
    reply.bulk("Some real reply following the push reply");
  }
}
