package io.vigil.core.spec;

/** What a command does with the keys of one key specification, as COMMAND INFO shows it. */
public enum KeyFlag {
  /** Reads the value. */
  RO("RO"),
  /** Reads and changes the value. */
  RW("RW"),
  /** Overwrites the value without reading it. */
  OW("OW"),
  /** Removes the key. */
  RM("RM"),
  /** Returns, copies or compares user data. */
  ACCESS("access"),
  /** Changes data that exist. */
  UPDATE("update"),
  /** Adds data, changes none. */
  INSERT("insert"),
  /** Deletes some of the data. */
  DELETE("delete"),
  /** Routed like a key but is none (a shard channel). */
  NOT_KEY("not_key"),
  /** The specification may miss some keys. */
  INCOMPLETE("incomplete"),
  /** Which flags hold depends on the other arguments. */
  VARIABLE_FLAGS("variable_flags");

  private final String wireName;

  KeyFlag(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  public int mask() {
    return 1 << ordinal();
  }
}
