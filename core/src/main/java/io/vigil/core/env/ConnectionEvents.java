package io.vigil.core.env;

/** What happens on a connection. All calls come in the core; none after {@link #closed}. */
public interface ConnectionEvents {
  /** An outgoing connection is up. Not called for accepted ones. */
  default void opened() {}

  /** Bytes arrived: {@code buffer[offset, offset+length)}, valid only during the call. */
  void received(byte[] buffer, int offset, int length);

  /** Everything that was in the output has been handed to the kernel. */
  default void drained() {}

  /** The stream is gone, once, for {@code reason}; also called when this side closed it. */
  void closed(String reason);
}
