package io.vigil.core.node;

import io.vigil.core.base.ByteString;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.ExpiryMode;
import io.vigil.core.keyspace.Keyspace;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keys with a deadline that clients of a writable replica made. Its primary knows nothing of them,
 * so no deletion of them ever arrives: the replica expires them itself, and no others.
 */
final class LocalDeadlines {
  private static final int KEYS_PER_RUN = 200;

  private final Keyspace keyspace;
  private final Set<Place> places = new LinkedHashSet<>();

  private record Place(int database, ByteString key) {}

  LocalDeadlines(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** A key was written; only what clients of a writable replica write is kept. */
  void written(int database, byte[] key, int offset, int length) {
    if (keyspace.expiryMode() != ExpiryMode.HIDE_UNLESS_WRITTEN) {
      return;
    }
    Database keys = keyspace.database(database);
    long record = keys.peek(key, offset, length);
    if (record != 0 && keys.deadlineMs(record) != Database.NO_DEADLINE) {
      places.add(new Place(database, ByteString.copyOf(key, offset, length)));
    }
  }

  /** INFO's {@code slave_expires_tracked_keys}. */
  int count() {
    return places.size();
  }

  /** The node is no writable replica any more, or its data are others. */
  void clear() {
    places.clear();
  }

  /** Deletes keys that are due, and forgets those that have no deadline any more. */
  void expire() {
    ExpiryMode mode = keyspace.expiryMode();
    Iterator<Place> each = places.iterator();
    for (int i = 0; i < KEYS_PER_RUN && each.hasNext(); i++) {
      Place place = each.next();
      Database keys = keyspace.database(place.database);
      byte[] key = place.key.array();
      keyspace.setExpiryMode(ExpiryMode.KEEP);
      long record = keys.peek(key, 0, place.key.length());
      boolean due = record != 0 && keys.isExpired(record);
      if (due) {
        keyspace.setExpiryMode(ExpiryMode.DELETE);
        keys.lookupWrite(key, 0, place.key.length());
      }
      if (due || record == 0 || keys.deadlineMs(record) == Database.NO_DEADLINE) {
        each.remove();
      }
    }
    keyspace.setExpiryMode(mode);
  }
}
