package io.vigil.core.spec;

import io.vigil.core.base.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A command as it stands in one node's table: its declaration, its number there (statistics are
 * kept by number), and the guards that can refuse it.
 */
public final class Command {
  private final CommandSpec spec;
  private final Command parent;
  private final int id;
  private final String fullName;
  private final Guard[] guards;
  private final List<Command> subcommands = new ArrayList<>();

  Command(CommandSpec spec, Command parent, int id, List<Guard> guards) {
    this.spec = spec;
    this.parent = parent;
    this.id = id;
    this.fullName = parent == null ? spec.name() : parent.fullName + "|" + spec.name();
    this.guards = guards.stream().filter(guard -> guard.concerns(spec)).toArray(Guard[]::new);
  }

  void addSubcommand(Command command) {
    subcommands.add(command);
  }

  public CommandSpec spec() {
    return spec;
  }

  /** The container, or null. */
  public Command parent() {
    return parent;
  }

  /** Number in this table, from 0 on without gaps. */
  public int id() {
    return id;
  }

  /** Name in lower case, of a subcommand as {@code config|get}. */
  public String fullName() {
    return fullName;
  }

  public List<Command> subcommands() {
    return subcommands;
  }

  public boolean isContainer() {
    return !subcommands.isEmpty();
  }

  Guard[] guards() {
    return guards;
  }

  /** The subcommand named by argument {@code index}, or null. */
  public Command subcommand(Arguments arguments, int index) {
    for (Command command : subcommands) {
      if (CommandTable.matches(command.nameBytes, arguments, index)) {
        return command;
      }
    }
    return null;
  }

  final byte[] nameBytes() {
    return nameBytes;
  }

  private byte[] nameBytes = new byte[0];

  void name(String name) {
    nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** True when a command of {@code words} words satisfies the declared arity. */
  public boolean acceptsCount(int words) {
    int arity = spec.arity();
    return arity >= 0 ? words == arity : words >= -arity;
  }

  /**
   * Finds the keys of {@code arguments}, whose command stands at {@code base}; false when they do
   * not fit the declaration. {@code result} is cleared first.
   */
  public boolean findKeys(Arguments arguments, int base, KeyPositions result) {
    result.clear();
    boolean variable = false;
    for (KeySpec key : spec.keys()) {
      variable |= key.has(KeyFlag.VARIABLE_FLAGS);
    }
    if (!variable && findBySpecs(arguments, base, result)) {
      return true;
    }
    result.clear();
    if (spec.keyFinder() != null) {
      return spec.keyFinder().find(arguments, base, result);
    }
    return variable && findBySpecs(arguments, base, result);
  }

  private boolean findBySpecs(Arguments arguments, int base, KeyPositions result) {
    for (KeySpec key : spec.keys()) {
      if (key.has(KeyFlag.NOT_KEY)) {
        continue;
      }
      if (!key.collect(arguments, base, result) || key.has(KeyFlag.INCOMPLETE)) {
        result.clear();
        return false;
      }
    }
    return true;
  }
}
