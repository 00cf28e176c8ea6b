package io.vigil.core.env;

import io.vigil.core.base.OutputBuffer;

/**
 * One byte stream. The core appends to {@link #output} and says {@link #flush}; the transport
 * writes after the burst.
 */
public interface Connection {
  /** Where the core appends what is to be sent. */
  OutputBuffer output();

  /**
   * Asks the transport to write the output at the end of this burst; cheap to call more than once.
   */
  void flush();

  /**
   * Closes now; output not yet written is lost. {@link ConnectionEvents#closed} follows, not from
   * inside this call.
   */
  void close(String reason);

  /** Closes once the output has been written; no more bytes are received meanwhile. */
  void closeAfterFlush(String reason);

  /**
   * Stops reading from the peer until {@link #resumeReading}: how a blocked or paused client is
   * held back.
   */
  void pauseReading();

  /** Reads again. */
  void resumeReading();

  /** The peer as {@code ip:port}, {@code [ipv6]:port}, or {@code path:0} for a unix socket. */
  String remoteAddress();

  /** This side, in the same form. */
  String localAddress();

  /** True for a connection over a unix socket. */
  boolean isUnixSocket();

  /** The file descriptor number where there is one, else -1; shown by CLIENT LIST. */
  int descriptor();

  /** Sets the TCP keep-alive interval in seconds; 0 turns it off. */
  void keepAlive(int seconds);
}
