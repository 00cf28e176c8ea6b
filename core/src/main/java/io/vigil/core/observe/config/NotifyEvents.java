package io.vigil.core.observe.config;

import java.util.List;

/** {@code notify-keyspace-events}: which classes of keyspace events are published. */
public final class NotifyEvents extends Directive {
  /** Classes in the order in which they are shown; those before {@code n} make up {@code A}. */
  private static final String CLASSES = "g$lshzxetdnKEm";

  private static final int ALL = (1 << 10) - 1;

  private int mask;

  NotifyEvents() {
    super("notify-keyspace-events");
  }

  /** True when nothing is published. */
  public boolean none() {
    return mask == 0;
  }

  /** True when the class of one character of {@code g$lshzxetdnKEm} is published. */
  public boolean includes(char eventClass) {
    return (mask & 1 << CLASSES.indexOf(eventClass)) != 0;
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    boolean all = (mask & ALL) == ALL;
    if (all) {
      text.append('A');
    }
    for (int i = all ? 11 : 0; i < CLASSES.length(); i++) {
      if ((mask & 1 << i) != 0) {
        text.append(CLASSES.charAt(i));
      }
    }
    return text.toString();
  }

  @Override
  String assign(List<String> words) {
    int given = 0;
    for (char c : words.getFirst().toCharArray()) {
      int index = CLASSES.indexOf(c);
      if (c != 'A' && index < 0) {
        return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
      }
      given |= c == 'A' ? ALL : 1 << index;
    }
    mask = given;
    return null;
  }

  @Override
  Object memento() {
    return mask;
  }

  @Override
  void restore(Object memento) {
    mask = (int) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    file.put(name(), name() + " \"" + text() + "\"", mask != 0);
  }
}
