package io.vigil.core.node;

import io.vigil.core.base.Hex;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.command.data.server.DebugCommands;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.Database;
import io.vigil.core.observe.Observations;
import io.vigil.core.persist.store.DumpCommands;
import io.vigil.core.propagation.ReplicationStream;
import java.io.IOException;

/** What DEBUG can move in a server. */
final class NodeLevers implements DebugCommands.Levers {
  /** Bytes of a dump that are not the value: its type, the version and the checksum. */
  private static final int DUMP_FRAME_BYTES = 1 + 2 + 8;

  private static final int ID_BYTES = 20;

  private final Env env;
  private final ReplicationStream stream;
  private final Observations observed;
  private final DataReload dataReload;

  NodeLevers(Env env, ReplicationStream stream, Observations observed, DataReload dataReload) {
    this.dataReload = dataReload;
    this.observed = observed;
    this.env = env;
    this.stream = stream;
  }

  @Override
  public void changeReplicationId() {
    byte[] id = new byte[ID_BYTES];
    env.entropy().fill(id);
    stream.newHistory(Hex.of(id));
  }

  @Override
  public String rewriteWholeConfiguration() {
    if (observed.rewriter() == null) {
      return "The server is running without a config file";
    }
    try {
      observed.rewriter().rewriteEverything();
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Override
  public void reload(DataInvocation call, boolean save) {
    dataReload.run(call, save);
  }

  @Override
  public long serializedBytes(Database database, long record) {
    return DumpCommands.payload(database, record, true).length - DUMP_FRAME_BYTES;
  }
}
