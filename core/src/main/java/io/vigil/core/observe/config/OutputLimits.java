package io.vigil.core.observe.config;

import io.vigil.core.base.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** {@code client-output-buffer-limit <class> <hard> <soft> <soft seconds>}. */
public final class OutputLimits extends Directive {
  /**
   * Limits of one class of clients, in bytes; 0 is none. A client above {@code softBytes} for
   * longer than {@code softSeconds}, or above {@code hardBytes} at once, is disconnected.
   */
  public record Limit(long hardBytes, long softBytes, long softSeconds) {}

  private static final List<Limit> INITIAL =
      List.of(
          new Limit(0, 0, 0), new Limit(256 << 20, 64 << 20, 60), new Limit(32 << 20, 8 << 20, 60));

  private Limit normal = INITIAL.get(0);
  private Limit replica = INITIAL.get(1);
  private Limit pubsub = INITIAL.get(2);

  OutputLimits() {
    super("client-output-buffer-limit");
    add(Rule.MULTIPLE);
  }

  public Limit normal() {
    return normal;
  }

  public Limit replica() {
    return replica;
  }

  public Limit pubsub() {
    return pubsub;
  }

  @Override
  public String text() {
    return shown("normal", normal) + " " + shown("slave", replica) + " " + shown("pubsub", pubsub);
  }

  private static String shown(String type, Limit limit) {
    return type
        + " "
        + Long.toUnsignedString(limit.hardBytes())
        + " "
        + Long.toUnsignedString(limit.softBytes())
        + " "
        + limit.softSeconds();
  }

  @Override
  String assign(List<String> words) {
    if (words.size() % 4 != 0) {
      return "Wrong number of arguments in buffer limit configuration.";
    }
    Limit[] given = new Limit[3];
    for (int i = 0; i < words.size(); i += 4) {
      int type =
          switch (words.get(i).toLowerCase(Locale.ROOT)) {
            case "normal" -> 0;
            case "slave", "replica" -> 1;
            case "pubsub" -> 2;
            default -> -1;
          };
      if (type < 0) {
        return "Invalid client class specified in buffer limit configuration.";
      }
      OptionalLong hard = Numbers.parseBytes(words.get(i + 1));
      OptionalLong soft = Numbers.parseBytes(words.get(i + 2));
      OptionalLong seconds = CStyle.parseLong(words.get(i + 3), 10);
      if (hard.isEmpty() || soft.isEmpty() || seconds.isEmpty() || (int) seconds.getAsLong() < 0) {
        return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
      }
      given[type] = new Limit(hard.getAsLong(), soft.getAsLong(), (int) seconds.getAsLong());
    }
    normal = given[0] == null ? normal : given[0];
    replica = given[1] == null ? replica : given[1];
    pubsub = given[2] == null ? pubsub : given[2];
    return null;
  }

  @Override
  Object memento() {
    return List.of(normal, replica, pubsub);
  }

  @Override
  @SuppressWarnings("unchecked")
  void restore(Object memento) {
    List<Limit> limits = (List<Limit>) memento;
    normal = limits.get(0);
    replica = limits.get(1);
    pubsub = limits.get(2);
  }

  @Override
  void rewrite(ConfigFile file) {
    List<Limit> limits = List.of(normal, replica, pubsub);
    List<String> types = List.of("normal", "replica", "pubsub");
    for (int i = 0; i < limits.size(); i++) {
      Limit limit = limits.get(i);
      String line =
          String.join(
              " ",
              name(),
              types.get(i),
              NumberDirective.inUnits(limit.hardBytes()),
              NumberDirective.inUnits(limit.softBytes()),
              Long.toString(limit.softSeconds()));
      file.put(name(), line, !limit.equals(INITIAL.get(i)));
    }
  }
}
