package io.vigil.core.observe.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code oom-score-adj-values <primary> <replica> <child>}. */
public final class OomScores extends Directive {
  private static final List<Long> INITIAL = List.of(0L, 200L, 800L);

  private List<Long> values = INITIAL;

  OomScores() {
    super("oom-score-adj-values");
    add(Rule.MULTIPLE);
  }

  /** The value for a class of processes: 0 primaries, 1 replicas, 2 children. */
  public int value(int processClass) {
    return values.get(processClass).intValue();
  }

  @Override
  public String text() {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  @Override
  String assign(List<String> words) {
    if (words.size() != INITIAL.size()) {
      return "wrong number of arguments";
    }
    Stream<OptionalLong> parsed = words.stream().map(word -> CStyle.parseLong(word, 10));
    List<Long> given = parsed.map(value -> value.orElse(Long.MAX_VALUE)).toList();
    if (given.stream().anyMatch(value -> value < -2000 || value > 2000)) {
      return "Invalid oom-score-adj-values, elements must be between -2000 and 2000.";
    }
    values = given;
    return null;
  }

  @Override
  Object memento() {
    return values;
  }

  @Override
  @SuppressWarnings("unchecked")
  void restore(Object memento) {
    values = (List<Long>) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    file.put(name(), name() + " " + text(), !values.equals(INITIAL));
  }
}
