package io.vigil.core.keyspace;

/**
 * What the keyspace tells the rest of the node about deletions that no command asked for. Called
 * after the key is gone; must not change the keyspace.
 */
public interface Effects {
  /** Nobody listens. */
  Effects NONE = (database, key) -> {};

  /**
   * A key has been deleted because its deadline passed, by a lookup or by the active cycle:
   * propagate DEL or UNLINK, emit the {@code expired} event, touch watched keys.
   *
   * @param key a copy, the receiver's to keep
   */
  void expired(int database, byte[] key);
}
