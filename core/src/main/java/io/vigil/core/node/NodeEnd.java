package io.vigil.core.node;

import io.vigil.core.observe.config.Settings;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.replication.PrimarySide;
import io.vigil.core.session.ClientPause;

/** A server's part in its orderly end. */
final class NodeEnd implements ShutdownSequence.Owner {
  private final Settings settings;
  private final Persistence persistence;
  private final LoadState loading;
  private final PrimarySide primary;
  private final ClientPause pause;
  private final String pidFile;
  private final Runnable stopListening;

  NodeEnd(
      Settings settings,
      Persistence persistence,
      LoadState loading,
      PrimarySide primary,
      ClientPause pause,
      String pidFile,
      Runnable stopListening) {
    this.settings = settings;
    this.persistence = persistence;
    this.loading = loading;
    this.primary = primary;
    this.pause = pause;
    this.pidFile = pidFile;
    this.stopListening = stopListening;
  }

  @Override
  public String product() {
    return "Redis";
  }

  @Override
  public boolean hasSavePoints() {
    return !settings.savePoints.get().isEmpty();
  }

  @Override
  public boolean isLoading() {
    return loading.isActive();
  }

  @Override
  public long patienceMs() {
    return settings.shutdownTimeoutSeconds.get() * 1000;
  }

  @Override
  public boolean replicasInSync() {
    return primary.replicasInSync();
  }

  @Override
  public void startWaiting() {
    if (!pause.isActive()) {
      primary.askReplicas();
    }
    pause.pause(ClientPause.Purpose.SHUTDOWN, ClientPause.Mode.WRITE, Long.MAX_VALUE);
  }

  @Override
  public void stopWaiting() {
    pause.resume(ClientPause.Purpose.SHUTDOWN);
  }

  @Override
  public void reportReplicas() {
    primary.reportReplicasAtEnd();
  }

  @Override
  public boolean saveFinally() {
    persistence.cancel();
    return persistence.save();
  }

  @Override
  public String pidFile() {
    return pidFile;
  }

  @Override
  public void stopListening() {
    stopListening.run();
  }
}
