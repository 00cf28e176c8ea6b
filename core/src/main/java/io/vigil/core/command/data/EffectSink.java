package io.vigil.core.command.data;

import io.vigil.core.base.Arguments;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.session.Watches;

/**
 * Where the effects of commands go: bound by the node to propagation, keyspace events and watched
 * keys.
 */
public interface EffectSink extends Watches.Keys {
  /** A key was changed or removed. */
  void modified(int database, byte[] key, int offset, int length);

  /**
   * A whole database is about to be emptied, or replaced by {@code replacement} (-1 for nothing).
   */
  void modifiedDatabase(int database, int replacement);

  /** A keyspace event. */
  void event(NotifyClass type, String event, int database, byte[] key, int offset, int length);

  /** {@code words}, which own their bytes, belong to the effects of the running command. */
  void alsoPropagate(int database, Arguments words);

  /** A transaction or script begins: its effects belong together. */
  void beginUnit();

  /** The unit ends. */
  void endUnit();

  /** The command of a client that waited has been run, in so many ns: its effects go out. */
  default void servedBlocked(DataInvocation invocation, long nanos) {}

  /** It found nothing but, perhaps, a key whose time had come: that goes out. */
  default void stillWaits() {}

  /** All data have been removed at a client's request. */
  default void flushedEverything() {}
}
