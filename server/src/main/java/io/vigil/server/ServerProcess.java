package io.vigil.server;

import io.vigil.core.base.Version;
import io.vigil.core.env.Env;
import io.vigil.core.node.Listeners;
import io.vigil.core.node.Node;
import io.vigil.transport.SystemHost;
import io.vigil.transport.Transport;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One server process from its arguments to its end.
 *
 * <pre>
 *   arguments -> configuration -> [ start detached, wait, exit ] -> log, loops, node
 *             -> sockets -> pid file -> data -> "Ready to accept connections" -> serve
 * </pre>
 *
 * <p>Whatever fails before the last step ends the process with status 1, after saying why.
 */
final class ServerProcess {
  private final ProcessLog log = new ProcessLog();
  private final SystemHost host = new SystemHost(System::exit);
  private final CommandLine commandLine;
  private final boolean hasArguments;
  private final StartSettings settings = new StartSettings();
  private byte[] standardInput = {};

  private ServerProcess(String[] arguments) {
    commandLine = CommandLine.parse(arguments);
    hasArguments = arguments.length > 0;
  }

  static void start(String[] arguments) {
    int status = Usage.answer(arguments);
    if (status < 0) {
      status = new ServerProcess(arguments).run();
    }
    System.exit(status);
  }

  private int run() {
    Failure.watchAllThreads(log);
    try {
      if (!readConfiguration()) {
        return 1;
      }
      if (settings.daemonize && !Daemon.isDaemon()) {
        return Daemon.start(System.getProperty("user.dir"), settings.logFile, standardInput);
      }
      return serve();
    } catch (IOException e) {
      log.warning(e.getMessage());
      return 1;
    }
  }

  private boolean readConfiguration() throws IOException {
    StringBuilder text = new StringBuilder();
    if (commandLine.configFile() != null) {
      Path file = Path.of(commandLine.configFile()).toAbsolutePath();
      try (InputStream in = new FileInputStream(file.toFile())) {
        text.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
      } catch (IOException _) {
        log.warning(
            "Fatal error, can't open config file '" + file + "': No such file or directory");
        return false;
      }
    }
    if (commandLine.readsStandardInput()) {
      log.warning("Reading config from stdin");
      standardInput = System.in.readAllBytes();
      text.append(new String(standardInput, StandardCharsets.ISO_8859_1));
    }
    text.append('\n').append(commandLine.options());
    try {
      settings.read(text.toString());
      if (!settings.directory.isEmpty()) {
        host.changeDirectory(settings.directory);
      }
    } catch (StartSettings.BadLine e) {
      System.err.println(
          "\n*** FATAL CONFIG FILE ERROR (Redis " + Version.REDIS + ") ***\n" + e.getMessage());
      return false;
    }
    log.level(settings.logLevel);
    log.file(settings.logFile.isEmpty() ? "" : resolve(settings.logFile).toString());
    return true;
  }

  private Path resolve(String path) {
    return Path.of(host.workingDirectory()).resolve(path);
  }

  private int serve() {
    announce();
    Transport transport =
        new Transport(host, log, settings.ioThreads, failure -> Failure.stop(log, failure));
    Env env = transport.env();
    log.role('M');
    log.notice("monotonic clock: POSIX clock_gettime");
    Node node = new Node(env);
    Listeners listeners = new Listeners(env.network(), log, node.sessions()::accept);
    if (!listeners.listenTcp(settings.bind, settings.port, settings.backlog)) {
      log.warning("Failed listening on port " + settings.port + " (TCP), aborting.");
      return 1;
    }
    if (!settings.unixSocket.isEmpty()
        && !listeners.listenUnix(settings.unixSocket, settings.unixMode, settings.backlog)) {
      return 1;
    }
    if (!settings.pidFile.isEmpty() || settings.daemonize) {
      PidFile.write(resolve(settings.pidFile));
    }
    if (settings.alwaysShowLogo) {
      log.raw(Logo.text("standalone", settings.port, host.processId()));
    } else {
      log.notice("Running mode=standalone, port=" + settings.port + ".");
    }
    SystemWarnings.backlog(log, settings.backlog);
    log.warning("Server initialized");
    if (listeners.tcpCount() > 0) {
      log.notice("Ready to accept connections");
    }
    if (listeners.hasUnix()) {
      log.notice("The server is now ready to accept connections at " + settings.unixSocket);
    }
    if (Daemon.isDaemon()) {
      log.toStandardOutput(false);
      Daemon.ready();
    }
    transport.run();
    return 0;
  }

  private void announce() {
    log.warning("oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
    log.warning(
        "Redis version="
            + Version.REDIS
            + ", bits=64, commit=00000000, modified=0, pid="
            + host.processId()
            + ", just started");
    log.warning(
        hasArguments
            ? "Configuration loaded"
            : "Warning: no config file specified, using the default config. In order to specify"
                + " a config file use vigil-server /path/to/redis.conf");
  }
}
