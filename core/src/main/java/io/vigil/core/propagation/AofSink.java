package io.vigil.core.propagation;

import io.vigil.core.base.Arguments;

/** Where effects go besides the replication stream: the append-only file. */
public interface AofSink {
  /** {@code words} took effect in {@code database}; they are views that die when this returns. */
  void append(int database, Arguments words);
}
