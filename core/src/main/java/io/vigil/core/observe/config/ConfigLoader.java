package io.vigil.core.observe.config;

import io.vigil.core.base.Glob;
import io.vigil.core.base.SplitArguments;
import io.vigil.core.base.Version;
import io.vigil.core.env.Disk;
import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import io.vigil.core.observe.config.Directive.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads configuration at start: a file, the standard input and the options of the command line, one
 * after the other, as if they were one text. The last line about a directive counts. What belongs
 * to others is collected for them: renamed commands and the lines of a Sentinel.
 */
public final class ConfigLoader {
  /** {@code rename-command <from> <to>}; an empty {@code to} removes the command. */
  public record Renaming(String from, String to, Place place) {}

  /**
   * A line of configuration, for error texts.
   *
   * @param number counted in its file, from 1
   * @param line the line without blanks at its ends
   */
  public record Place(int number, String line) {}

  /** A {@code sentinel} directive; {@code words} without that word. */
  public record SentinelLine(List<String> words, Place place) {}

  private static final int DEEPEST_INCLUDE = 16;

  /** Directives of older versions that are read and forgotten. */
  private static final List<String> FORGOTTEN =
      List.of("list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands");

  private final ConfigRegistry registry;
  private final Settings settings;
  private final Disk disk;
  private final Host host;
  private final Log log;
  private final boolean sentinel;

  private final List<Renaming> renamings = new ArrayList<>();
  private final List<SentinelLine> sentinelLines = new ArrayList<>();
  private final Map<Directive, Place> lastSet = new LinkedHashMap<>();
  private int depth;

  /** A line is wrong. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** A loader; {@code sentinel} says that the process is a Sentinel. */
  public ConfigLoader(ConfigRegistry registry, Disk disk, Host host, Log log, boolean sentinel) {
    this.registry = registry;
    this.settings = registry.settings();
    this.disk = disk;
    this.host = host;
    this.log = log;
    this.sentinel = sentinel;
  }

  /**
   * Reads everything.
   *
   * @param file path of the configuration file, or null
   * @param standardInput what came from the standard input, or null when it was not asked for
   * @param options lines made of the command line, possibly empty
   * @throws ConfigError when something is wrong; settings are then half changed
   */
  public void load(String file, String standardInput, String options) throws ConfigError {
    StringBuilder text = new StringBuilder();
    if (file != null) {
      text.append(readAll(file));
    }
    if (standardInput != null) {
      log.warning("Reading config from stdin");
      text.append(standardInput);
    }
    text.append('\n').append(options);
    settings.savePoints.startLoading();
    parse(text.toString());
    settings.savePoints.endLoading();
    checkWhole();
  }

  public List<Renaming> renamings() {
    return renamings;
  }

  public List<SentinelLine> sentinelLines() {
    return sentinelLines;
  }

  // ---- files

  /** The text of a file, or of all files that a pattern matches. */
  private String readAll(String path) throws ConfigError {
    boolean pattern = path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    StringBuilder text = new StringBuilder();
    String current = path;
    try {
      for (String match : pattern ? matching(path) : List.of(path)) {
        current = match;
        text.append(ConfigText.read(disk, match));
      }
    } catch (IOException e) {
      throw new ConfigError(
          "Fatal error, can't open config file '" + current + "': " + e.getMessage());
    }
    return text.toString();
  }

  /** Files that match a pattern, in order; a component of the path at a time. */
  private List<String> matching(String pattern) {
    List<String> found = List.of(pattern.startsWith("/") ? "/" : "");
    for (String component : pattern.split("/")) {
      if (component.isEmpty()) {
        continue;
      }
      List<String> next = new ArrayList<>();
      for (String parent : found) {
        for (String name : names(parent.isEmpty() ? "." : parent)) {
          boolean hidden = name.startsWith(".") && !component.startsWith(".");
          if (!hidden && Glob.matches(component, name)) {
            next.add(
                parent.isEmpty() || parent.endsWith("/") ? parent + name : parent + "/" + name);
          }
        }
      }
      found = next;
    }
    return found;
  }

  private List<String> names(String directory) {
    try {
      return disk.list(directory);
    } catch (IOException e) {
      // A pattern that leads nowhere matches nothing, so that an empty conf.d may be included.
      return List.of();
    }
  }

  // ---- lines

  private void parse(String text) throws ConfigError {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = ConfigText.trim(lines[i]);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        line(new Place(i + 1, line));
      } catch (Malformed e) {
        throw fatal(new Place(i + 1, line), e.getMessage());
      }
    }
    checkLogFile();
  }

  /** What to print when the line at {@code place} (null: the whole) cannot be used. */
  public static ConfigError fatal(Place place, String why) {
    String where =
        place == null
            ? ""
            : "Reading the configuration file, at line "
                + place.number()
                + "\n>>> '"
                + place.line()
                + "'\n";
    return new ConfigError(
        "\n*** FATAL CONFIG FILE ERROR (Redis " + Version.REDIS + ") ***\n" + where + why);
  }

  private void line(Place place) throws Malformed, ConfigError {
    List<String> words = SplitArguments.of(place.line());
    if (words == null) {
      throw new Malformed("Unbalanced quotes in configuration line");
    }
    if (words.isEmpty()) {
      return;
    }
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    Directive directive = registry.directive(name);
    if (directive != null) {
      assign(directive, words.subList(1, words.size()));
      lastSet.put(directive, place);
    } else if (!FORGOTTEN.contains(name) || words.size() != 2) {
      other(name, words, place);
    }
  }

  private static void assign(Directive directive, List<String> values) throws Malformed {
    boolean multiple = directive.has(Rule.MULTIPLE);
    if (!multiple && values.size() != 1) {
      throw new Malformed("wrong number of arguments");
    }
    List<String> words = values;
    if (multiple && values.size() == 1 && !values.getFirst().isEmpty()) {
      words = SplitArguments.of(values.getFirst());
      if (words == null) {
        throw new Malformed("Unbalanced quotes in configuration line");
      }
    }
    String error = directive.assign(words);
    if (error != null) {
      throw new Malformed(error);
    }
  }

  /** Directives that have no value of their own. */
  private void other(String name, List<String> words, Place place) throws Malformed, ConfigError {
    int count = words.size();
    if (name.equals("include") && count == 2) {
      include(words.get(1));
    } else if (name.equals("rename-command") && count == 3) {
      renamings.add(new Renaming(words.get(1), words.get(2), place));
    } else if (name.equals("user") && count >= 2) {
      UserLine line = new UserLine(words.subList(1, count));
      if (!line.isUnrestrictedDefault(settings.requirePass.get())) {
        throw new Malformed(Settings.missing(place.line(), "access control lists"));
      }
    } else if (name.equals("loadmodule") && count >= 2) {
      throw new Malformed(Settings.missing(place.line(), "modules"));
    } else if (name.equals("sentinel")) {
      sentinelLine(words.subList(1, count), place);
    } else if (name.contains(".")) {
      throw new Malformed(
          count < 2
              ? "Module config specified without value"
              : Settings.missing(place.line(), "modules"));
    } else {
      throw new Malformed("Bad directive or wrong number of arguments");
    }
  }

  private void include(String path) throws ConfigError {
    if (depth == DEEPEST_INCLUDE) {
      throw new ConfigError(
          "Fatal error, '"
              + path
              + "' is included from itself or too deep: at most "
              + DEEPEST_INCLUDE
              + " files in each other");
    }
    depth++;
    parse(readAll(path));
    depth--;
  }

  private void sentinelLine(List<String> words, Place place) throws Malformed {
    // The bare word is what the command line makes of --sentinel.
    if (words.isEmpty()) {
      return;
    }
    if (!sentinel) {
      throw new Malformed("sentinel directive while not in sentinel mode");
    }
    sentinelLines.add(new SentinelLine(List.copyOf(words), place));
  }

  // ---- the whole

  private void checkLogFile() throws ConfigError {
    if (!settings.logFile.isSet()) {
      return;
    }
    try {
      disk.append(settings.logFile.get()).close();
    } catch (IOException e) {
      throw fatal(null, "Can't open the log file: " + e.getMessage());
    }
  }

  private void checkWhole() throws ConfigError {
    for (Directive directive : settings.all()) {
      String why = directive.unavailable();
      if (why != null) {
        throw fatal(lastSet.get(directive), why);
      }
    }
  }

  /** The absolute form of a path that is relative to the working directory, dots resolved. */
  public String absolute(String path) {
    List<String> parts = new ArrayList<>();
    String whole = path.startsWith("/") ? path : host.workingDirectory() + "/" + path;
    for (String part : whole.split("/")) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }
}
