package io.vigil.core.node;

import io.vigil.core.observe.InfoText;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.session.BlockedReason;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.Sessions;

/** INFO clients, of a server and of a Sentinel. */
record ClientsSection(Sessions sessions, Settings settings) {
  void write(InfoText out) {
    long[] largest = new long[2];
    int[] replicas = {0};
    sessions.forEach(
        session -> {
          largest[0] = Math.max(largest[0], session.parser().heldBytes());
          largest[1] = Math.max(largest[1], session.outputBytes());
          replicas[0] += session.type() == ClientType.REPLICA ? 1 : 0;
        });
    int blocked = 0;
    for (BlockedReason reason : BlockedReason.values()) {
      blocked += reason == BlockedReason.POSTPONED ? 0 : sessions.blockedCount(reason);
    }
    out.field("connected_clients", sessions.count() - replicas[0]);
    out.field("cluster_connections", 0);
    out.field("maxclients", settings.maxClients.text());
    out.field("client_recent_max_input_buffer", largest[0]);
    out.field("client_recent_max_output_buffer", largest[1]);
    out.field("blocked_clients", blocked);
    out.field("tracking_clients", 0);
    out.field("clients_in_timeout_table", sessions.blockedWithTimeout());
  }
}
