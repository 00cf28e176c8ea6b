package io.vigil.core.persist.store;

import static io.vigil.core.spec.ArgumentSpec.flag;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.FAST;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.NO_ASYNC_LOADING;
import static io.vigil.core.spec.CommandFlag.NO_MULTI;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.command.common.Invocation;
import io.vigil.core.spec.AclCategory;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;

/** SAVE, BGSAVE and LASTSAVE of one node. */
public final class SaveCommands {
  private static final CommandError BUSY =
      new CommandError("ERR Background save already in progress");

  private final Persistence persistence;

  public SaveCommands(Persistence persistence) {
    this.persistence = persistence;
  }

  /** All commands of this file. */
  public List<CommandSpec> all() {
    return List.of(saveSpec(), backgroundSaveSpec(), lastSaveSpec());
  }

  private CommandSpec saveSpec() {
    return command("save")
        .group(CommandGroup.SERVER)
        .since("1.0.0")
        .arity(1)
        .flags(NO_ASYNC_LOADING, ADMIN, NOSCRIPT, NO_MULTI)
        .summary("Writes the data file and answers when it is written.")
        .complexity("O(N) where N is the number of keys")
        .handler(this::save);
  }

  private void save(Invocation in) {
    if (persistence.isRunning()) {
      throw BUSY;
    }
    if (!persistence.save()) {
      throw new CommandError("ERR");
    }
    in.reply().ok();
  }

  private CommandSpec backgroundSaveSpec() {
    return command("bgsave")
        .group(CommandGroup.SERVER)
        .since("1.0.0")
        .arity(-1)
        .flags(NO_ASYNC_LOADING, ADMIN, NOSCRIPT)
        .history("3.2.2", "Takes `SCHEDULE`.")
        .arguments(flag("schedule", "SCHEDULE").since("3.2.2").optional())
        .summary("Writes the data file while commands go on.")
        .complexity("O(1)")
        .handler(this::backgroundSave);
  }

  private void backgroundSave(Invocation in) {
    boolean schedule = in.count() == 2 && in.is(1, "SCHEDULE");
    if (in.count() > 1 && !schedule) {
      throw CommandError.SYNTAX;
    }
    if (persistence.isRunningToFile()) {
      throw BUSY;
    }
    if (persistence.isRunning() && !schedule && !in.session().inTransaction()) {
      throw new CommandError(
          "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE"
              + " in order to schedule a BGSAVE whenever possible.");
    }
    if (persistence.isRunning() || in.session().inTransaction()) {
      persistence.schedule();
      in.reply().simple("Background saving scheduled");
      return;
    }
    persistence.startBackgroundSave((failure, cancelled) -> {});
    in.reply().simple("Background saving started");
  }

  private CommandSpec lastSaveSpec() {
    return command("lastsave")
        .group(CommandGroup.SERVER)
        .since("1.0.0")
        .arity(1)
        .flags(LOADING, STALE, FAST)
        .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
        .tips("nondeterministic_output")
        .summary("Tells when the data were last saved, in seconds since the Unix epoch.")
        .complexity("O(1)")
        .handler((Invocation in) -> in.reply().integer(persistence.state().lastSaveSeconds));
  }
}
