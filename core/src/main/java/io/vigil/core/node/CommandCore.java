package io.vigil.core.node;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.ExpiryMode;
import io.vigil.core.keyspace.Keyspace;
import io.vigil.core.resp.RequestParser;
import io.vigil.core.resp.UpcomingKeys;
import io.vigil.core.session.ClientPause;
import io.vigil.core.session.CommandRunner;
import io.vigil.core.session.Session;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.Dispatcher;
import io.vigil.core.spec.Origin;

/** Runs the commands of sessions and links, one at a time, in one reused context. */
final class CommandCore implements CommandRunner {
  private final Dispatcher dispatcher;
  private final DataInvocation invocation;
  private final Keyspace keyspace;
  private final CommandClock clock;
  private final ClientPause pause;
  private final UpcomingKeys upcoming = new UpcomingKeys();
  private long fetched;
  private ExpiryMode clientExpiry = ExpiryMode.DELETE;

  CommandCore(
      Dispatcher dispatcher, DataInvocation invocation, CommandClock clock, ClientPause pause) {
    this.dispatcher = dispatcher;
    this.invocation = invocation;
    this.keyspace = invocation.keyspace();
    this.clock = clock;
    this.pause = pause;
  }

  /** Says what clients see of due keys: it follows from the node's role. */
  void clientExpiry(ExpiryMode mode) {
    clientExpiry = mode;
    keyspace.setExpiryMode(mode);
  }

  @Override
  public long beginBurst() {
    dispatcher.beginBurst();
    clock.refreshIfStale(dispatcher.boundaryNanos());
    return dispatcher.boundaryNanos() / 1_000_000;
  }

  @Override
  public void run(Session session, Arguments arguments) {
    boolean fromPrimary = session.isPrimary();
    invocation.begin(session, arguments, fromPrimary ? Origin.PRIMARY_LINK : Origin.CLIENT);
    clock.refreshIfStale(dispatcher.boundaryNanos());
    keyspace.setWallMs(clock.wallMs());
    keyspace.setExpiryMode(expiryFor(fromPrimary));
    dispatcher.dispatch(invocation);
    if (keyspace.blockedKeys().hasReady()) {
      // What was slow may have outlived the key that it made: who waits is served by the clock of
      // now.
      clock.refreshIfStale(dispatcher.boundaryNanos());
      keyspace.setWallMs(clock.wallMs());
      invocation.serveBlocked();
    }
  }

  /** While writes are paused the stream must not move, so nothing is deleted then. */
  private ExpiryMode expiryFor(boolean fromPrimary) {
    if (fromPrimary) {
      return ExpiryMode.KEEP;
    }
    boolean frozen = pause.isActive() && clientExpiry == ExpiryMode.DELETE;
    return frozen ? ExpiryMode.HIDE : clientExpiry;
  }

  @Override
  public void prepare(Session session, RequestParser parser) {
    if (parser.upcoming(upcoming) > 1) {
      fetched += keyspace.database(session.database()).prefetch(upcoming);
    }
  }

  /** A sum over what was fetched ahead; it means nothing but that the reads took place. */
  long fetched() {
    return fetched;
  }

  @Override
  public void endBurst() {
    // Everything is propagated after each command; nothing waits for the end of a burst.
  }
}
