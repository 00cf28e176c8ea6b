package io.vigil.core.propagation;

import io.vigil.core.base.ByteString;
import io.vigil.core.keyspace.NotifyClass;
import io.vigil.core.pubsub.PubSub;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events on keys as messages: {@code __keyspace@0__:key} says the event, {@code
 * __keyevent@0__:event} says the key.
 */
public final class KeyspaceEvents {
  private final PubSub pubSub;
  private int classes;

  public KeyspaceEvents(PubSub pubSub) {
    this.pubSub = pubSub;
  }

  /** Chooses the classes to publish, as a set of {@link NotifyClass} masks. */
  public void classes(int mask) {
    classes = mask;
  }

  /** Publishes an event, when its class was chosen. */
  public void event(
      NotifyClass type, String event, int database, byte[] key, int offset, int length) {
    if ((classes & type.mask()) == 0 || !pubSub.hasListeners()) {
      return;
    }
    byte[] word = event.getBytes(StandardCharsets.ISO_8859_1);
    if ((classes & NotifyClass.KEYSPACE.mask()) != 0) {
      byte[] name = channel("__keyspace@", database, key, offset, length);
      pubSub.publish(ByteString.wrap(name), word, 0, word.length);
    }
    if ((classes & NotifyClass.KEYEVENT.mask()) != 0) {
      byte[] name = channel("__keyevent@", database, word, 0, word.length);
      pubSub.publish(ByteString.wrap(name), key, offset, length);
    }
  }

  private static byte[] channel(
      String prefix, int database, byte[] suffix, int offset, int length) {
    byte[] head = (prefix + database + "__:").getBytes(StandardCharsets.ISO_8859_1);
    byte[] name = Arrays.copyOf(head, head.length + length);
    System.arraycopy(suffix, offset, name, head.length, length);
    return name;
  }
}
