package io.vigil.core.observe.config;

import io.vigil.core.base.Quote;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A directive that is a word of text, of one byte per character. */
public final class TextDirective extends Directive {
  private final String initial;
  private String value;
  private UnaryOperator<String> check = _ -> null;

  /**
   * {@code initial} null: the directive is unset at first, and set to nothing it is unset again.
   */
  TextDirective(String name, String initial) {
    super(name);
    this.initial = initial;
    this.value = initial;
  }

  /** Declares what a value must satisfy: {@code rule} returns what is wrong, or null. */
  TextDirective check(UnaryOperator<String> rule) {
    check = rule;
    return this;
  }

  /** The value; empty when unset. */
  public String get() {
    return value == null ? "" : value;
  }

  /** True when there is a value and it is not empty. */
  public boolean isSet() {
    return value != null && !value.isEmpty();
  }

  /** Sets the value without any check: for what a node adjusts itself. */
  public void adjust(String adjusted) {
    value = adjusted;
  }

  @Override
  public String text() {
    return get();
  }

  @Override
  String assign(List<String> words) {
    String word = words.getFirst();
    String error = check.apply(word);
    if (error == null) {
      value = word.isEmpty() && initial == null ? null : word;
    }
    return error;
  }

  @Override
  Object memento() {
    return get();
  }

  @Override
  void restore(Object memento) {
    value = ((String) memento).isEmpty() && initial == null ? null : (String) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    if (value == null) {
      file.processed(name());
    } else {
      file.put(name(), name() + " " + Quote.of(value), !Objects.equals(value, initial));
    }
  }
}
