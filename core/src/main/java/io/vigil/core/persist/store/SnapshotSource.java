package io.vigil.core.persist.store;

import io.vigil.core.keyspace.ImageBuffer;

/** The data set as it was at one moment, handed out step by step while commands go on. */
public interface SnapshotSource {
  /** How many keys there were at that moment. */
  DatabaseSizes sizes();

  /**
   * Adds records to {@code image} until about {@code workBytes} have been copied.
   *
   * @return false once there are no more
   */
  boolean step(ImageBuffer image, int workBytes);

  /** Records handed out so far. */
  long records();

  /** Lets go of that moment; called once, whether or not everything was handed out. */
  void close();
}
