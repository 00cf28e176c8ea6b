package io.vigil.lua.lib;

import io.vigil.lua.BaseSupport;
import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.Continuation;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.LuaThread;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;

/** Coroutines. */
final class CoroutineLibrary {
  private CoroutineLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable library = engine.newTable(0, 8);
    engine.register(library, "create", call -> call.one((Object) BaseSupport.createThread(call)));
    engine.register(library, "resume", CoroutineLibrary::resume);
    engine.register(library, "yield", BaseSupport::yieldAll);
    engine.register(library, "status", CoroutineLibrary::status);
    engine.register(library, "wrap", CoroutineLibrary::wrap);
    engine.register(library, "running", call -> call.one((Object) BaseSupport.running(call)));
    engine.globals().set(engine.name("coroutine"), library);
  }

  private static LuaThread checkThread(Call call) {
    if (call.argument(1) instanceof LuaThread thread) {
      return thread;
    }
    throw call.argumentError(1, "coroutine expected");
  }

  private static int status(Call call) {
    LuaThread thread = checkThread(call);
    return call.one((Object) call.engine().name(BaseSupport.status(thread).toString()));
  }

  /** What keeps a coroutine from being resumed, or null. */
  private static LuaString obstacle(LuaThread thread) {
    LuaThread.Status status = BaseSupport.status(thread);
    return status == LuaThread.Status.SUSPENDED
        ? null
        : LuaString.of("cannot resume " + status + " coroutine");
  }

  private static int resume(Call call) {
    LuaThread thread = checkThread(call);
    LuaString obstacle = obstacle(thread);
    if (obstacle != null) {
      return call.two(false, obstacle);
    }
    return BaseSupport.resume(
        call,
        thread,
        call.argumentCount() - 1,
        new Continuation.Guarded() {
          @Override
          public int resume(Call then) {
            return BaseSupport.withFlag(then);
          }

          @Override
          public int failed(Call then, LuaError error) {
            return then.two(false, error.value());
          }
        });
  }

  private static int wrap(Call call) {
    LuaThread thread = BaseSupport.createThread(call);
    return call.one((Object) call.engine().function("wrap", inner -> runWrapped(inner, thread)));
  }

  private static int runWrapped(Call call, LuaThread thread) {
    LuaString obstacle = obstacle(thread);
    if (obstacle != null) {
      throw call.error(obstacle);
    }
    return BaseSupport.resume(
        call,
        thread,
        call.argumentCount(),
        new Continuation.Guarded() {
          @Override
          public int resume(Call then) {
            return then.resultCount();
          }

          @Override
          public int failed(Call then, LuaError error) {
            LuaString text = LuaOperators.toLuaString(error.value());
            if (text == null) {
              throw error;
            }
            ByteBuilder message = new ByteBuilder(then, 32 + text.length());
            message.add(then.where(1));
            message.add(text);
            throw new LuaError(message.toLuaString());
          }
        });
  }
}
