package io.vigil.core.replication;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.block;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandFlag.WRITE;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;
import static io.vigil.core.spec.KeySpec.keyword;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.EffectSink;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.persist.store.PersistenceSettings;
import io.vigil.core.persist.store.SaveState;
import io.vigil.core.session.ClientPause;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.ArgumentSpec;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import io.vigil.core.spec.KeyFlag;
import io.vigil.core.spec.KeyPositions;
import java.util.ArrayList;
import java.util.List;

/**
 * MIGRATE: moves keys to another server. Redis blocks everything meanwhile; here writes wait, so
 * that a key cannot change between its copy and its deletion, and reads go on.
 */
public final class MigrateCommand {
  private static final CommandError KEY_NOT_EMPTY =
      new CommandError(
          "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string");
  private static final long DEFAULT_TIMEOUT_MS = 1000;

  final Env env;
  final Keyspace keyspace;
  final EffectSink effects;
  final SaveState saveState;
  final PersistenceSettings settings;
  final ClientPause pause;
  final MigrateLinks links;

  public MigrateCommand(
      Env env,
      Keyspace keyspace,
      EffectSink effects,
      SaveState saveState,
      PersistenceSettings settings,
      ClientPause pause) {
    this.env = env;
    this.keyspace = keyspace;
    this.effects = effects;
    this.saveState = saveState;
    this.settings = settings;
    this.pause = pause;
    this.links = new MigrateLinks(env);
  }

  /** Connections kept to other servers: INFO's {@code migrate_cached_sockets}. */
  public int keptConnections() {
    return links.count();
  }

  /** The command. */
  public CommandSpec spec() {
    ArgumentSpec authentication =
        oneOf(
                "authentication",
                arg("password", STRING).token("AUTH").since("4.0.7").optional(),
                block("auth2", arg("username", STRING), arg("password", STRING))
                    .token("AUTH2")
                    .since("6.0.0")
                    .optional())
            .optional();
    return command("migrate")
        .group(CommandGroup.GENERIC)
        .since("2.6.0")
        .arity(-6)
        .flags(WRITE)
        .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
        .keys(
            key(3).rw().access().delete(),
            keyword("KEYS", -2).range(-1, 1, 0).rw().access().delete().incomplete())
        .keyFinder(MigrateCommand::findKeys)
        .history("3.0.0", "Takes the options COPY and REPLACE.")
        .history("3.0.6", "Takes the option KEYS.")
        .history("4.0.7", "Takes the option AUTH.")
        .history("6.0.0", "Takes the option AUTH2.")
        .arguments(
            arg("host", STRING),
            arg("port", INTEGER),
            oneOf("key_or_empty_string", keyArg("key"), flag("empty_string", "")),
            arg("destination-db", INTEGER),
            arg("timeout", INTEGER),
            flag("copy", "COPY").since("3.0.0").optional(),
            flag("replace", "REPLACE").since("3.0.0").optional(),
            authentication,
            keyArg("key").token("KEYS").since("3.0.6").optional().multiple())
        .tips("nondeterministic_output")
        .summary("Moves keys to another server.")
        .complexity(
            "This command does the work of DUMP and DEL here and of RESTORE there, for every key,"
                + " and sends the values in between")
        .handler(this::migrate);
  }

  /**
   * What was asked for.
   *
   * @param password null for no AUTH
   * @param user null for the default user
   */
  record Request(
      String host,
      int port,
      long database,
      long timeoutMs,
      boolean copy,
      boolean replace,
      byte[] user,
      byte[] password,
      int sourceDatabase,
      List<byte[]> keys) {}

  private void migrate(DataInvocation in) {
    boolean copy = false;
    boolean replace = false;
    byte[] user = null;
    byte[] password = null;
    int firstKey = 3;
    int keyCount = 1;
    int i = 6;
    while (i < in.count()) {
      int more = in.count() - 1 - i;
      if (in.is(i, "COPY")) {
        copy = true;
      } else if (in.is(i, "REPLACE")) {
        replace = true;
      } else if (in.is(i, "AUTH") && more >= 1) {
        in.redact(++i);
        password = in.arguments().copy(i);
      } else if (in.is(i, "AUTH2") && more >= 2) {
        in.redact(++i);
        user = in.arguments().copy(i);
        in.redact(++i);
        password = in.arguments().copy(i);
      } else if (in.is(i, "KEYS")) {
        if (in.arguments().length(3) != 0) {
          throw KEY_NOT_EMPTY;
        }
        firstKey = i + 1;
        keyCount = more;
        break;
      } else {
        throw CommandError.SYNTAX;
      }
      i++;
    }
    long timeoutMs = in.integer(5);
    long database = in.integer(4);
    List<byte[]> keys = presentKeys(in, firstKey, keyCount);
    if (keys.isEmpty()) {
      in.reply().simple("NOKEY");
      return;
    }
    if (in.session().inTransaction()) {
      throw new CommandError("ERR MIGRATE cannot run inside a transaction: its reply comes later");
    }
    Request request =
        new Request(
            in.text(1),
            port(in.text(2)),
            database,
            timeoutMs <= 0 ? DEFAULT_TIMEOUT_MS : timeoutMs,
            copy,
            replace,
            user,
            password,
            in.databaseIndex(),
            keys);
    new Migration(this, request, in.defer()).start();
  }

  private static List<byte[]> presentKeys(DataInvocation in, int first, int count) {
    List<byte[]> keys = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      if (in.database().lookupRead(in.arguments(), i) != 0) {
        keys.add(in.arguments().copy(i));
      }
    }
    return keys;
  }

  /** As a number as far as it is one; what is none fails to connect. */
  private static int port(String text) {
    try {
      return Math.clamp(Long.parseLong(text), 0, 65535);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The key in its place, or those behind KEYS, which passwords before it may look like. */
  private static boolean findKeys(Arguments words, int base, KeyPositions result) {
    int flags = KeyFlag.RW.mask() | KeyFlag.ACCESS.mask() | KeyFlag.DELETE.mask();
    for (int i = base + 6; i < words.count(); i++) {
      if (words.is(i, "AUTH")) {
        i++;
      } else if (words.is(i, "AUTH2")) {
        i += 2;
      } else if (words.is(i, "KEYS")) {
        for (int key = i + 1; key < words.count() && words.length(base + 3) == 0; key++) {
          result.add(key, flags);
        }
        return result.count() > 0;
      }
    }
    result.add(base + 3, flags);
    return true;
  }
}
