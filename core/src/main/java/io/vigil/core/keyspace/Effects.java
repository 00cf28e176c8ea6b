package io.vigil.core.keyspace;

/**
 * What the keyspace tells the rest of the node about keys that came or went without a command that
 * says so. Called after the fact; must not change the keyspace.
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

  /**
   * A key has come to be, where {@link KeyspaceSettings#tellsNewKeys} asks for it: emit the event
   * {@code new}. Its value may not be complete yet.
   *
   * @param key a copy, the receiver's to keep
   */
  default void created(int database, byte[] key) {}
}
