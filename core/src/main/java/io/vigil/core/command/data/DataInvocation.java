package io.vigil.core.command.data;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.common.Invocation;
import io.vigil.core.command.common.Services;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.session.Session;
import io.vigil.core.session.Transaction;
import io.vigil.core.session.Watches;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.Dispatcher;
import io.vigil.core.spec.Origin;
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
  private final Dispatcher dispatcher;
  private final EffectSink sink;
  private long dirty;
  private Arguments rewritten;
  private boolean prevented;
  private boolean forced;

  public DataInvocation(Services services, Dispatcher dispatcher, EffectSink sink) {
    super(services);
    this.dispatcher = dispatcher;
    this.sink = sink;
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
    for (Transaction.Queued queued : queue) {
      begin(session, queued.arguments(), origin);
      become(queued.arguments(), queued.command());
      dispatcher.call(this);
    }
    begin(session, words, origin);
    become(words, command);
    sink.endUnit();
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
