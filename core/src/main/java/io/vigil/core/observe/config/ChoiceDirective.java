package io.vigil.core.observe.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directive that is one of a few words, or several of them where it takes {@link Rule#MULTIPLE}.
 * Then the first word stands for none of the others.
 */
public final class ChoiceDirective extends Directive {
  private final List<String> choices;
  private final String initial;
  private String value;
  private List<String> synonym = List.of();
  private List<String> exclusive = List.of();
  private String exclusiveError;

  ChoiceDirective(String name, String initial, String... choices) {
    super(name);
    this.choices = List.of(choices);
    this.initial = initial;
    this.value = initial;
  }

  /** Declares that {@code word} means {@code same}, which stands before it in the choices. */
  ChoiceDirective synonym(String word, String same) {
    synonym = List.of(word, same);
    return this;
  }

  /** Declares two words that exclude each other. */
  ChoiceDirective exclusive(String one, String other, String error) {
    exclusive = List.of(one, other);
    exclusiveError = error;
    return this;
  }

  /** The chosen word or words, separated by a blank. */
  public String get() {
    return value;
  }

  /** True when {@code choice} alone is chosen. */
  public boolean is(String choice) {
    return value.equals(choice);
  }

  /** True when {@code choice} is among the chosen words. */
  public boolean includes(String choice) {
    return List.of(value.split(" ")).contains(choice);
  }

  @Override
  public String text() {
    return value;
  }

  @Override
  String assign(List<String> words) {
    Set<String> chosen = new LinkedHashSet<>();
    for (String word : words) {
      String found = find(word);
      if (found == null) {
        return oneOf();
      }
      chosen.add(found);
    }
    if (chosen.isEmpty()) {
      return oneOf();
    }
    if (!exclusive.isEmpty() && chosen.containsAll(exclusive)) {
      return exclusiveError;
    }
    if (has(Rule.MULTIPLE)) {
      chosen.remove(choices.getFirst());
    }
    List<String> sorted = new ArrayList<>(choices);
    sorted.retainAll(chosen);
    value = sorted.isEmpty() ? choices.getFirst() : String.join(" ", sorted);
    return null;
  }

  private String find(String word) {
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(word)) {
        return !synonym.isEmpty() && choice.equals(synonym.getFirst()) ? synonym.getLast() : choice;
      }
    }
    return null;
  }

  private String oneOf() {
    return "argument(s) must be one of the following: " + String.join(", ", choices);
  }

  @Override
  Object memento() {
    return value;
  }

  @Override
  void restore(Object memento) {
    value = (String) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    file.put(name(), name() + " " + value, !value.equals(initial));
  }
}
