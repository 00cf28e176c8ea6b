package io.vigil.core.persist.rdb;

import java.io.IOException;

/** Where encoded bytes go. */
@FunctionalInterface
public interface ByteSink {
  /** Takes {@code source[offset, offset + length)}; the array may change after the call. */
  void write(byte[] source, int offset, int length) throws IOException;
}
