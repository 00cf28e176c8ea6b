package io.vigil.core.observe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sections of INFO, in Redis's order. Each subsystem adds what it knows; a section that nobody
 * wrote into shows its title alone.
 */
public final class InfoRegistry {
  /** Sections of a server, in the order in which they are shown. */
  private static final List<String> SERVER =
      List.of(
          "Server",
          "Clients",
          "Memory",
          "Persistence",
          "Stats",
          "Replication",
          "CPU",
          "Modules",
          "Commandstats",
          "Errorstats",
          "Latencystats",
          "Cluster",
          "Keyspace");

  /** Shown only when asked for. */
  private static final List<String> NOT_BY_DEFAULT = List.of("commandstats", "latencystats");

  private final Map<String, Section> sections = new LinkedHashMap<>();

  /** Writes fields when INFO is asked for. */
  @FunctionalInterface
  public interface Writer {
    void write(InfoText out);
  }

  private record Section(String title, boolean byDefault, List<Writer> writers) {}

  private InfoRegistry(List<String> titles) {
    for (String title : titles) {
      String name = title.toLowerCase(Locale.ROOT);
      boolean byDefault = !NOT_BY_DEFAULT.contains(name);
      sections.put(name, new Section(title, byDefault, new ArrayList<>()));
    }
  }

  /** The sections of a server. */
  public static InfoRegistry ofServer() {
    return new InfoRegistry(SERVER);
  }

  /** The sections of a Sentinel. */
  public static InfoRegistry ofSentinel() {
    return new InfoRegistry(List.of("Server", "Clients", "Stats", "CPU", "Sentinel"));
  }

  /**
   * Adds fields to a section, below those added before.
   *
   * @throws IllegalArgumentException when there is no section of that name
   */
  public void section(String name, Writer writer) {
    Section section = sections.get(name);
    if (section == null) {
      throw new IllegalArgumentException("no section of INFO is called '" + name + "'");
    }
    section.writers().add(writer);
  }

  /**
   * The text for INFO with {@code names}: sections, {@code default}, {@code all} or {@code
   * everything} in any case. Unknown names add nothing.
   */
  public String render(List<String> names) {
    Set<String> asked = new TreeSet<>();
    for (String name : names) {
      asked.add(name.toLowerCase(Locale.ROOT));
    }
    boolean all = asked.contains("all") || asked.contains("everything");
    boolean usual = names.isEmpty() || asked.contains("default");
    InfoText out = new InfoText();
    sections.forEach(
        (name, section) -> {
          boolean modules = name.equals("modules") && asked.contains("module_list");
          if (all || usual && section.byDefault() || asked.contains(name) || modules) {
            out.title(section.title());
            section.writers().forEach(writer -> writer.write(out));
          }
        });
    return out.toString();
  }
}
