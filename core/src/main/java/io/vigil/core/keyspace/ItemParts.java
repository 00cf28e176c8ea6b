package io.vigil.core.keyspace;

/** Which items of each element are wanted: a hash has fields and values, a sorted set scores. */
public enum ItemParts {
  BOTH,
  FIRST,
  SECOND;

  boolean hasFirst() {
    return this != SECOND;
  }

  boolean hasSecond() {
    return this != FIRST;
  }
}
