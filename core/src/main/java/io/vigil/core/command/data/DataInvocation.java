package io.vigil.core.command.data;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.base.Rng;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.common.Services;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.ExpiryMode;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.keyspace.StringValues;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.session.Session;
import io.vigil.core.session.Transaction;
import io.vigil.core.session.Watches;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.Dispatcher;
import io.vigil.core.spec.Origin;
import java.util.Arrays;
import java.util.List;

/**
 * A command on data. Beside the database it gives the handler words for its effects:
 *
 * <pre>
 *   dirty(n)              n changes were made; none at all: nothing is propagated
 *   modified(key)         whoever watches the key must know
 *   event(class, e, key)  a keyspace event
 *   rewrite(words)        what is propagated instead of the command itself
 *   alsoPropagate(words)  what is propagated besides, before the command's own words
 * </pre>
 *
 * <p>Effects must not depend on chance, on time or on what only this node knows.
 */
public final class DataInvocation extends Invocation {
  public static final CommandError STRING_TOO_LONG =
      new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");

  /** Why the stream of a primary cannot be gone on with where the data have reached their limit. */
  public static final String NO_ROOM = "no memory is left for its next command";

  private static final CommandError OUT_OF_MEMORY =
      new CommandError("OOM command not allowed when used memory > 'maxmemory'.");

  private static final int SHARED_INTEGERS = 10_000;

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final EffectSink sink;
  private final BlockedCommands blockedCommands;
  private long dirty;

  /** True while the command of a client that waited is tried again. */
  private boolean retrying;

  /** True when it found nothing. */
  private boolean stillWaits;

  /** Changes made by the commands of the running transaction that are over. */
  private long unitChanges;

  private Arguments rewritten;
  private boolean prevented;
  private boolean forced;

  public DataInvocation(
      Services services, Dispatcher dispatcher, Keyspace keyspace, EffectSink sink) {
    super(services);
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.sink = sink;
    this.blockedCommands = new BlockedCommands(keyspace.blockedKeys(), this::retry);
  }

  // ---- Waiting for data ----

  /**
   * The word at {@code index}, seconds with a fraction, in milliseconds; 0 means to wait for ever.
   */
  public long timeoutMs(int index) {
    Arguments words = arguments();
    double seconds =
        Numbers.parseDouble(words.array(index), words.offset(index), words.length(index));
    if (Double.isNaN(seconds)) {
      throw new CommandError("ERR timeout is not a float or out of range");
    }
    double ms = Math.ceil(seconds * 1000);
    if (ms < 0 || ms >= Long.MAX_VALUE) {
      throw new CommandError("ERR timeout is negative");
    }
    return (long) ms;
  }

  /**
   * There is nothing yet in the keys at {@code firstKey} and after: the command waits, and will be
   * run again once one of them comes to be and is of the type.
   *
   * @return false where it may not wait: inside a transaction, or on the primary's link
   */
  public boolean waitForKeys(int firstKey, int count, ValueType type, long timeoutMs) {
    if (retrying) {
      stillWaits = true;
      return true;
    }
    if (!mayBlock()) {
      return false;
    }
    blockedCommands.block(this, firstKey, count, type, timeoutMs);
    return true;
  }

  /** Serves clients that wait for keys that have come to be. To be called between commands. */
  public void serveBlocked() {
    if (keyspace.blockedKeys().hasReady()) {
      blockedCommands.serve(this);
    }
  }

  private boolean retry(Session client, Command command, Arguments words) {
    begin(client, words, Origin.CLIENT);
    become(words, command);
    retrying = true;
    stillWaits = false;
    long nanos;
    try {
      nanos = dispatcher.callQuietly(this);
    } finally {
      retrying = false;
    }
    if (stillWaits) {
      sink.stillWaits();
    } else {
      sink.servedBlocked(this, nanos);
    }
    return !stillWaits;
  }

  @Override
  public void begin(Session client, Arguments words, Origin origin) {
    super.begin(client, words, origin);
    dirty = 0;
    rewritten = null;
    prevented = false;
    forced = false;
  }

  /** Index of the client's database. */
  public int databaseIndex() {
    return session().database();
  }

  /** The client's database. */
  public Database database() {
    return keyspace.database(session().database());
  }

  /** Another database, by its number, which must be in range. */
  public Database database(int index) {
    return keyspace.database(index);
  }

  public int databaseCount() {
    return keyspace.databaseCount();
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  /** The strings of the client's database. */
  public StringValues strings() {
    return database().strings();
  }

  public boolean isString(long record) {
    return database().type(record) == ValueType.STRING;
  }

  /** {@code record}, 0 for none, or the error WRONGTYPE when it is of another type. */
  public long require(long record, ValueType type) {
    if (record != 0 && database().type(record) != type) {
      throw CommandError.WRONG_TYPE;
    }
    return record;
  }

  /** The error of a command called with too many or too few words. */
  public CommandError wrongArity() {
    return new CommandError("ERR wrong number of arguments for '" + spec().name() + "' command");
  }

  /** Chance, for commands that leave a choice to it. */
  public Rng rng() {
    return keyspace.rng();
  }

  /** {@code record}, or the error WRONGTYPE when it holds something else than a string. */
  public long requireString(long record) {
    if (!isString(record)) {
      throw CommandError.WRONG_TYPE;
    }
    return record;
  }

  /** The string in {@code record} as a number, or the error that it is none. */
  public long integerValue(long record) {
    StringValues strings = strings();
    if (strings.isInteger(requireString(record))) {
      return strings.integer(record);
    }
    if (strings.length(record) > Numbers.MAX_LONG_CHARS) {
      throw CommandError.NOT_INTEGER;
    }
    byte[] text = strings.bytes(record);
    if (!Numbers.isLong(text, 0, text.length)) {
      throw CommandError.NOT_INTEGER;
    }
    return Numbers.parseLong(text, 0, text.length, 0);
  }

  /** Longest string there may be: {@code proto-max-bulk-len}. */
  public long maxStringBytes() {
    return services().sessions().limits().maxBulkBytes;
  }

  /** Refuses a string that would become longer than allowed. */
  public void requireStringSize(long bytes) {
    if (bytes > maxStringBytes() && !origin().mustObey()) {
      throw STRING_TOO_LONG;
    }
  }

  /**
   * Refuses what would take {@code bytes} more than the command itself has, where there is no room
   * for them. To be asked before the first change.
   */
  public void requireRoom(long bytes) {
    if (origin() == Origin.LOADING || keyspace.canTake(database(), bytes)) {
      return;
    }
    if (origin() == Origin.PRIMARY_LINK) {
      session().fail(NO_ROOM);
    }
    throw OUT_OF_MEMORY;
  }

  /** True when two words are equal. */
  public boolean sameWords(int one, int other) {
    Arguments words = arguments();
    int from = words.offset(one);
    int otherFrom = words.offset(other);
    return Arrays.equals(
        words.array(one),
        from,
        from + words.length(one),
        words.array(other),
        otherFrom,
        otherFrom + words.length(other));
  }

  /** The word at {@code index} as the number of a database, or an error. */
  public int databaseArgument(int index) {
    int number = integer32(index);
    if (number < 0 || number >= keyspace.databaseCount()) {
      throw new CommandError("ERR DB index is out of range");
    }
    return number;
  }

  /**
   * True when a deadline lies in the past for a node that decides so itself: a primary serving
   * clients.
   */
  public boolean isPassed(long deadlineMs) {
    return deadlineMs <= nowMs()
        && !origin().mustObey()
        && keyspace.expiryMode() == ExpiryMode.DELETE;
  }

  /** True when an LFU policy is chosen: access clocks count frequency. */
  public boolean countsFrequency() {
    return keyspace.settings().lfu;
  }

  /**
   * References to the value, as Redis would count them: its small integers are one shared object.
   */
  public long referenceCount(long record) {
    boolean shared =
        isString(record)
            && strings().isInteger(record)
            && strings().integer(record) >= 0
            && strings().integer(record) < SHARED_INTEGERS;
    return shared ? Integer.MAX_VALUE : 1;
  }

  /** Says that {@code changes} changes were made. */
  public void dirty(long changes) {
    dirty += changes;
  }

  /** The key at argument {@code index} was changed or removed. */
  public void modified(int index) {
    Arguments words = arguments();
    sink.modified(databaseIndex(), words.array(index), words.offset(index), words.length(index));
  }

  /** A key was changed or removed. */
  public void modified(byte[] key) {
    sink.modified(databaseIndex(), key, 0, key.length);
  }

  /** A key of another database was changed or removed. */
  public void modified(int database, byte[] key, int offset, int length) {
    sink.modified(database, key, offset, length);
  }

  /**
   * To be called before a database is emptied, or replaced by {@code replacement} (-1 for nothing).
   */
  public void modifiedDatabase(int database, int replacement) {
    sink.modifiedDatabase(database, replacement);
  }

  /** All data are gone: a snapshot of them is of no use any more. */
  public void flushedEverything() {
    sink.flushedEverything();
  }

  /** A keyspace event about the key at argument {@code index}. */
  public void event(NotifyClass type, String event, int index) {
    Arguments words = arguments();
    event(
        type, event, databaseIndex(), words.array(index), words.offset(index), words.length(index));
  }

  /** A keyspace event about {@code key}. */
  public void event(NotifyClass type, String event, byte[] key) {
    event(type, event, databaseIndex(), key, 0, key.length);
  }

  /** A keyspace event about a key of any database. */
  public void event(
      NotifyClass type, String event, int database, byte[] key, int offset, int length) {
    sink.event(type, event, database, key, offset, length);
  }

  /** Propagates {@code words} instead of the command. They must not change afterwards. */
  public void rewrite(byte[]... words) {
    rewritten = Arguments.of(words);
  }

  /**
   * Propagates {@code words} instead of the command; views must live as long as the command's own.
   */
  public void rewrite(Arguments words) {
    rewritten = words;
  }

  /**
   * Propagates {@code words} besides, in the client's database. They must not change afterwards.
   */
  public void alsoPropagate(byte[]... words) {
    sink.alsoPropagate(databaseIndex(), Arguments.of(words));
  }

  /** Propagates {@code words} besides, in another database. They must not change afterwards. */
  public void alsoPropagateIn(int database, byte[]... words) {
    sink.alsoPropagate(database, Arguments.of(words));
  }

  /** Nothing of this command is propagated. */
  public void preventPropagation() {
    prevented = true;
  }

  @Override
  public void forcePropagation() {
    forced = true;
  }

  /** Looks at keys for WATCH. */
  Watches.Keys watchedKeys() {
    return sink;
  }

  /** Runs queued commands as one unit; this invocation then is the command again that it was. */
  void runQueue(List<Transaction.Queued> queue) {
    Session session = session();
    Arguments words = arguments();
    Command command = command();
    Origin origin = origin();
    sink.beginUnit();
    unitChanges = 0;
    for (Transaction.Queued queued : queue) {
      begin(session, queued.arguments(), origin);
      become(queued.arguments(), queued.command());
      dispatcher.call(this);
      unitChanges += dirty;
      if (session.hasFailed()) {
        break;
      }
    }
    unitChanges = 0;
    begin(session, words, origin);
    become(words, command);
    sink.endUnit();
  }

  @Override
  protected boolean hasChanged() {
    return dirty + unitChanges > 0;
  }

  /** Changes made so far by this command. */
  public long dirtyCount() {
    return dirty;
  }

  /** True when the command itself, or its rewriting, is to be propagated. */
  public boolean mustPropagate() {
    return (dirty > 0 || forced) && !prevented;
  }

  /** The words to propagate. */
  public Arguments propagatedWords() {
    return rewritten == null ? arguments() : rewritten;
  }
}
