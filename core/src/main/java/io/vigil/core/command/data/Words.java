package io.vigil.core.command.data;

import io.vigil.core.base.Ascii;

/** Words of commands that are propagated. */
public final class Words {
  private Words() {}

  /** The bytes of a word. They are shared: nobody may change them. */
  public static byte[] ascii(String word) {
    return Ascii.bytes(word);
  }
}
