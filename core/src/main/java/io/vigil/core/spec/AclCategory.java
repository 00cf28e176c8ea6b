package io.vigil.core.spec;

/**
 * Categories of commands in access control lists, in the order in which COMMAND INFO shows them.
 */
public enum AclCategory {
  KEYSPACE,
  READ,
  WRITE,
  SET,
  SORTEDSET,
  LIST,
  HASH,
  STRING,
  BITMAP,
  HYPERLOGLOG,
  GEO,
  STREAM,
  PUBSUB,
  ADMIN,
  FAST,
  SLOW,
  BLOCKING,
  DANGEROUS,
  CONNECTION,
  TRANSACTION,
  SCRIPTING;

  /** The name without the leading {@code @}. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public long mask() {
    return 1L << ordinal();
  }

  /** The category called {@code name} in any case, or null. */
  public static AclCategory named(String name) {
    for (AclCategory category : values()) {
      if (category.name().equalsIgnoreCase(name)) {
        return category;
      }
    }
    return null;
  }
}
