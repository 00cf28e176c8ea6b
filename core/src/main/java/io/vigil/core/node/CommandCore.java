package io.vigil.core.node;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.session.CommandRunner;
import io.vigil.core.session.Session;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.Dispatcher;
import io.vigil.core.spec.Origin;

/** Runs the commands of sessions and links, one at a time, in one reused context. */
final class CommandCore implements CommandRunner {
  private final Dispatcher dispatcher;
  private final DataInvocation invocation;
  private final CommandClock clock;
  private final Runnable burstEnd;

  CommandCore(
      Dispatcher dispatcher, DataInvocation invocation, CommandClock clock, Runnable burstEnd) {
    this.dispatcher = dispatcher;
    this.invocation = invocation;
    this.clock = clock;
    this.burstEnd = burstEnd;
  }

  @Override
  public long beginBurst() {
    dispatcher.beginBurst();
    return dispatcher.boundaryNanos() / 1_000_000;
  }

  @Override
  public void run(Session session, Arguments arguments) {
    invocation.begin(session, arguments, session.isPrimary() ? Origin.PRIMARY_LINK : Origin.CLIENT);
    invocation.keyspace().setWallMs(clock.wallMs());
    dispatcher.dispatch(invocation);
  }

  @Override
  public void endBurst() {
    burstEnd.run();
  }
}
