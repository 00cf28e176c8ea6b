package io.vigil.cli;

/** The version of Vigil that these classes come from. */
public final class Version {
  private Version() {}

  /** The version in the jar's manifest; "dev" when the classes run from a folder. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version != null ? version : "dev";
  }
}
