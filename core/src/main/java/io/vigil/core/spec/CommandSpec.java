package io.vigil.core.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything there is to say about one command, said once, right above its handler. COMMAND and its
 * subcommands, access control categories, key routing and the generated documentation read it from
 * here.
 *
 * <pre>{@code
 * static final CommandSpec GET =
 *     command("get").group(STRING).since("1.0.0").arity(2).flags(READONLY, FAST)
 *         .categories(AclCategory.STRING)
 *         .keys(key(1).ro().access())
 *         .arguments(keyArg("key"))
 *         .summary("Returns the string at a key.").complexity("O(1)")
 *         .handler(StringCommands::get);
 * }</pre>
 *
 * <p>Immutable and shared by all nodes; what differs per node stands in {@link Command}.
 */
public final class CommandSpec {
  private final String name;
  private final CommandGroup group;
  private final String since;
  private final int arity;
  private final long flags;
  private final long categories;
  private final List<KeySpec> keys;
  private final KeySpec.KeyFinder keyFinder;
  private final KeyRange keyRange;
  private final List<ArgumentSpec> arguments;
  private final List<String> tips;
  private final List<Change> history;
  private final List<CommandSpec> subcommands;
  private final String summary;
  private final String complexity;
  private final String deprecatedSince;
  private final String replacedBy;
  private final boolean systemCommand;
  private final Handler<CommandContext> handler;

  /** A line of a command's history. */
  public record Change(String version, String text) {}

  private CommandSpec(Builder builder) {
    name = builder.name;
    group = builder.group;
    since = builder.since;
    arity = builder.arity;
    keys = List.copyOf(builder.keys);
    keyRange = KeyRange.of(keys);
    flags = builder.flags | (keyRange.movable() ? CommandFlag.MOVABLEKEYS.mask() : 0);
    categories = builder.categories | impliedCategories(builder.flags, builder.categories);
    keyFinder = builder.keyFinder;
    arguments = List.copyOf(builder.arguments);
    tips = List.copyOf(builder.tips);
    history = List.copyOf(builder.history);
    subcommands = List.copyOf(builder.subcommands);
    summary = builder.summary;
    complexity = builder.complexity;
    deprecatedSince = builder.deprecatedSince;
    replacedBy = builder.replacedBy;
    systemCommand = builder.systemCommand;
    handler = builder.handler;
  }

  /** Starts the declaration of the command (or subcommand) {@code name}, in lower case. */
  public static Builder command(String name) {
    return new Builder(name);
  }

  private static long impliedCategories(long flags, long given) {
    long categories = 0;
    if (has(flags, CommandFlag.WRITE)) {
      categories |= AclCategory.WRITE.mask();
    }
    if (has(flags, CommandFlag.READONLY) && (given & AclCategory.SCRIPTING.mask()) == 0) {
      categories |= AclCategory.READ.mask();
    }
    if (has(flags, CommandFlag.ADMIN)) {
      categories |= AclCategory.ADMIN.mask() | AclCategory.DANGEROUS.mask();
    }
    if (has(flags, CommandFlag.PUBSUB)) {
      categories |= AclCategory.PUBSUB.mask();
    }
    if (has(flags, CommandFlag.BLOCKING)) {
      categories |= AclCategory.BLOCKING.mask();
    }
    boolean fast = has(flags, CommandFlag.FAST) || (given & AclCategory.FAST.mask()) != 0;
    return categories | (fast ? AclCategory.FAST : AclCategory.SLOW).mask();
  }

  /** True when {@code flags} contains {@code flag}. */
  public static boolean has(long flags, CommandFlag flag) {
    return (flags & flag.mask()) != 0;
  }

  /** Name in lower case; of a subcommand, its own word only. */
  public String name() {
    return name;
  }

  public CommandGroup group() {
    return group;
  }

  /** Redis version that brought the command. */
  public String since() {
    return since;
  }

  /** Number of words, the command's name (and subcommand's) included; negative for "at least". */
  public int arity() {
    return arity;
  }

  /** Set of {@link CommandFlag} masks. */
  public long flags() {
    return flags;
  }

  public boolean has(CommandFlag flag) {
    return has(flags, flag);
  }

  /** Set of {@link AclCategory} masks, implied ones included. */
  public long categories() {
    return categories;
  }

  public List<KeySpec> keys() {
    return keys;
  }

  /** The command's own way to find its keys, or null when the key specifications say it all. */
  public KeySpec.KeyFinder keyFinder() {
    return keyFinder;
  }

  /** First key, last key and step as old clients know them. */
  public KeyRange keyRange() {
    return keyRange;
  }

  public List<ArgumentSpec> arguments() {
    return arguments;
  }

  public List<String> tips() {
    return tips;
  }

  public List<Change> history() {
    return history;
  }

  public List<CommandSpec> subcommands() {
    return subcommands;
  }

  public String summary() {
    return summary;
  }

  public String complexity() {
    return complexity;
  }

  public String deprecatedSince() {
    return deprecatedSince;
  }

  public String replacedBy() {
    return replacedBy;
  }

  /** True for commands that only other parts of the system use. */
  public boolean isSystemCommand() {
    return systemCommand;
  }

  /** The body; null for a container that has only subcommands. */
  public Handler<CommandContext> handler() {
    return handler;
  }

  @Override
  public String toString() {
    return name;
  }

  /** Collects a declaration; {@link #handler} or {@link #container} ends it. */
  public static final class Builder {
    private final String name;
    private CommandGroup group = CommandGroup.GENERIC;
    private String since = "1.0.0";
    private int arity;
    private long flags;
    private long categories;
    private final List<KeySpec> keys = new ArrayList<>();
    private KeySpec.KeyFinder keyFinder;
    private final List<ArgumentSpec> arguments = new ArrayList<>();
    private final List<String> tips = new ArrayList<>();
    private final List<Change> history = new ArrayList<>();
    private final List<CommandSpec> subcommands = new ArrayList<>();
    private String summary;
    private String complexity;
    private String deprecatedSince;
    private String replacedBy;
    private boolean systemCommand;
    private Handler<CommandContext> handler;

    private Builder(String name) {
      this.name = name;
    }

    public Builder group(CommandGroup value) {
      group = value;
      return this;
    }

    public Builder since(String version) {
      since = version;
      return this;
    }

    /** Number of words with the name (for a subcommand, both words); negative for "at least". */
    public Builder arity(int value) {
      arity = value;
      return this;
    }

    public Builder flags(CommandFlag... values) {
      for (CommandFlag flag : values) {
        flags |= flag.mask();
      }
      return this;
    }

    /** Categories beyond those that follow from the flags. */
    public Builder categories(AclCategory... values) {
      for (AclCategory category : values) {
        categories |= category.mask();
      }
      return this;
    }

    public Builder keys(KeySpec... specs) {
      keys.addAll(Arrays.asList(specs));
      return this;
    }

    /**
     * Finds the keys where the specifications cannot say it all, or where their flags vary with the
     * arguments.
     */
    public Builder keyFinder(KeySpec.KeyFinder finder) {
      keyFinder = finder;
      return this;
    }

    public Builder arguments(ArgumentSpec... specs) {
      arguments.addAll(Arrays.asList(specs));
      return this;
    }

    public Builder tips(String... values) {
      tips.addAll(Arrays.asList(values));
      return this;
    }

    public Builder history(String version, String text) {
      history.add(new Change(version, text));
      return this;
    }

    public Builder summary(String text) {
      summary = text;
      return this;
    }

    public Builder complexity(String text) {
      complexity = text;
      return this;
    }

    /** Deprecated; {@code use} names what replaces it, as COMMAND DOCS says it. */
    public Builder deprecated(String version, String use) {
      deprecatedSince = version;
      replacedBy = use;
      return this;
    }

    public Builder systemCommand() {
      systemCommand = true;
      return this;
    }

    /** The subcommands of a container that has a body of its own; end with {@link #handler}. */
    public Builder subcommands(CommandSpec... specs) {
      subcommands.addAll(Arrays.asList(specs));
      return this;
    }

    /** Ends the declaration of a command that has only subcommands. */
    public CommandSpec container(CommandSpec... specs) {
      subcommands.addAll(Arrays.asList(specs));
      return new CommandSpec(this);
    }

    /**
     * Ends the declaration. The table that runs the command must give contexts of the type the
     * handler takes.
     */
    @SuppressWarnings("unchecked")
    public <C extends CommandContext> CommandSpec handler(Handler<C> body) {
      handler = (Handler<CommandContext>) (Handler<?>) body;
      return new CommandSpec(this);
    }
  }
}
