package io.vigil.core.resp;

/**
 * Why a stream of requests cannot be parsed any further.
 *
 * @param reply text of the error reply, code included, or null when none is sent
 * @param logText what the log line calls it
 */
public record ProtocolError(String reply, String logText) {
  static final ProtocolError INLINE_TOO_BIG =
      of("too big inline request", "too big inline request");
  static final ProtocolError UNBALANCED_QUOTES =
      of("unbalanced quotes in request", "unbalanced quotes in inline request");
  static final ProtocolError COUNT_TOO_BIG =
      of("too big mbulk count string", "too big mbulk count string");
  static final ProtocolError INVALID_COUNT = of("invalid multibulk length", "invalid mbulk count");
  static final ProtocolError UNAUTHENTICATED_COUNT =
      of("unauthenticated multibulk length", "unauth mbulk count");
  static final ProtocolError BULK_HEADER_TOO_BIG =
      of("too big bulk count string", "too big bulk count string");
  static final ProtocolError INVALID_BULK = of("invalid bulk length", "invalid bulk length");
  static final ProtocolError UNAUTHENTICATED_BULK =
      of("unauthenticated bulk length", "unauth bulk length");
  static final ProtocolError INLINE_FROM_PRIMARY =
      new ProtocolError(null, "Master using the inline protocol. Desync?");

  private static ProtocolError of(String text, String logText) {
    return new ProtocolError("ERR Protocol error: " + text, logText);
  }

  static ProtocolError expectedBulk(byte found) {
    return of(
        "expected '$', got '" + (char) (found & 0xff) + "'", "expected $ but got something else");
  }
}
