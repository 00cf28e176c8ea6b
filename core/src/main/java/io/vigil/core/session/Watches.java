package io.vigil.core.session;

import io.vigil.core.base.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that clients WATCH, per database. A change of a key marks its watchers: their EXEC
 * answers null. A key that had already expired when it was watched counts as absent, so that its
 * removal changes nothing for its watcher.
 */
public final class Watches {
  private final List<Map<ByteString, List<Watched>>> databases = new ArrayList<>();
  private int watched;

  /** One key of one client. */
  static final class Watched {
    final int database;
    final ByteString key;
    final Session session;
    boolean expired;

    Watched(int database, ByteString key, Session session, boolean expired) {
      this.database = database;
      this.key = key;
      this.session = session;
      this.expired = expired;
    }
  }

  /** Looks at keys without touching them. */
  public interface Keys {
    /** True when the key is stored, expired or not. */
    boolean isStored(int database, ByteString key);

    /** True when the key is stored and its deadline has passed. */
    boolean isExpired(int database, ByteString key);
  }

  private Map<ByteString, List<Watched>> of(int database) {
    while (databases.size() <= database) {
      databases.add(new HashMap<>());
    }
    return databases.get(database);
  }

  /**
   * Lets {@code session} watch a key; {@code expired} says that its deadline has passed already.
   */
  public void watch(Session session, int database, ByteString key, boolean expired) {
    for (Watched watch : session.watched()) {
      if (watch.database == database && watch.key.equals(key)) {
        return;
      }
    }
    Watched watch = new Watched(database, key, session, expired);
    session.watched().add(watch);
    of(database).computeIfAbsent(key, absent -> new ArrayList<>(1)).add(watch);
    watched++;
  }

  /** Forgets all that {@code session} watches; its mark stays. */
  public void unwatchAll(Session session) {
    if (!session.isWatching()) {
      return;
    }
    for (Watched watch : session.watched()) {
      Map<ByteString, List<Watched>> keys = of(watch.database);
      List<Watched> watchers = keys.get(watch.key);
      watchers.remove(watch);
      if (watchers.isEmpty()) {
        keys.remove(watch.key);
      }
      watched--;
    }
    session.watched().clear();
  }

  /** True when a key that {@code session} watches has expired since. */
  public boolean hasExpired(Session session, Keys keys) {
    if (!session.isWatching()) {
      return false;
    }
    for (Watched watch : session.watched()) {
      if (!watch.expired && keys.isExpired(watch.database, watch.key)) {
        return true;
      }
    }
    return false;
  }

  /** True when nobody watches anything: the usual case, which must cost nothing. */
  public boolean isEmpty() {
    return watched == 0;
  }

  /** A key was changed or removed. */
  public void touch(int database, byte[] array, int offset, int length, Keys keys) {
    if (watched == 0) {
      return;
    }
    touch(database, ByteString.copyOf(array, offset, length), keys);
  }

  /** A key was changed or removed. */
  public void touch(int database, ByteString key, Keys keys) {
    if (watched == 0) {
      return;
    }
    List<Watched> watchers = of(database).get(key);
    if (watchers == null) {
      return;
    }
    for (Watched watch : List.copyOf(watchers)) {
      if (watch.expired) {
        if (!keys.isStored(database, key)) {
          watch.expired = false;
          continue;
        }
        break;
      }
      watch.session.markDirty();
      unwatchAll(watch.session);
    }
  }

  /**
   * A whole database is about to be emptied, or replaced by what stands in {@code replacement} (-1
   * for nothing): every watched key that exists in either is touched.
   */
  public void touchDatabase(int database, int replacement, Keys keys) {
    if (watched == 0) {
      return;
    }
    for (Map.Entry<ByteString, List<Watched>> entry : of(database).entrySet()) {
      ByteString key = entry.getKey();
      boolean here = keys.isStored(database, key);
      boolean there = replacement >= 0 && keys.isStored(replacement, key);
      if (here || there) {
        boolean expiredThere = there && keys.isExpired(replacement, key);
        for (Watched watch : entry.getValue()) {
          touchReplaced(watch, here, there, expiredThere);
        }
      }
    }
  }

  private static void touchReplaced(
      Watched watch, boolean here, boolean there, boolean expiredThere) {
    if (watch.expired && !there) {
      watch.expired = false;
    } else if (watch.expired && expiredThere) {
      return;
    } else if (!watch.expired && !here && expiredThere) {
      watch.expired = true;
    } else {
      watch.session.markDirty();
    }
  }
}
