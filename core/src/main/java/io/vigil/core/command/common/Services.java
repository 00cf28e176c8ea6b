package io.vigil.core.command.common;

import io.vigil.core.env.Env;
import io.vigil.core.pubsub.PubSub;
import io.vigil.core.session.Sessions;
import io.vigil.core.spec.CommandClock;
import io.vigil.core.spec.CommandTable;

/**
 * What the handlers of one node may use beside the client that calls them.
 *
 * @param runId 40 hexadecimal digits that name this run of the node
 */
public record Services(
    Env env,
    CommandClock clock,
    CommandTable table,
    Sessions sessions,
    PubSub pubSub,
    Monitors monitors,
    ServerRole role,
    String runId) {}
