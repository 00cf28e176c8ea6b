package io.vigil.core.spec;

/** The family of a command, as COMMAND DOCS names it. */
public enum CommandGroup {
  GENERIC("generic"),
  STRING("string"),
  LIST("list"),
  SET("set"),
  SORTED_SET("sorted-set"),
  HASH("hash"),
  PUBSUB("pubsub"),
  TRANSACTIONS("transactions"),
  CONNECTION("connection"),
  SERVER("server"),
  SCRIPTING("scripting"),
  HYPERLOGLOG("hyperloglog"),
  CLUSTER("cluster"),
  SENTINEL("sentinel"),
  GEO("geo"),
  STREAM("stream"),
  BITMAP("bitmap");

  private final String wireName;

  CommandGroup(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
