package io.vigil.lua;

import io.vigil.lua.value.LuaError;

/** How a native function goes on after the call that it asked for has returned. */
@FunctionalInterface
public interface Continuation {
  /**
   * Goes on. The results are {@link Call#result}; the arguments are still there.
   *
   * @return as {@link NativeFunction.Body#run}
   */
  int resume(Call call);

  /** One that also wants to know when the call failed. */
  interface Guarded extends Continuation {
    /**
     * Goes on after an error.
     *
     * @param error the error, whose value is what {@code pcall} hands on
     * @return as {@link NativeFunction.Body#run}
     */
    int failed(Call call, LuaError error);
  }
}
