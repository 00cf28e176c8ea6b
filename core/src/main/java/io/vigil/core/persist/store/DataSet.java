package io.vigil.core.persist.store;

import io.vigil.core.persist.rdb.RdbVisitor;

/**
 * The keyspace as loading needs it: new data are put together beside the old, and take their place
 * in one step.
 */
public interface DataSet {
  /** Begins to put together new data. */
  Loading loadBeside();

  /** True when no database has a key. */
  boolean isEmpty();

  /** Keys of all databases. */
  long size();

  /** Bytes of memory that all data hold, those being put together included. */
  long committedBytes();

  /** Most bytes of memory that data may hold. */
  long limitBytes();

  /** Forgets all data, in one step. */
  void drop();

  /** Data being put together; ends by {@link #commit} or {@link #discard}. */
  interface Loading extends RdbVisitor {
    /** The new data take the place of the old, which are freed bit by bit. */
    void commit();

    /** Forgets the new data; the old have not been touched. */
    void discard();
  }
}
