package io.vigil.core.observe.config;

import io.vigil.core.base.Quote;
import io.vigil.core.env.Host;
import java.io.IOException;
import java.util.List;

/** {@code dir}: the directory against which relative paths are resolved. Setting it enters it. */
public final class WorkingDirectory extends Directive {
  private final Host host;

  WorkingDirectory(Host host) {
    super("dir");
    this.host = host;
    add(Rule.PROTECTED);
    add(Rule.DENY_LOADING);
  }

  public String get() {
    return host.workingDirectory();
  }

  @Override
  public String text() {
    return get();
  }

  @Override
  String assign(List<String> words) {
    try {
      host.changeDirectory(words.getFirst());
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Override
  Object memento() {
    return get();
  }

  @Override
  void restore(Object memento) {
    assign(List.of((String) memento));
  }

  @Override
  void rewrite(ConfigFile file) {
    file.put(name(), "dir " + Quote.of(get()), true);
  }
}
