package io.vigil.core.command.data;

import java.nio.charset.StandardCharsets;

/** Words of commands that are propagated. */
public final class Words {
  private Words() {}

  /** The bytes of a word. They are shared: nobody may change them. */
  public static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
