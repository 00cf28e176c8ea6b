package io.vigil.core.observe.config;

import java.util.List;
import java.util.function.Supplier;

/**
 * One directive of the configuration: its name, its rules and its current value. Hot code reads the
 * value straight from the directive ({@code settings.timeoutSeconds.get()}).
 *
 * <p>{@link #assign} takes a value; whether it may be taken now (immutable, protected, loading) is
 * for the caller to ask first. Error texts are those of Redis.
 */
public abstract sealed class Directive
    permits FlagDirective,
        NumberDirective,
        TextDirective,
        ChoiceDirective,
        SavePoints,
        BindAddresses,
        OutputLimits,
        OomScores,
        NotifyEvents,
        ReplicaOf,
        Percentiles,
        WorkingDirectory {
  /** Rules about when and how a directive may be set. */
  enum Rule {
    /** CONFIG SET refuses it. */
    IMMUTABLE,
    /** CONFIG GET shows it by its exact name only. */
    HIDDEN,
    /** Its value must not appear in logs. */
    SENSITIVE,
    /** CONFIG SET refuses it while the data set is being loaded. */
    DENY_LOADING,
    /** CONFIG SET needs {@code enable-protected-configs}. */
    PROTECTED,
    /** Takes several words. */
    MULTIPLE
  }

  private final String name;
  private final java.util.EnumSet<Rule> rules = java.util.EnumSet.noneOf(Rule.class);
  private String alias;
  private Supplier<String> unavailable = () -> null;

  Directive(String name) {
    this.name = name;
  }

  /** The name that CONFIG REWRITE writes. */
  public String name() {
    return name;
  }

  /** The older name, or null. */
  public String alias() {
    return alias;
  }

  void setAlias(String older) {
    alias = older;
  }

  void add(Rule rule) {
    rules.add(rule);
  }

  boolean has(Rule rule) {
    return rules.contains(rule);
  }

  /** Declares when the current value asks for what this version does not have. */
  void setUnavailable(Supplier<String> check) {
    unavailable = check;
  }

  /** Why the current value cannot be honoured by this version, or null when it can. */
  String unavailable() {
    return unavailable.get();
  }

  /** The value as CONFIG GET shows it. */
  public abstract String text();

  /** Takes a value of one word or, with {@link Rule#MULTIPLE}, several; returns what is wrong. */
  abstract String assign(List<String> words);

  /** The current value, for {@link #restore} and for telling whether it changed. */
  abstract Object memento();

  abstract void restore(Object memento);

  /** Says what CONFIG REWRITE writes. */
  abstract void rewrite(ConfigFile file);
}
