package io.vigil.core.session;

import io.vigil.core.base.ByteString;
import java.util.LinkedHashSet;
import java.util.Set;

/** The channels, patterns and shard channels of one client, in the order it asked for them. */
public final class Subscriptions {
  private final Set<ByteString> channels = new LinkedHashSet<>();
  private final Set<ByteString> patterns = new LinkedHashSet<>();
  private final Set<ByteString> shardChannels = new LinkedHashSet<>();

  public Set<ByteString> channels() {
    return channels;
  }

  public Set<ByteString> patterns() {
    return patterns;
  }

  public Set<ByteString> shardChannels() {
    return shardChannels;
  }

  public boolean isEmpty() {
    return channels.isEmpty() && patterns.isEmpty() && shardChannels.isEmpty();
  }
}
