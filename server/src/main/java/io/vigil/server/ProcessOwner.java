package io.vigil.server;

import io.vigil.core.node.ShutdownSequence;

/** The end of a process that has no data to save and no replicas to wait for. */
class ProcessOwner implements ShutdownSequence.Owner {
  private final String product;
  private final StartConfiguration configuration;
  private final Runnable stopListening;

  ProcessOwner(String product, StartConfiguration configuration, Runnable stopListening) {
    this.product = product;
    this.configuration = configuration;
    this.stopListening = stopListening;
  }

  @Override
  public String product() {
    return product;
  }

  @Override
  public boolean hasSavePoints() {
    return false;
  }

  @Override
  public boolean isLoading() {
    return false;
  }

  @Override
  public long patienceMs() {
    return configuration.settings.shutdownTimeoutSeconds.get() * 1000;
  }

  @Override
  public boolean replicasInSync() {
    return true;
  }

  @Override
  public void startWaiting() {
    // Nobody writes to this process.
  }

  @Override
  public void stopWaiting() {
    // Nothing was paused.
  }

  @Override
  public void reportReplicas() {
    // There are none.
  }

  @Override
  public boolean saveFinally() {
    return true;
  }

  @Override
  public String pidFile() {
    return PidFile.path(configuration);
  }

  @Override
  public void stopListening() {
    stopListening.run();
  }
}
