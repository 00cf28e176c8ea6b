package io.vigil.core.observe.config;

import io.vigil.core.base.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code latency-tracking-info-percentiles <percentile> ...}: what INFO latencystats shows. */
public final class Percentiles extends Directive {
  private List<Double> values = List.of(50.0, 99.0, 99.9);

  Percentiles() {
    super("latency-tracking-info-percentiles");
    add(Rule.MULTIPLE);
  }

  public List<Double> get() {
    return values;
  }

  /** A percentile without trailing zeros. */
  public static String shown(double percentile) {
    String text = Numbers.fixed(percentile, 6);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  @Override
  public String text() {
    return values.stream().map(Percentiles::shown).collect(Collectors.joining(" "));
  }

  @Override
  String assign(List<String> words) {
    List<Double> given = new ArrayList<>();
    boolean none = words.size() == 1 && words.getFirst().isEmpty();
    for (String word : none ? List.<String>of() : words) {
      byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
      double value = Numbers.parseDouble(bytes, 0, bytes.length);
      if (Double.isNaN(value)) {
        return "Invalid latency-tracking-info-percentiles parameters";
      }
      if (value < 0 || value > 100) {
        return "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]";
      }
      given.add(value);
    }
    values = List.copyOf(given);
    return null;
  }

  @Override
  Object memento() {
    return values;
  }

  @Override
  @SuppressWarnings("unchecked")
  void restore(Object memento) {
    values = (List<Double>) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    file.put(name(), name() + " " + (values.isEmpty() ? "\"\"" : text()), true);
  }
}
