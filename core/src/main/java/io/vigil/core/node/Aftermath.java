package io.vigil.core.node;

import io.vigil.core.command.common.Monitors;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.observe.StepTimes;
import io.vigil.core.persist.store.SaveState;
import io.vigil.core.propagation.Propagation;
import io.vigil.core.spec.AfterCommand;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.CommandContext;
import io.vigil.core.spec.CommandFlag;

/** What follows every command: monitors see it, then its effects go out. */
final class Aftermath implements AfterCommand {
  private static final long HIDDEN_FROM_MONITORS =
      CommandFlag.SKIP_MONITOR.mask() | CommandFlag.ADMIN.mask();

  private final Monitors monitors;
  private final Propagation propagation;
  private final CommandClock clock;
  private final SaveState saves;
  private final Keyspace keyspace;
  private final StepTimes times;
  private long commands;
  private long preImagesSeen;

  Aftermath(
      Monitors monitors,
      Propagation propagation,
      CommandClock clock,
      SaveState saves,
      Keyspace keyspace,
      StepTimes times) {
    this.monitors = monitors;
    this.propagation = propagation;
    this.clock = clock;
    this.saves = saves;
    this.keyspace = keyspace;
    this.times = times;
  }

  @Override
  public void after(CommandContext context, long durationNanos) {
    DataInvocation invocation = (DataInvocation) context;
    commands++;
    saves.changes += invocation.dirtyCount();
    if (keyspace.preImages() != preImagesSeen) {
      preImagesSeen = keyspace.preImages();
      times.add(StepTimes.Kind.PRE_IMAGE, durationNanos);
    }
    long flags = invocation.spec().flags();
    if (!monitors.isEmpty() && (flags & HIDDEN_FROM_MONITORS) == 0) {
      monitors.feed(invocation, invocation.session().database(), clock.wallMicros());
    }
    if (invocation.mustPropagate() && (flags & CommandFlag.NOT_PROPAGATED.mask()) == 0) {
      propagation.command(invocation.session().database(), invocation.propagatedWords());
    }
    if ((flags & CommandFlag.TOUCHES_ARBITRARY_KEYS.mask()) == 0) {
      propagation.flushOutsideUnit();
    } else {
      propagation.flushOneByOne();
    }
  }

  /** Commands run since the start. */
  long commands() {
    return commands;
  }
}
