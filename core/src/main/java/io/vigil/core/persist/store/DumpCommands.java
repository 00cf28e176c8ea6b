package io.vigil.core.persist.store;

import static io.vigil.core.spec.ArgumentSpec.Type.INTEGER;
import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.keyArg;
import static io.vigil.core.spec.CommandFlag.ASKING;
import static io.vigil.core.spec.CommandFlag.DENYOOM;
import static io.vigil.core.spec.CommandFlag.READONLY;
import static io.vigil.core.spec.CommandFlag.WRITE;
import static io.vigil.core.spec.CommandSpec.command;
import static io.vigil.core.spec.KeySpec.key;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.persist.rdb.DumpPayload;
import io.vigil.core.persist.rdb.RdbEncoder;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbValue;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** DUMP and RESTORE. How a value is packed is a node's setting, so a node makes its own. */
public final class DumpCommands {
  private static final CommandError BUSY_KEY =
      new CommandError("BUSYKEY Target key name already exists.");
  private static final CommandError WRONG_PAYLOAD =
      new CommandError("ERR DUMP payload version or checksum are wrong");
  private static final CommandError BAD_FORMAT = new CommandError("ERR Bad data format");
  private static final CommandError NEGATIVE_TTL =
      new CommandError("ERR Invalid TTL value, must be >= 0");
  private static final CommandError NEGATIVE_IDLE =
      new CommandError("ERR Invalid IDLETIME value, must be >= 0");
  private static final CommandError WRONG_FREQUENCY =
      new CommandError("ERR Invalid FREQ value, must be >= 0 and <= 255");
  private static final byte[] DEL = bytes("DEL");
  private static final byte[] ABSTTL = bytes("ABSTTL");

  private final PersistenceSettings settings;

  public DumpCommands(PersistenceSettings settings) {
    this.settings = settings;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** All commands of this file. */
  public List<CommandSpec> all() {
    return List.of(dumpSpec(), restoreSpec("restore"), restoreSpec("restore-asking"));
  }

  // ---- DUMP

  private CommandSpec dumpSpec() {
    return command("dump")
        .group(CommandGroup.GENERIC)
        .since("2.6.0")
        .arity(2)
        .flags(READONLY)
        .categories(AclCategory.KEYSPACE)
        .keys(key(1).ro().access())
        .arguments(keyArg("key"))
        .tips("nondeterministic_output")
        .summary("Returns the value of a key in the form that RESTORE takes.")
        .complexity(
            "O(1) to find the key and O(N) to serialize it, where N is the size of the value")
        .handler(this::dump);
  }

  private void dump(DataInvocation in) {
    long record = in.database().lookupRead(in.arguments(), 1);
    if (record == 0) {
      in.reply().nil();
    } else {
      in.reply().bulk(payload(in.database(), record, settings.packsStrings));
    }
  }

  /** The payload of a record. */
  public static byte[] payload(Database database, long record, boolean packs) {
    RdbEncoder encoder = new RdbEncoder(packs);
    ValueEncoder.record(encoder, database, record);
    return DumpPayload.of(encoder);
  }

  // ---- RESTORE

  private CommandSpec restoreSpec(String name) {
    CommandSpec.Builder spec =
        command(name)
            .group(name.equals("restore") ? CommandGroup.GENERIC : CommandGroup.SERVER)
            .since(name.equals("restore") ? "2.6.0" : "3.0.0")
            .arity(-4)
            .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
            .keys(key(1).ow().update())
            .arguments(
                keyArg("key"),
                arg("ttl", INTEGER),
                arg("serialized-value", STRING),
                flag("replace", "REPLACE").since("3.0.0").optional(),
                flag("absttl", "ABSTTL").since("5.0.0").optional(),
                arg("seconds", INTEGER).token("IDLETIME").since("5.0.0").optional(),
                arg("frequency", INTEGER).token("FREQ").since("5.0.0").optional())
            .summary("Makes a key of what DUMP returned.")
            .complexity(
                "O(1) to make the key and O(N) to read the value, where N is the size of the"
                    + " value");
    if (name.equals("restore")) {
      spec.flags(WRITE, DENYOOM)
          .history("3.0.0", "Takes the option REPLACE.")
          .history("5.0.0", "Takes the option ABSTTL.")
          .history("5.0.0", "Takes the options IDLETIME and FREQ.");
    } else {
      spec.flags(WRITE, DENYOOM, ASKING).systemCommand();
    }
    return spec.handler(this::restore);
  }

  /** The options of one RESTORE. */
  private record Options(boolean replace, boolean absolute, long idleSeconds, int frequency) {}

  private static Options options(DataInvocation in) {
    boolean replace = false;
    boolean absolute = false;
    long idleSeconds = -1;
    long frequency = -1;
    for (int i = 4; i < in.count(); i++) {
      boolean more = i + 1 < in.count();
      if (in.is(i, "REPLACE")) {
        replace = true;
      } else if (in.is(i, "ABSTTL")) {
        absolute = true;
      } else if (in.is(i, "IDLETIME") && more && frequency == -1) {
        idleSeconds = in.integer(++i);
        if (idleSeconds < 0) {
          throw NEGATIVE_IDLE;
        }
      } else if (in.is(i, "FREQ") && more && idleSeconds == -1) {
        frequency = in.integer(++i);
        if (frequency < 0 || frequency > 255) {
          throw WRONG_FREQUENCY;
        }
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return new Options(replace, absolute, idleSeconds, (int) frequency);
  }

  private void restore(DataInvocation in) {
    Options options = options(in);
    Arguments words = in.arguments();
    Database database = in.database();
    if (!options.replace && database.lookupWrite(words, 1) != 0) {
      throw BUSY_KEY;
    }
    long ttl = in.integer(2);
    if (ttl < 0) {
      throw NEGATIVE_TTL;
    }
    ValueLoader value = value(database, words);
    boolean deleted = options.replace && database.delete(words, 1);
    long deadlineMs = ttl == 0 || options.absolute ? ttl : ttl + in.nowMs();
    if (deadlineMs != 0 && deadlineMs <= in.nowMs() && !in.origin().mustObey()) {
      if (deleted) {
        in.rewrite(DEL, words.copy(1));
        changed(in, "del");
      }
      value.abandon();
      in.reply().ok();
      return;
    }
    store(in, value, deadlineMs == 0 ? Database.NO_DEADLINE : deadlineMs, options);
    if (deadlineMs != 0 && !options.absolute) {
      in.rewrite(withDeadline(words, deadlineMs));
    }
    changed(in, "restore");
    in.reply().ok();
  }

  /** The value in the payload, put together and not yet that of the key. */
  private ValueLoader value(Database database, Arguments words) {
    byte[] array = words.array(3);
    int offset = words.offset(3);
    int length = words.length(3);
    if (!DumpPayload.isIntact(array, offset, length, settings.skipsChecksums)) {
      throw WRONG_PAYLOAD;
    }
    ValueLoader loader = new ValueLoader();
    try {
      DumpPayload.read(array, offset, length, new Payload(database, loader));
    } catch (RdbException e) {
      loader.abandon();
      throw BAD_FORMAT;
    }
    if (loader.isEmpty()) {
      loader.abandon();
      throw BAD_FORMAT;
    }
    return loader;
  }

  /** Feeds a loader with what is in a payload. */
  private record Payload(Database database, ValueLoader loader) implements DumpPayload.Receiver {
    @Override
    public void value(RdbValue value) throws RdbException {
      loader.begin(database, value);
    }

    @Override
    public void element(byte[] array, int offset, int length) throws RdbException {
      loader.element(array, offset, length);
    }

    @Override
    public void score(double score) throws RdbException {
      loader.score(score);
    }

    @Override
    public void node(int type, byte[] array, int offset, int length) throws RdbException {
      loader.node(type, array, offset, length);
    }
  }

  private static void store(
      DataInvocation in, ValueLoader value, long deadlineMs, Options options) {
    Arguments words = in.arguments();
    Database database = in.database();
    value.attach(words.array(1), words.offset(1), words.length(1), deadlineMs);
    long record = database.peek(words, 1);
    if (record != 0 && options.idleSeconds >= 0) {
      database.setIdleSeconds(record, options.idleSeconds);
    } else if (record != 0 && options.frequency >= 0) {
      database.setFrequency(record, options.frequency);
    }
  }

  private static void changed(DataInvocation in, String event) {
    in.modified(1);
    in.event(NotifyClass.GENERIC, event, 1);
    in.dirty(1);
  }

  /** The same words with the deadline as a point in time: replicas may be late. */
  private static byte[][] withDeadline(Arguments words, long deadlineMs) {
    byte[][] rewritten = new byte[words.count() + 1][];
    for (int i = 0; i < words.count(); i++) {
      rewritten[i] = i == 2 ? bytes(Long.toString(deadlineMs)) : words.copy(i);
    }
    rewritten[words.count()] = ABSTTL;
    return rewritten;
  }
}
