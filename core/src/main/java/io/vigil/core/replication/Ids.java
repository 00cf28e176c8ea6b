package io.vigil.core.replication;

import io.vigil.core.env.Entropy;
import java.util.HexFormat;

/**
 * Random ids of 40 hexadecimal digits: of histories, and marks for the end of a streamed snapshot.
 */
final class Ids {
  static final int LENGTH = 40;

  private Ids() {}

  static String random(Entropy entropy) {
    byte[] bytes = new byte[LENGTH / 2];
    entropy.fill(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
