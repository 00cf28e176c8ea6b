package io.vigil.core.observe.config;

import java.util.List;

/**
 * {@code bind <address> ...}: where to listen. {@code *} is all of IPv4, {@code ::*} all of IPv6;
 * an address after a minus may be missing on this machine.
 */
public final class BindAddresses extends Directive {
  private static final int MOST = 16;
  private static final List<String> INITIAL = List.of("*", "-::*");

  private List<String> addresses = INITIAL;

  BindAddresses() {
    super("bind");
    add(Rule.MULTIPLE);
  }

  /** The addresses as they were written, minus signs included; none means no TCP listener. */
  public List<String> get() {
    return addresses;
  }

  @Override
  public String text() {
    return String.join(" ", addresses);
  }

  @Override
  String assign(List<String> words) {
    if (words.size() > MOST) {
      return "Too many bind addresses specified.";
    }
    boolean none = words.size() == 1 && words.getFirst().isEmpty();
    addresses = none ? List.of() : List.copyOf(words);
    return null;
  }

  @Override
  Object memento() {
    return addresses;
  }

  @Override
  @SuppressWarnings("unchecked")
  void restore(Object memento) {
    addresses = (List<String>) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    if (addresses.equals(INITIAL)) {
      file.processed(name());
    } else {
      file.put(name(), "bind " + (addresses.isEmpty() ? "\"\"" : text()), true);
    }
  }
}
