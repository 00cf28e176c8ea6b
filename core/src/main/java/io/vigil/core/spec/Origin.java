package io.vigil.core.spec;

/** Where a command comes from: it decides which guards apply. */
public enum Origin {
  /** A client's connection: every guard applies. */
  CLIENT,
  /** The link to our primary: it must be obeyed. */
  PRIMARY_LINK,
  /** A file being loaded: it must be obeyed. */
  LOADING,
  /** A script. */
  SCRIPT;

  /** True for the sources whose commands were accepted elsewhere and must not be refused here. */
  public boolean mustObey() {
    return this == PRIMARY_LINK || this == LOADING;
  }
}
