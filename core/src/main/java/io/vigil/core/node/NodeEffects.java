package io.vigil.core.node;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.ByteString;
import io.vigil.core.command.data.EffectSink;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.propagation.KeyspaceEvents;
import io.vigil.core.propagation.Propagation;
import io.vigil.core.session.Watches;

/** Takes the effects of commands to where they belong. */
final class NodeEffects implements EffectSink {
  private final Watches watches;
  private final KeyspaceEvents events;
  private final Propagation propagation;

  NodeEffects(Watches watches, KeyspaceEvents events, Propagation propagation) {
    this.watches = watches;
    this.events = events;
    this.propagation = propagation;
  }

  @Override
  public void modified(int database, byte[] key, int offset, int length) {
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
    return false;
  }

  @Override
  public boolean isExpired(int database, ByteString key) {
    return false;
  }
}
