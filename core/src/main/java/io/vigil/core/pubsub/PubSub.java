package io.vigil.core.pubsub;

import io.vigil.core.base.ByteString;
import io.vigil.core.base.Glob;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who listens to what. Each kind of subscription is a map from name to the clients in the order in
 * which they came, and a set of names at each client; both are kept in step here.
 */
public final class PubSub {
  private static final byte[] MESSAGE = ByteString.of("message").array();
  private static final byte[] PATTERN_MESSAGE = ByteString.of("pmessage").array();
  private static final byte[] SHARD_MESSAGE = ByteString.of("smessage").array();

  private final Map<ByteString, Set<Session>> channels = new LinkedHashMap<>();
  private final Map<ByteString, Set<Session>> patterns = new LinkedHashMap<>();
  private final Map<ByteString, Set<Session>> shardChannels = new LinkedHashMap<>();

  /** What a client can subscribe to. */
  public enum Kind {
    CHANNEL("subscribe", "unsubscribe"),
    PATTERN("psubscribe", "punsubscribe"),
    SHARD_CHANNEL("ssubscribe", "sunsubscribe");

    private final byte[] subscribed;
    private final byte[] unsubscribed;

    Kind(String subscribed, String unsubscribed) {
      this.subscribed = ByteString.of(subscribed).array();
      this.unsubscribed = ByteString.of(unsubscribed).array();
    }
  }

  private Map<ByteString, Set<Session>> listeners(Kind kind) {
    return switch (kind) {
      case CHANNEL -> channels;
      case PATTERN -> patterns;
      case SHARD_CHANNEL -> shardChannels;
    };
  }

  private static Set<ByteString> names(Session session, Kind kind) {
    return switch (kind) {
      case CHANNEL -> session.subscriptions().channels();
      case PATTERN -> session.subscriptions().patterns();
      case SHARD_CHANNEL -> session.subscriptions().shardChannels();
    };
  }

  /**
   * What the replies call the client's count: channels and patterns together, shard channels apart.
   */
  private static long countShown(Session session, Kind kind) {
    return kind == Kind.SHARD_CHANNEL
        ? session.subscriptionCount(2)
        : session.subscriptionCount(0) + session.subscriptionCount(1);
  }

  /** Subscribes and confirms; a second subscription to the same name is only confirmed. */
  public void subscribe(Session session, Kind kind, ByteString name) {
    if (names(session, kind).add(name)) {
      listeners(kind).computeIfAbsent(name, absent -> new LinkedHashSet<>()).add(session);
    }
    confirm(session, kind.subscribed, name, countShown(session, kind));
  }

  /** Ends one subscription, if there is one, and confirms. */
  public void unsubscribe(Session session, Kind kind, ByteString name) {
    remove(session, kind, name);
    confirm(session, kind.unsubscribed, name, countShown(session, kind));
  }

  /**
   * Ends all subscriptions of one kind and confirms each; one confirmation without a name when
   * there is none.
   */
  public void unsubscribeAll(Session session, Kind kind) {
    if (session.subscriptionCount(kind.ordinal()) == 0) {
      confirm(session, kind.unsubscribed, null, countShown(session, kind));
      return;
    }
    for (ByteString name : List.copyOf(names(session, kind))) {
      unsubscribe(session, kind, name);
    }
  }

  private void remove(Session session, Kind kind, ByteString name) {
    if (session.subscriptionCount(kind.ordinal()) == 0 || !names(session, kind).remove(name)) {
      return;
    }
    Map<ByteString, Set<Session>> map = listeners(kind);
    Set<Session> sessions = map.get(name);
    sessions.remove(session);
    if (sessions.isEmpty()) {
      map.remove(name);
    }
  }

  /** Forgets a client without a word: it is gone, or was reset. */
  public void forget(Session session) {
    if (!session.isSubscribed()) {
      return;
    }
    for (Kind kind : Kind.values()) {
      for (ByteString name : List.copyOf(names(session, kind))) {
        remove(session, kind, name);
      }
    }
  }

  private static void confirm(Session session, byte[] word, ByteString name, long count) {
    ReplyWriter writer = session.pushWriter();
    writer.push(3);
    writer.bulk(word);
    if (name == null) {
      writer.nil();
    } else {
      writer.bulk(name.array());
    }
    writer.integer(count);
  }

  /**
   * Delivers to the subscribers of the channel and of the patterns it matches; returns how many.
   */
  public long publish(ByteString channel, byte[] message, int offset, int length) {
    long receivers = 0;
    Set<Session> direct = channels.get(channel);
    if (direct != null) {
      receivers += deliver(direct, MESSAGE, channel, message, offset, length);
    }
    for (Map.Entry<ByteString, Set<Session>> entry : patterns.entrySet()) {
      ByteString pattern = entry.getKey();
      if (matches(pattern, channel)) {
        for (Session session : List.copyOf(entry.getValue())) {
          ReplyWriter writer = session.pushWriter();
          writer.push(4);
          writer.bulk(PATTERN_MESSAGE);
          writer.bulk(pattern.array());
          writer.bulk(channel.array());
          writer.bulk(message, offset, length);
          session.pushed();
          receivers++;
        }
      }
    }
    return receivers;
  }

  /** Delivers to the subscribers of a shard channel; returns how many. */
  public long publishToShard(ByteString channel, byte[] message, int offset, int length) {
    Set<Session> direct = shardChannels.get(channel);
    return direct == null ? 0 : deliver(direct, SHARD_MESSAGE, channel, message, offset, length);
  }

  private static long deliver(
      Set<Session> sessions,
      byte[] word,
      ByteString channel,
      byte[] message,
      int offset,
      int length) {
    // A copy, since a client cut at its output limit leaves the set.
    List<Session> receivers = new ArrayList<>(sessions);
    for (Session session : receivers) {
      ReplyWriter writer = session.pushWriter();
      writer.push(3);
      writer.bulk(word);
      writer.bulk(channel.array());
      writer.bulk(message, offset, length);
      session.pushed();
    }
    return receivers.size();
  }

  private static boolean matches(ByteString pattern, ByteString text) {
    return Glob.matches(pattern.array(), text.array());
  }

  /** True when somebody listens to anything at all. */
  public boolean hasListeners() {
    return !channels.isEmpty() || !patterns.isEmpty();
  }

  /** Names that have subscribers, those matching {@code pattern} when it is not null. */
  public List<ByteString> active(Kind kind, ByteString pattern) {
    List<ByteString> result = new ArrayList<>();
    for (ByteString name : listeners(kind).keySet()) {
      if (pattern == null || matches(pattern, name)) {
        result.add(name);
      }
    }
    return result;
  }

  /** Subscribers of one name. */
  public int subscribers(Kind kind, ByteString name) {
    Collection<Session> sessions = listeners(kind).get(name);
    return sessions == null ? 0 : sessions.size();
  }

  /** Number of different names of one kind. */
  public int names(Kind kind) {
    return listeners(kind).size();
  }
}
