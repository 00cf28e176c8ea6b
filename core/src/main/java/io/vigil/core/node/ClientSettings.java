package io.vigil.core.node;

import io.vigil.core.observe.config.OutputLimits.Limit;
import io.vigil.core.observe.config.Settings;
import io.vigil.core.session.ClientType;
import io.vigil.core.session.OutputLimits;
import io.vigil.core.session.SessionLimits;

/** What the configuration says of clients, for servers and Sentinels alike. */
final class ClientSettings {
  /** The directives that {@link #apply} reads. */
  static final String[] NAMES = {
    "maxclients",
    "timeout",
    "tcp-keepalive",
    "client-query-buffer-limit",
    "proto-max-bulk-len",
    "protected-mode",
    "requirepass",
    "client-output-buffer-limit"
  };

  private ClientSettings() {}

  static void apply(Settings settings, SessionLimits clients) {
    clients.maxClients = settings.maxClients.getInt();
    clients.idleTimeoutSeconds = settings.timeoutSeconds.get();
    clients.keepAliveSeconds = settings.tcpKeepaliveSeconds.getInt();
    clients.queryBufferBytes = settings.clientQueryBufferLimitBytes.get();
    clients.maxBulkBytes = settings.protoMaxBulkBytes.get();
    clients.protectedMode = settings.protectedMode.get();
    clients.password = settings.requirePass.isSet() ? settings.requirePass.get() : "";
    clients.output(ClientType.NORMAL, limits(settings.outputLimits.normal()));
    clients.output(ClientType.REPLICA, limits(settings.outputLimits.replica()));
    clients.output(ClientType.PUBSUB, limits(settings.outputLimits.pubsub()));
  }

  private static OutputLimits limits(Limit limit) {
    return new OutputLimits(limit.hardBytes(), limit.softBytes(), limit.softSeconds());
  }
}
