package io.vigil.core.spec;

import io.vigil.core.base.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands of one node. Lookup hashes the word's bytes without regard to case and probes one
 * array: no String is made.
 */
public final class CommandTable {
  private final List<Command> all = new ArrayList<>();
  private final Map<String, Command> byName = new LinkedHashMap<>();
  private final List<Guard> guards;
  private Command[] slots = new Command[256];

  /** A table whose commands are judged by {@code guards}, in this order. */
  public CommandTable(List<Guard> guards) {
    this.guards = List.copyOf(guards);
  }

  /** Adds a command with its subcommands. */
  public void add(CommandSpec spec) {
    if (byName.containsKey(spec.name())) {
      throw new IllegalArgumentException("command '" + spec.name() + "' is declared twice");
    }
    Command command = make(spec, null);
    for (CommandSpec sub : spec.subcommands()) {
      command.addSubcommand(make(sub, command));
    }
    byName.put(spec.name(), command);
    rebuild();
  }

  public void addAll(List<CommandSpec> specs) {
    specs.forEach(this::add);
  }

  private Command make(CommandSpec spec, Command parent) {
    Command command = new Command(spec, parent, all.size(), guards);
    command.name(spec.name());
    all.add(command);
    return command;
  }

  /**
   * Renames a command, or removes it when {@code newName} is empty.
   *
   * @throws IllegalArgumentException when there is no such command or the new name is taken
   */
  public void rename(String oldName, String newName) {
    Command command = byName.remove(lower(oldName));
    if (command == null) {
      throw new IllegalArgumentException("No such command in rename-command");
    }
    if (!newName.isEmpty()) {
      if (byName.containsKey(lower(newName))) {
        throw new IllegalArgumentException("Target command name already exists");
      }
      command.name(lower(newName));
      byName.put(lower(newName), command);
    }
    rebuild();
  }

  private static String lower(String name) {
    return name.toLowerCase(java.util.Locale.ROOT);
  }

  /** Top-level commands, in the order they were declared. */
  public Iterable<Command> commands() {
    return byName.values();
  }

  /** Number of top-level commands. */
  public int size() {
    return byName.size();
  }

  /** All commands and subcommands, by {@link Command#id}, renamed and removed ones included. */
  public List<Command> all() {
    return all;
  }

  /**
   * The command called {@code name} in any case, {@code "config|get"} for a subcommand; or null.
   */
  public Command named(String name) {
    int bar = name.indexOf('|');
    if (bar < 0) {
      return byName.get(lower(name));
    }
    Command container = byName.get(lower(name.substring(0, bar)));
    if (container == null) {
      return null;
    }
    Arguments word = Arguments.of(name.substring(bar + 1));
    return container.subcommand(word, 0);
  }

  /**
   * The command that {@code arguments} name, beginning at {@code base}: a subcommand where there is
   * one; or null.
   */
  public Command find(Arguments arguments, int base) {
    Command command = findTop(arguments, base);
    if (command == null || !command.isContainer() || arguments.count() == base + 1) {
      return command;
    }
    return command.subcommand(arguments, base + 1);
  }

  /** The top-level command named by argument {@code index}, or null. */
  public Command findTop(Arguments arguments, int index) {
    Command[] table = slots;
    int mask = table.length - 1;
    int at = hash(arguments.array(index), arguments.offset(index), arguments.length(index)) & mask;
    for (Command command = table[at]; command != null; command = table[at]) {
      if (matches(command.nameBytes(), arguments, index)) {
        return command;
      }
      at = (at + 1) & mask;
    }
    return null;
  }

  private void rebuild() {
    int capacity = 256;
    while (capacity < byName.size() * 4) {
      capacity *= 2;
    }
    Command[] table = new Command[capacity];
    for (Command command : byName.values()) {
      byte[] name = command.nameBytes();
      int at = hash(name, 0, name.length) & (capacity - 1);
      while (table[at] != null) {
        at = (at + 1) & (capacity - 1);
      }
      table[at] = command;
    }
    slots = table;
  }

  /** A hash that ignores bit 5, which tells upper from lower case; longer words name no command. */
  private static int hash(byte[] array, int offset, int length) {
    int hash = length;
    if (length > 64) {
      return hash;
    }
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + (array[offset + i] | 0x20);
    }
    return hash ^ (hash >>> 11);
  }

  /**
   * True when the argument equals {@code lowerCase} without regard to the case of ASCII letters.
   */
  static boolean matches(byte[] lowerCase, Arguments arguments, int index) {
    int length = arguments.length(index);
    if (length != lowerCase.length) {
      return false;
    }
    byte[] array = arguments.array(index);
    int from = arguments.offset(index);
    for (int i = 0; i < length; i++) {
      int letter = array[from + i];
      if (letter >= 'A' && letter <= 'Z') {
        letter |= 0x20;
      }
      if (letter != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }
}
