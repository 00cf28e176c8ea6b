package io.vigil.core.session;

/**
 * Kinds of clients, in the order of {@code client-output-buffer-limit}; Redis's words on the wire.
 */
public enum ClientType {
  NORMAL("normal"),
  REPLICA("slave"),
  PUBSUB("pubsub"),
  PRIMARY("master");

  private final String wireName;

  ClientType(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** The type a client calls {@code name} in any case, or null. */
  public static ClientType named(String name) {
    if (name.equalsIgnoreCase("replica")) {
      return REPLICA;
    }
    for (ClientType type : values()) {
      if (type.wireName.equalsIgnoreCase(name)) {
        return type;
      }
    }
    return null;
  }
}
