package io.vigil.core.observe.config;

import java.util.List;

/** A directive that is {@code yes} or {@code no}. */
public final class FlagDirective extends Directive {
  private final boolean initial;
  private boolean value;
  private String whyNotYes;

  FlagDirective(String name, boolean initial) {
    super(name);
    this.initial = initial;
    this.value = initial;
  }

  public boolean get() {
    return value;
  }

  /** Sets the value without any check: for what a node adjusts itself. */
  public void adjust(boolean adjusted) {
    value = adjusted;
  }

  /** Refuses {@code yes} with a text. */
  FlagDirective neverYes(String why) {
    whyNotYes = why;
    return this;
  }

  @Override
  public String text() {
    return value ? "yes" : "no";
  }

  @Override
  String assign(List<String> words) {
    boolean yes = words.getFirst().equalsIgnoreCase("yes");
    if (!yes && !words.getFirst().equalsIgnoreCase("no")) {
      return "argument must be 'yes' or 'no'";
    }
    if (yes && whyNotYes != null) {
      return whyNotYes;
    }
    value = yes;
    return null;
  }

  @Override
  Object memento() {
    return value;
  }

  @Override
  void restore(Object memento) {
    value = (boolean) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    file.put(name(), name() + " " + text(), value != initial);
  }
}
