package io.vigil.core.structure;

/** Receives the elements of an encoded collection, integers as text. */
@FunctionalInterface
public interface ElementSink {
  /** {@code array[offset, offset + length)} is the next element. */
  void element(byte[] array, int offset, int length);
}
