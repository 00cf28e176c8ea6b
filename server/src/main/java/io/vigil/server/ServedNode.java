package io.vigil.server;

import io.vigil.core.env.Env;
import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.node.Node;
import io.vigil.core.node.ShutdownSequence;
import io.vigil.core.observe.config.ConfigError;
import io.vigil.core.observe.config.ConfigLoader;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.ConfigRewriter;

/** A server with data. */
final class ServedNode implements Served {
  private final StartConfiguration configuration;
  private final Node node;

  ServedNode(Env env, StartConfiguration configuration) throws ConfigError {
    this.configuration = configuration;
    this.node = new Node(env, configuration.registry);
    rename();
    node.observed().executable = ProcessHandle.current().info().command().orElse("");
    if (configuration.file != null) {
      ConfigRegistry registry = configuration.registry;
      node.observed()
          .rewriter(
              new ConfigRewriter(registry, env.disk(), env.entropy(), configuration.file, false));
    }
  }

  /** Renames commands as the configuration asks. */
  private void rename() throws ConfigError {
    for (ConfigLoader.Renaming renaming : configuration.loader().renamings()) {
      try {
        node.services().table().rename(renaming.from(), renaming.to());
      } catch (IllegalArgumentException e) {
        throw ConfigLoader.fatal(renaming.place(), e.getMessage());
      }
    }
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
