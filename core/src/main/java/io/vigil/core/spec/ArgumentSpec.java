package io.vigil.core.spec;

import java.util.List;

/**
 * One element of a command's grammar, as COMMAND DOCS shows it. Immutable; the fluent methods
 * return changed copies.
 *
 * <pre>{@code
 * keyArg("key"), arg("value", STRING), oneOf("condition", flag("nx", "NX"), flag("xx", "XX")).optional()
 * arg("seconds", INTEGER).token("EX")
 * }</pre>
 */
public final class ArgumentSpec {
  /** What kind of value an argument is. */
  public enum Type {
    STRING("string"),
    INTEGER("integer"),
    DOUBLE("double"),
    KEY("key"),
    PATTERN("pattern"),
    UNIX_TIME("unix-time"),
    PURE_TOKEN("pure-token"),
    ONEOF("oneof"),
    BLOCK("block");

    private final String wireName;

    Type(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  private final String name;
  private final Type type;
  private final int keySpec;
  private final String token;
  private final String summary;
  private final String since;
  private final String deprecatedSince;
  private final boolean optional;
  private final boolean multiple;
  private final boolean multipleToken;
  private final List<ArgumentSpec> parts;

  private ArgumentSpec(Draft draft) {
    this.name = draft.name;
    this.type = draft.type;
    this.keySpec = draft.keySpec;
    this.token = draft.token;
    this.summary = draft.summary;
    this.since = draft.since;
    this.deprecatedSince = draft.deprecatedSince;
    this.optional = draft.optional;
    this.multiple = draft.multiple;
    this.multipleToken = draft.multipleToken;
    this.parts = draft.parts;
  }

  /** The fields while a copy is being changed. */
  private static final class Draft {
    String name;
    Type type;
    int keySpec = -1;
    String token;
    String summary;
    String since;
    String deprecatedSince;
    boolean optional;
    boolean multiple;
    boolean multipleToken;
    List<ArgumentSpec> parts = List.of();

    Draft(String name, Type type) {
      this.name = name;
      this.type = type;
    }

    Draft(ArgumentSpec from) {
      this(from.name, from.type);
      keySpec = from.keySpec;
      token = from.token;
      summary = from.summary;
      since = from.since;
      deprecatedSince = from.deprecatedSince;
      optional = from.optional;
      multiple = from.multiple;
      multipleToken = from.multipleToken;
      parts = from.parts;
    }
  }

  /** A plain argument. */
  public static ArgumentSpec arg(String name, Type type) {
    return new ArgumentSpec(new Draft(name, type));
  }

  /** A key of the first key specification. */
  public static ArgumentSpec keyArg(String name) {
    return arg(name, Type.KEY).keySpec(0);
  }

  /** A word without a value. */
  public static ArgumentSpec flag(String name, String token) {
    return arg(name, Type.PURE_TOKEN).token(token);
  }

  /** Exactly one of {@code choices}. */
  public static ArgumentSpec oneOf(String name, ArgumentSpec... choices) {
    return group(name, Type.ONEOF, choices);
  }

  /** All of {@code parts}, in order. */
  public static ArgumentSpec block(String name, ArgumentSpec... parts) {
    return group(name, Type.BLOCK, parts);
  }

  private static ArgumentSpec group(String name, Type type, ArgumentSpec... parts) {
    Draft draft = new Draft(name, type);
    draft.parts = List.of(parts);
    return new ArgumentSpec(draft);
  }

  /** A key of key specification {@code index}. */
  public ArgumentSpec keySpec(int index) {
    Draft draft = new Draft(this);
    draft.keySpec = index;
    return new ArgumentSpec(draft);
  }

  /** The word that stands before the value. */
  public ArgumentSpec token(String word) {
    Draft draft = new Draft(this);
    draft.token = word;
    return new ArgumentSpec(draft);
  }

  public ArgumentSpec summary(String text) {
    Draft draft = new Draft(this);
    draft.summary = text;
    return new ArgumentSpec(draft);
  }

  public ArgumentSpec since(String version) {
    Draft draft = new Draft(this);
    draft.since = version;
    return new ArgumentSpec(draft);
  }

  public ArgumentSpec deprecatedSince(String version) {
    Draft draft = new Draft(this);
    draft.deprecatedSince = version;
    return new ArgumentSpec(draft);
  }

  public ArgumentSpec optional() {
    Draft draft = new Draft(this);
    draft.optional = true;
    return new ArgumentSpec(draft);
  }

  /** May be repeated. */
  public ArgumentSpec multiple() {
    Draft draft = new Draft(this);
    draft.multiple = true;
    return new ArgumentSpec(draft);
  }

  /** May be repeated, each time behind its token. */
  public ArgumentSpec multipleToken() {
    Draft draft = new Draft(this);
    draft.multiple = true;
    draft.multipleToken = true;
    return new ArgumentSpec(draft);
  }

  public String name() {
    return name;
  }

  public Type type() {
    return type;
  }

  /** Index of the key specification, or -1. */
  public int keySpecIndex() {
    return keySpec;
  }

  public String tokenWord() {
    return token;
  }

  public String summaryText() {
    return summary;
  }

  public String sinceVersion() {
    return since;
  }

  public String deprecatedSinceVersion() {
    return deprecatedSince;
  }

  public boolean isOptional() {
    return optional;
  }

  public boolean isMultiple() {
    return multiple;
  }

  public boolean isMultipleToken() {
    return multipleToken;
  }

  public List<ArgumentSpec> parts() {
    return parts;
  }
}
