package io.vigil.core.keyspace;

import io.vigil.core.base.Numbers;
import io.vigil.core.structure.Listpack;
import java.nio.charset.StandardCharsets;

/** Scores as text: in listpacks, and as digests and copies of sorted sets see them. */
final class ZsetText {
  private ZsetText() {}

  static Item score(double score, Item target) {
    byte[] text = Numbers.doubleText(score).getBytes(StandardCharsets.ISO_8859_1);
    return target.text(text, 0, text.length);
  }

  /** The score in an entry of a listpack. */
  static double read(byte[] array, int entry) {
    if (Listpack.isInteger(array, entry)) {
      return Listpack.integer(array, entry);
    }
    int from = Listpack.textOffset(array, entry);
    int length = Listpack.textLength(array, entry);
    String text = new String(array, from, length, StandardCharsets.ISO_8859_1);
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /**
   * What stands in a listpack for a score.
   *
   * @param signedZero whether a zero keeps its sign, which it loses in a listpack of Redis's
   */
  static byte[] write(double score, boolean signedZero) {
    double written = score == 0 && !signedZero ? 0.0 : score;
    return Numbers.storedDoubleText(written).getBytes(StandardCharsets.ISO_8859_1);
  }
}
