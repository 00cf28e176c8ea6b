package io.vigil.lua.value;

/**
 * An error of the script, which it can catch with {@code pcall}. It carries any Lua value; most
 * often a string that begins with the position. It has no Java stack trace: throwing one is cheap.
 */
public final class LuaError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Object value;

  /** An error with any Lua value. */
  public LuaError(Object value) {
    super(null, null, false, false);
    this.value = value;
  }

  /** An error with a text, to which no position is added. */
  public LuaError(String message) {
    this(LuaString.of(message));
  }

  /** The Lua value that was thrown; may be null, which is nil. */
  public Object value() {
    return value;
  }

  @Override
  public String getMessage() {
    return switch (value) {
      case LuaString string -> string.toString();
      case Double number -> NumberText.format(number);
      case null, default -> "(error object is not a string)";
    };
  }
}
