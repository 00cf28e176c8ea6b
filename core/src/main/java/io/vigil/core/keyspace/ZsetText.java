package io.vigil.core.keyspace;

import io.vigil.core.base.Numbers;
import java.nio.charset.StandardCharsets;

/** Scores as text, as digests and copies of sorted sets see them. */
final class ZsetText {
  private ZsetText() {}

  static Item score(double score, Item target) {
    byte[] text = Numbers.doubleText(score).getBytes(StandardCharsets.ISO_8859_1);
    return target.text(text, 0, text.length);
  }
}
