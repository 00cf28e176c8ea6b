package io.vigil.server;

import io.vigil.core.env.Disk;
import io.vigil.core.observe.config.ConfigError;
import io.vigil.core.observe.config.ConfigLoader;
import io.vigil.core.observe.config.ConfigRegistry;
import io.vigil.core.observe.config.Settings;
import io.vigil.transport.SystemDisk;
import io.vigil.transport.SystemHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The configuration of a process as it starts: arguments, standard input, file, settings. */
final class StartConfiguration {
  private static final int SENTINEL_PORT = 26379;

  final SystemHost host;
  final ConfigRegistry registry;
  final Settings settings;
  final boolean sentinel;

  /** Absolute path of the configuration file, or null. */
  String file;

  /** What came from the standard input, for a daemon to read again. */
  byte[] standardInput = {};

  private ConfigLoader loader;

  StartConfiguration(SystemHost host, boolean sentinel) {
    this.host = host;
    this.sentinel = sentinel;
    settings = new Settings(host);
    registry = new ConfigRegistry(settings);
  }

  /** Reads everything that {@code commandLine} names; the log then has its level and file. */
  void load(CommandLine commandLine, ProcessLog log) throws ConfigError, IOException {
    Disk disk = new SystemDisk(host);
    loader = new ConfigLoader(registry, disk, host, log, sentinel);
    if (sentinel) {
      settings.port.adjust(SENTINEL_PORT);
      settings.protectedMode.adjust(false);
    }
    if (commandLine.configFile() != null) {
      file = loader.absolute(commandLine.configFile());
    }
    String fromInput = null;
    if (commandLine.readsStandardInput()) {
      standardInput = System.in.readAllBytes();
      fromInput = new String(standardInput, StandardCharsets.ISO_8859_1);
    }
    loader.load(file, fromInput, commandLine.options());
    log.level(ProcessLog.levelOf(settings.logLevel.get()));
    log.file(settings.logFile.isSet() ? resolve(settings.logFile.get()).toString() : "");
    registry.onChange(
        "loglevel",
        () -> {
          log.level(ProcessLog.levelOf(settings.logLevel.get()));
          return null;
        });
  }

  ConfigLoader loader() {
    return loader;
  }

  /** {@code path} against the working directory. */
  Path resolve(String path) {
    return Path.of(host.workingDirectory()).resolve(path);
  }
}
