package io.vigil.core.keyspace;

import io.vigil.core.base.ByteString;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keys with a deadline that clients wrote on a writable replica. Its primary does not know them and
 * sends no deletion, so the replica deletes them itself when they are due, and no others.
 *
 * <p>A key that was deleted or lost its deadline leaves the set when it is next looked at.
 */
final class WrittenOnReplica {
  private record Key(int database, ByteString name) {}

  private final Set<Key> keys = new LinkedHashSet<>();

  int size() {
    return keys.size();
  }

  void add(int database, byte[] key, int offset, int length) {
    keys.add(new Key(database, ByteString.copyOf(key, offset, length)));
  }

  void clear() {
    keys.clear();
  }

  /** Looks at up to {@code most} keys, those first that were not looked at for longest. */
  void expire(Keyspace keyspace, long most) {
    long left = Math.min(most, keys.size());
    while (left-- > 0) {
      Iterator<Key> first = keys.iterator();
      Key key = first.next();
      first.remove();
      byte[] name = key.name.array();
      if (keyspace.database(key.database).expireOrKeep(name, 0, key.name.length())) {
        keys.add(key);
      }
    }
  }
}
