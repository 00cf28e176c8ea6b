package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.ArgumentSpec.oneOf;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.ALLOW_BUSY;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.NO_MULTI;
import static io.vigil.core.spec.CommandFlag.SENTINEL;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;

/** SHUTDOWN. */
public final class ShutdownCommand {
  private ShutdownCommand() {}

  public static final CommandSpec SHUTDOWN =
      command("shutdown")
          .group(CommandGroup.SERVER)
          .since("1.0.0")
          .arity(-1)
          .flags(ADMIN, NOSCRIPT, LOADING, STALE, NO_MULTI, SENTINEL, ALLOW_BUSY)
          .history("7.0.0", "Takes `NOW`, `FORCE` and `ABORT`.")
          .arguments(
              oneOf("nosave_save", flag("nosave", "NOSAVE"), flag("save", "SAVE")).optional(),
              flag("now", "NOW").since("7.0.0").optional(),
              flag("force", "FORCE").since("7.0.0").optional(),
              flag("abort", "ABORT").since("7.0.0").optional())
          .summary("Saves the data and ends the server.")
          .complexity("O(N) when saving, where N is the number of keys, else O(1)")
          .handler(ShutdownCommand::shutdown);

  private static void shutdown(Invocation in) {
    boolean noSave = false;
    boolean save = false;
    boolean now = false;
    boolean force = false;
    boolean abort = false;
    for (int i = 1; i < in.count(); i++) {
      if (in.is(i, "NOSAVE")) {
        noSave = true;
      } else if (in.is(i, "SAVE")) {
        save = true;
      } else if (in.is(i, "NOW")) {
        now = true;
      } else if (in.is(i, "FORCE")) {
        force = true;
      } else if (in.is(i, "ABORT")) {
        abort = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    if ((abort && (noSave || save || now || force)) || (noSave && save)) {
      throw CommandError.SYNTAX;
    }
    in.services().role().shutdown(new ShutdownRequest(noSave, save, now, force, abort), in);
  }
}
