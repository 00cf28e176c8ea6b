package io.vigil.core.env;

/** Resolution of host names, off the core. */
public interface Dns {
  /**
   * Resolves {@code host}; the answer arrives in the core, possibly within this call for a numeric
   * address.
   */
  void resolve(String host, Answer answer);

  /** Where the result goes. */
  @FunctionalInterface
  interface Answer {
    /**
     * {@code address} is a numeric IPv4 or IPv6 address, or null when {@code error} says why there
     * is none.
     */
    void resolved(String address, String error);
  }
}
