package io.vigil.core.observe.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** {@code save <seconds> <changes> ...}: when the data set is written to disk by itself. */
public final class SavePoints extends Directive {
  /** At least {@code changes} changes within {@code seconds} seconds. */
  public record SavePoint(long seconds, int changes) {}

  private List<SavePoint> points =
      List.of(new SavePoint(3600, 1), new SavePoint(300, 100), new SavePoint(60, 10000));

  /** Lines of a file add up; the first one replaces what was there before. */
  private boolean adding;

  private boolean loading;

  SavePoints() {
    super("save");
    add(Rule.MULTIPLE);
  }

  public List<SavePoint> get() {
    return points;
  }

  void startLoading() {
    loading = true;
    adding = false;
  }

  void endLoading() {
    loading = false;
  }

  @Override
  public String text() {
    return points.stream()
        .map(point -> point.seconds() + " " + point.changes())
        .collect(Collectors.joining(" "));
  }

  @Override
  String assign(List<String> words) {
    boolean none = words.isEmpty() || words.size() == 1 && words.getFirst().isEmpty();
    List<SavePoint> added = new ArrayList<>();
    if (!none) {
      if (words.size() % 2 != 0) {
        return "Invalid save parameters";
      }
      for (int i = 0; i < words.size(); i += 2) {
        OptionalLong seconds = CStyle.parseLong(words.get(i), 10);
        OptionalLong changes = CStyle.parseLong(words.get(i + 1), 10);
        if (seconds.isEmpty()
            || changes.isEmpty()
            || seconds.getAsLong() < 1
            || changes.getAsLong() < 0) {
          return "Invalid save parameters";
        }
        added.add(new SavePoint(seconds.getAsLong(), (int) changes.getAsLong()));
      }
    }
    if (loading && adding && !none) {
      added.addAll(0, points);
    }
    adding = true;
    points = List.copyOf(added);
    return null;
  }

  @Override
  Object memento() {
    return points;
  }

  @Override
  @SuppressWarnings("unchecked")
  void restore(Object memento) {
    points = (List<SavePoint>) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    if (points.isEmpty()) {
      file.put(name(), "save \"\"", true);
    }
    for (SavePoint point : points) {
      file.put(name(), "save " + point.seconds() + " " + point.changes(), true);
    }
  }
}
