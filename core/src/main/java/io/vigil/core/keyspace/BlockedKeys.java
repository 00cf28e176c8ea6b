package io.vigil.core.keyspace;

import io.vigil.core.base.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys that somebody waits for, and those of them that have come to be since the last look. Who
 * waits longest for a key is first.
 */
public final class BlockedKeys {
  private final Map<Key, List<Waiter>> waiters = new LinkedHashMap<>();
  private final ArrayDeque<Key> ready = new ArrayDeque<>();

  /** Who waits. */
  public interface Waiter {}

  /** A key of a database. */
  public record Key(int database, ByteString name) {}

  /** True when nobody waits for anything. */
  public boolean isEmpty() {
    return waiters.isEmpty();
  }

  /** {@code waiter} waits for a key; once, however often this is called. */
  public void add(Key key, Waiter waiter) {
    List<Waiter> row = waiters.computeIfAbsent(key, absent -> new ArrayList<>());
    if (!row.contains(waiter)) {
      row.add(waiter);
    }
  }

  /** {@code waiter} no longer waits for a key. */
  public void remove(Key key, Waiter waiter) {
    List<Waiter> row = waiters.get(key);
    if (row != null) {
      row.remove(waiter);
      if (row.isEmpty()) {
        waiters.remove(key);
      }
    }
  }

  /** Who waits for a key, in order; a copy. */
  public List<Waiter> waitersFor(Key key) {
    List<Waiter> row = waiters.get(key);
    return row == null ? List.of() : List.copyOf(row);
  }

  /** A key may have what somebody waits for. */
  public void signal(int database, byte[] name) {
    if (waiters.isEmpty()) {
      return;
    }
    Key key = new Key(database, ByteString.wrap(name));
    if (waiters.containsKey(key) && !ready.contains(key)) {
      ready.add(key);
    }
  }

  /** Any key of a database may: its contents are others now. */
  void signalAll(int database) {
    for (Key key : waiters.keySet()) {
      if (key.database == database && !ready.contains(key)) {
        ready.add(key);
      }
    }
  }

  /** True when {@link #nextReady} has one. */
  public boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Takes the key that was signalled first. */
  public Key nextReady() {
    return ready.remove();
  }
}
