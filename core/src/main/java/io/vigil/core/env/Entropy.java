package io.vigil.core.env;

/**
 * Unpredictable bytes: run ids, replication ids, seeds. In the simulator they come from the seed.
 */
public interface Entropy {
  /** Fills the whole of {@code target}. */
  void fill(byte[] target);
}
