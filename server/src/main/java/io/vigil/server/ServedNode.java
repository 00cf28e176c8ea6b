package io.vigil.server;

import io.vigil.core.env.Env;
import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.node.Node;
import io.vigil.core.node.ShutdownSequence;

/** A server with data. */
final class ServedNode implements Served {
  private final StartConfiguration configuration;
  private final Node node;

  ServedNode(Env env, StartConfiguration configuration) {
    this.configuration = configuration;
    this.node = new Node(env, configuration.registry);
  }

  @Override
  public String mode() {
    return "standalone";
  }

  @Override
  public Acceptor acceptor() {
    return node.sessions()::accept;
  }

  @Override
  public char role() {
    return node.roleName().equals("master") ? 'M' : 'S';
  }

  @Override
  public ShutdownSequence.Owner owner(Runnable stopListening) {
    return node.shutdownOwner(PidFile.path(configuration), stopListening);
  }

  @Override
  public void start(ShutdownSequence shutdown, Runnable ready) {
    node.shutdownSequence(shutdown);
    node.start(ready);
  }
}
