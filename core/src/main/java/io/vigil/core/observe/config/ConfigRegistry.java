package io.vigil.core.observe.config;

import io.vigil.core.base.Glob;
import io.vigil.core.observe.config.Directive.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The directives of {@link Settings} by name: what CONFIG GET and CONFIG SET do, and what the
 * reader of files ({@link ConfigLoader}) and CONFIG REWRITE ({@link ConfigRewriter}) build on. A
 * subsystem that must act when a value changes registers a hook.
 */
public final class ConfigRegistry {
  /** Acts on a changed value, already visible in {@link Settings}. */
  @FunctionalInterface
  public interface ChangeHook {
    /** Returns why the new value cannot be put into effect, or null; then all is rolled back. */
    String changed();
  }

  /**
   * How CONFIG SET is called.
   *
   * @param loading the data set is being loaded
   * @param localClient the client came from this machine
   */
  public record SetContext(boolean loading, boolean localClient) {}

  /** A directive under one of its names. */
  private record Entry(String name, Directive directive) {}

  private final Settings settings;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, ChangeHook> hooks = new LinkedHashMap<>();

  public ConfigRegistry(Settings settings) {
    this.settings = settings;
    for (Directive directive : settings.all()) {
      entries.put(directive.name(), new Entry(directive.name(), directive));
      if (directive.alias() != null) {
        entries.put(directive.alias(), new Entry(directive.alias(), directive));
      }
    }
  }

  public Settings settings() {
    return settings;
  }

  /** The directive of either name in any case, or null. */
  public Directive directive(String name) {
    Entry entry = entries.get(name.toLowerCase(Locale.ROOT));
    return entry == null ? null : entry.directive();
  }

  /** True when the value of the directive must not be shown in logs. */
  public boolean isSensitive(String name) {
    Directive directive = directive(name);
    return directive != null && directive.has(Rule.SENSITIVE);
  }

  /**
   * Calls {@code hook} after CONFIG SET changed the directive. One hook per directive; the same
   * hook for several is called once for all of them.
   *
   * @throws IllegalArgumentException when there is no such directive, or it has a hook
   */
  public void onChange(String name, ChangeHook hook) {
    Directive directive = directive(name);
    if (directive == null || hooks.putIfAbsent(directive.name(), hook) != null) {
      throw new IllegalArgumentException("no directive, or a second hook for it: " + name);
    }
  }

  // ---- CONFIG GET

  /** Names and values that match any of the names or glob patterns. */
  public Map<String, String> get(List<String> patterns) {
    Map<String, String> found = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String pattern : patterns) {
      String lower = pattern.toLowerCase(Locale.ROOT);
      boolean isPattern = pattern.chars().anyMatch(c -> c == '[' || c == '*' || c == '?');
      if (!isPattern) {
        // An exact name is shown as it was asked for.
        if (entries.containsKey(lower) && seen.add(lower)) {
          found.put(pattern, entries.get(lower).directive().text());
        }
        continue;
      }
      for (Entry entry : entries.values()) {
        if (!entry.directive().has(Rule.HIDDEN)
            && Glob.matchesIgnoringCase(pattern, entry.name())
            && seen.add(entry.name())) {
          found.put(entry.name(), entry.directive().text());
        }
      }
    }
    return found;
  }

  // ---- CONFIG SET

  /**
   * Sets names to values, all or none; {@code words} are name, value, name, value ... Returns the
   * whole error to reply, or null.
   */
  public String set(List<String> words, SetContext context) {
    List<Entry> targets = new ArrayList<>();
    String refusal = find(words, context, targets);
    if (refusal != null) {
      return refusal;
    }
    List<Object> before = new ArrayList<>();
    for (Entry target : targets) {
      before.add(target.directive().memento());
    }
    for (int i = 0; i < targets.size(); i++) {
      Directive directive = targets.get(i).directive();
      String error = directive.assign(split(directive, words.get(2 * i + 1)));
      if (error != null) {
        restore(targets, before);
        return failed(targets.get(i).name(), error);
      }
    }
    String error = firstUnavailable(targets);
    if (error != null) {
      restore(targets, before);
      return error;
    }
    return apply(targets, before);
  }

  /** Looks the directives up and asks whether they may be set now; the first refusal counts. */
  private String find(List<String> words, SetContext context, List<Entry> targets) {
    for (int i = 0; i < words.size(); i += 2) {
      String name = words.get(i);
      Entry entry = entries.get(name.toLowerCase(Locale.ROOT));
      if (entry == null) {
        return "ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'";
      }
      Directive directive = entry.directive();
      if (directive.has(Rule.IMMUTABLE)) {
        return failed(name, "can't set immutable config");
      }
      if (directive.has(Rule.PROTECTED) && !protectedAllowed(context)) {
        return failed(name, "can't set protected config");
      }
      if (context.loading() && directive.has(Rule.DENY_LOADING)) {
        return "LOADING Redis is loading the dataset in memory";
      }
      if (targets.contains(entry)) {
        return failed(name, "duplicate parameter");
      }
      targets.add(entry);
    }
    return null;
  }

  private boolean protectedAllowed(SetContext context) {
    ChoiceDirective allowed = settings.enableProtectedConfigs;
    return allowed.is("yes") || allowed.is("local") && context.localClient();
  }

  private static String failed(String name, String why) {
    return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
  }

  /** A value of several words comes as one argument, cut at single blanks. */
  private static List<String> split(Directive directive, String value) {
    if (!directive.has(Rule.MULTIPLE)) {
      return List.of(value);
    }
    return value.isEmpty() ? List.of() : List.of(value.split(" ", -1));
  }

  private String firstUnavailable(List<Entry> targets) {
    for (Directive directive : settings.all()) {
      String why = directive.unavailable();
      if (why != null) {
        String name = targets.getFirst().name();
        for (Entry target : targets) {
          name = target.directive() == directive ? target.name() : name;
        }
        return failed(name, why);
      }
    }
    return null;
  }

  private static void restore(List<Entry> targets, List<Object> before) {
    for (int i = targets.size() - 1; i >= 0; i--) {
      targets.get(i).directive().restore(before.get(i));
    }
  }

  private String apply(List<Entry> targets, List<Object> before) {
    Map<ChangeHook, String> calls = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      Directive directive = targets.get(i).directive();
      ChangeHook hook = hooks.get(directive.name());
      if (hook != null && !directive.memento().equals(before.get(i))) {
        calls.putIfAbsent(hook, targets.get(i).name());
      }
    }
    for (Map.Entry<ChangeHook, String> call : calls.entrySet()) {
      String error = call.getKey().changed();
      if (error != null) {
        restore(targets, before);
        // What was put into effect is taken back; a hook that fails here keeps what it has.
        for (ChangeHook hook : calls.keySet()) {
          hook.changed();
        }
        return failed(call.getValue(), error);
      }
    }
    return null;
  }
}
