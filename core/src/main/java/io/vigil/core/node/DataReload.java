package io.vigil.core.node;

import io.vigil.core.command.common.Deferred;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.ExpiryMode;
import io.vigil.core.persist.store.KeyspaceDataSet;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.spec.CommandError;

/**
 * DEBUG RELOAD: the data go to the file and come back from it. Other clients hear that the node is
 * loading meanwhile; whoever watches a key hears that it changed.
 */
final class DataReload {
  private final Env env;
  private final Persistence persistence;
  private final LoadState loading;

  DataReload(Env env, Persistence persistence, LoadState loading) {
    this.env = env;
    this.persistence = persistence;
    this.loading = loading;
  }

  void run(DataInvocation call, boolean save) {
    if (call.session().inTransaction()) {
      throw new CommandError("ERR DEBUG RELOAD is not possible inside a transaction");
    }
    if (loading.isActive() || persistence.isRunning()) {
      throw new CommandError("ERR DEBUG RELOAD is not possible while data are saved or loaded");
    }
    if (save && !persistence.save()) {
      throw new CommandError("ERR Error trying to save the RDB dump, check server logs.");
    }
    if (!env.disk().exists(persistence.settings().dataFileName)) {
      throw new CommandError("ERR Error trying to load the RDB dump, check server logs.");
    }
    for (int i = 0; i < call.databaseCount(); i++) {
      call.modifiedDatabase(i, -1);
    }
    boolean keepsExpired = call.keyspace().expiryMode() != ExpiryMode.DELETE;
    Deferred later = call.defer();
    new DataFileLoad(
            env,
            persistence,
            loading,
            new KeyspaceDataSet(call.keyspace()).loadBeside(),
            keepsExpired,
            facts -> {
              env.log().warning("DB reloaded by DEBUG RELOAD");
              later.complete(reply -> reply.ok());
            })
        .start();
  }
}
