package io.vigil.core.persist.rdb;

/** Receives what {@link RdbReader} finds, in the order of the file. */
public interface RdbVisitor extends ValueVisitor {
  /** Facts about the file: {@code redis-ver}, {@code repl-id} and the like. */
  default void aux(String name, String value) {}

  /**
   * A hint: the current database is about to receive this many keys, of which this many have a
   * deadline.
   */
  default void sizes(int database, long keys, long keysWithDeadline) {}

  /**
   * A key. The entry is reused for the next one. If its value is {@link RdbValue.Elements}, they
   * follow, and {@link #elementsEnd}.
   */
  void entry(RdbEntry entry) throws RdbException;
}
