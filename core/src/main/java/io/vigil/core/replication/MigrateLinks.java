package io.vigil.core.replication;

import io.vigil.core.env.Env;
import io.vigil.core.env.Network.ConnectTarget;
import io.vigil.core.link.RespLink;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Connections of MIGRATE to other servers, kept for some seconds, since keys usually move in
 * crowds.
 */
final class MigrateLinks {
  private static final int MOST_LINKS = 64;
  private static final long KEEP_MS = 10_000;
  private static final long LOOK_MS = 1000;

  private final Env env;
  private final Map<String, Kept> links = new LinkedHashMap<>();
  private boolean looking;

  /** One connection; in use by one migration at a time. */
  static final class Kept implements RespLink.Events {
    private final MigrateLinks owner;
    private final String name;
    private RespLink link;
    private long lastUseMs;

    /** The database selected there; -1 when that is not known. */
    long database = -1;

    /** Whose migration uses it; null while it waits for the next one. */
    RespLink.Events user;

    private Kept(MigrateLinks owner, String name) {
      this.owner = owner;
      this.name = name;
    }

    RespLink link() {
      return link;
    }

    @Override
    public void opened() {
      if (user != null) {
        user.opened();
      }
    }

    @Override
    public void closed(String reason) {
      owner.links.remove(name, this);
      if (user != null) {
        user.closed(reason);
      }
    }
  }

  MigrateLinks(Env env) {
    this.env = env;
  }

  /** Number of connections: INFO's {@code migrate_cached_sockets}. */
  int count() {
    return links.size();
  }

  /** A connection kept from before, or null. */
  Kept kept(String host, int port) {
    Kept kept = links.get(host + ":" + port);
    return kept != null && kept.user == null && kept.link.isOpen() ? kept : null;
  }

  /** Starts a connection for {@code user}. */
  Kept connect(String host, int port, long timeoutMs, RespLink.Events user) {
    if (links.size() == MOST_LINKS) {
      close(links.values().iterator().next());
    }
    Kept kept = new Kept(this, host + ":" + port);
    kept.user = user;
    kept.link =
        RespLink.connect(
            env.network(), new ConnectTarget(host, port, null, timeoutMs, false), kept);
    Kept old = links.put(kept.name, kept);
    if (old != null) {
      old.link.close();
    }
    return kept;
  }

  /** The migration is over: the connection is kept for a while. */
  void release(Kept kept) {
    kept.user = null;
    kept.lastUseMs = env.clock().monotonicMs();
    if (!looking) {
      looking = true;
      env.timers().schedule(LOOK_MS, this::closeUnused);
    }
  }

  void close(Kept kept) {
    kept.user = null;
    links.remove(kept.name, kept);
    kept.link.close();
  }

  private void closeUnused() {
    long nowMs = env.clock().monotonicMs();
    for (Iterator<Kept> each = links.values().iterator(); each.hasNext(); ) {
      Kept kept = each.next();
      if (kept.user == null && nowMs - kept.lastUseMs > KEEP_MS) {
        each.remove();
        kept.link.close();
      }
    }
    looking = !links.isEmpty();
    if (looking) {
      env.timers().schedule(LOOK_MS, this::closeUnused);
    }
  }
}
