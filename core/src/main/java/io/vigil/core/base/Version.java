package io.vigil.core.base;

/** Who we are, and the Redis whose behaviour, formats and texts we answer with. */
public final class Version {
  /** Our own version: {@code vigil_version} of INFO. */
  public static final String VIGIL = "0.1.0";

  /** The release that clients and peers see in {@code redis_version} of INFO and in HELLO. */
  public static final String REDIS = "7.0.15";

  private Version() {}

  /** The line that {@code --version} prints. */
  public static String line() {
    return "vigil " + VIGIL + " (answers as Redis " + REDIS + ")";
  }
}
