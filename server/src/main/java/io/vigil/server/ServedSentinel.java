package io.vigil.server;

import io.vigil.core.env.Env;
import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.node.SentinelNode;
import io.vigil.core.node.ShutdownSequence;
import io.vigil.core.observe.config.ConfigError;
import io.vigil.core.observe.config.ConfigLoader;
import io.vigil.core.observe.config.ConfigLoader.SentinelLine;
import io.vigil.core.sentinel.ConfigurationReader.Refused;
import io.vigil.core.sentinel.ConfigurationReader.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Sentinel. */
final class ServedSentinel implements Served {
  private final StartConfiguration configuration;
  private final SentinelNode node;

  ServedSentinel(Env env, StartConfiguration configuration) throws ConfigError, IOException {
    this.configuration = configuration;
    List<String> lines =
        Files.readAllLines(Path.of(configuration.file), StandardCharsets.ISO_8859_1);
    node = new SentinelNode(env, configuration.registry, configuration.file, lines);
    List<Statement> statements = new ArrayList<>();
    for (SentinelLine line : configuration.loader().sentinelLines()) {
      statements.add(new Statement(line.place().number(), line.place().line(), line.words()));
    }
    try {
      node.configure(statements);
    } catch (Refused e) {
      Statement wrong = e.statement();
      throw ConfigLoader.fatal(
          new ConfigLoader.Place(wrong.lineNumber(), wrong.line()), e.getMessage());
    }
  }

  @Override
  public String mode() {
    return "sentinel";
  }

  @Override
  public Acceptor acceptor() {
    return node.sessions()::accept;
  }

  @Override
  public char role() {
    return 'X';
  }

  @Override
  public ShutdownSequence.Owner owner(Runnable stopListening) {
    return new ProcessOwner("Sentinel", configuration, stopListening);
  }

  @Override
  public void start(ShutdownSequence shutdown, Runnable ready) {
    node.shutdownSequence(shutdown);
    node.start();
    ready.run();
  }
}
