package io.vigil.core.node;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.ByteString;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.EffectSink;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Effects;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.propagation.KeyspaceEvents;
import io.vigil.core.propagation.Propagation;
import io.vigil.core.session.Watches;
import java.util.function.ObjLongConsumer;

/** Takes the effects of commands to where they belong. */
final class NodeEffects implements EffectSink, Effects {
  private final Watches watches;
  private final KeyspaceEvents events;
  private final Propagation propagation;
  private final Keyspace keyspace;
  private final LocalDeadlines localDeadlines;
  private boolean lazyExpiry;
  private boolean alone;
  private ObjLongConsumer<DataInvocation> served = (invocation, nanos) -> {};
  private Runnable flushOfEverything = () -> {};

  NodeEffects(Watches watches, KeyspaceEvents events, Propagation propagation, Keyspace keyspace) {
    this.watches = watches;
    this.events = events;
    this.propagation = propagation;
    this.keyspace = keyspace;
    this.localDeadlines = new LocalDeadlines(keyspace);
  }

  /** What clients of a writable replica made that has a deadline. */
  LocalDeadlines localDeadlines() {
    return localDeadlines;
  }

  /** Chooses what is propagated for an expired key: UNLINK rather than DEL. */
  void lazyExpiry(boolean value) {
    lazyExpiry = value;
  }

  /** Says that no command runs: each effect is a unit of its own. */
  void alone(boolean value) {
    alone = value;
  }

  @Override
  public void modified(int database, byte[] key, int offset, int length) {
    localDeadlines.written(database, key, offset, length);
    if (!watches.isEmpty()) {
      watches.touch(database, key, offset, length, this);
    }
  }

  @Override
  public void modifiedDatabase(int database, int replacement) {
    watches.touchDatabase(database, replacement, this);
  }

  @Override
  public void event(
      NotifyClass type, String event, int database, byte[] key, int offset, int length) {
    events.event(type, event, database, key, offset, length);
  }

  @Override
  public void alsoPropagate(int database, Arguments words) {
    propagation.also(database, words);
  }

  @Override
  public void beginUnit() {
    propagation.beginUnit();
  }

  @Override
  public void endUnit() {
    propagation.endUnit();
  }

  @Override
  public boolean isStored(int database, ByteString key) {
    return keyspace.database(database).peekStored(key.array(), 0, key.length()) != 0;
  }

  @Override
  public boolean isExpired(int database, ByteString key) {
    Database keys = keyspace.database(database);
    long record = keys.peekStored(key.array(), 0, key.length());
    return record != 0 && keys.isExpired(record);
  }

  /** Binds what becomes of the effects of commands that waited. */
  void onServed(ObjLongConsumer<DataInvocation> action) {
    served = action;
  }

  @Override
  public void servedBlocked(DataInvocation invocation, long nanos) {
    served.accept(invocation, nanos);
  }

  @Override
  public void stillWaits() {
    propagation.flushOutsideUnit();
  }

  /** Binds what FLUSHALL does to a snapshot under way. */
  void onFlushOfEverything(Runnable action) {
    flushOfEverything = action;
  }

  @Override
  public void flushedEverything() {
    flushOfEverything.run();
  }

  @Override
  public void created(int database, byte[] key) {
    event(NotifyClass.NEW, "new", database, key, 0, key.length);
  }

  /** A key is gone because its time had come: replicas are told, since none expires by itself. */
  @Override
  public void expired(int database, byte[] key) {
    propagation.also(database, Propagation.deletion(lazyExpiry ? "UNLINK" : "DEL", key));
    if (alone) {
      propagation.flushOutsideUnit();
    }
    modified(database, key, 0, key.length);
    event(NotifyClass.EXPIRED, "expired", database, key, 0, key.length);
  }
}
