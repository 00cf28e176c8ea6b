package io.vigil.core.base;

import java.nio.charset.StandardCharsets;

/** Text of this program's own, as bytes. */
public final class Ascii {
  private Ascii() {}

  /** The bytes of a text of ASCII characters; what is none becomes a question mark. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
