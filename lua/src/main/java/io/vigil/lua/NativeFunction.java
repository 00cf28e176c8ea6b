package io.vigil.lua;

import io.vigil.lua.value.LuaError;

/** A function written in Java. */
public final class NativeFunction extends LuaFunction {
  /** What a native function does. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs the function. Arguments are read from the call; results are pushed on it, in order.
     *
     * @return the number of results, or what one of the call's own methods returned: {@link
     *     Call#invoke}, {@link Call#suspend}
     * @throws LuaError which the script can catch
     */
    int run(Call call);
  }

  final String name;
  final Body body;

  NativeFunction(int id, String name, Body body) {
    super(id, null);
    this.name = name;
    this.body = body;
  }

  /** The name under which it was registered, for diagnosis. */
  public String name() {
    return name;
  }
}
