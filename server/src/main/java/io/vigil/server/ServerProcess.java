package io.vigil.server;

import io.vigil.core.base.Version;
import io.vigil.core.env.Env;
import io.vigil.core.node.Listeners;
import io.vigil.core.node.ShutdownSequence;
import io.vigil.core.observe.config.ChoiceDirective;
import io.vigil.core.observe.config.ConfigError;
import io.vigil.core.observe.config.Settings;
import io.vigil.transport.SystemHost;
import io.vigil.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One process, server or Sentinel, from its arguments to its end.
 *
 * <pre>
 *   arguments -> configuration -> [ start detached, wait, exit ] -> log, loops, node
 *             -> sockets -> pid file -> data -> "Ready to accept connections" -> serve
 * </pre>
 *
 * <p>Whatever fails before the last step ends the process with status 1, after saying why. Lines,
 * texts and their order are Redis's.
 */
final class ServerProcess {
  private final ProcessLog log = new ProcessLog();
  private final SystemHost host = new SystemHost(System::exit);
  private final CommandLine commandLine;
  private final boolean hasArguments;
  private final boolean sentinel;
  private final StartConfiguration configuration;
  private final Settings settings;
  private Served served;
  private Listeners listeners;
  private ShutdownSequence shutdown;
  private Supervision supervision;
  private volatile boolean interrupted;

  private ServerProcess(String[] arguments, boolean sentinelProgram) {
    commandLine = CommandLine.parse(arguments);
    hasArguments = arguments.length > 0;
    sentinel = sentinelProgram || commandLine.sentinel();
    configuration = new StartConfiguration(host, sentinel);
    settings = configuration.settings;
  }

  /** Runs the process; does not return. */
  static void start(String[] arguments, boolean sentinelProgram) {
    int status = Usage.answer(arguments);
    if (status < 0) {
      status = new ServerProcess(arguments, sentinelProgram).run();
    }
    System.exit(status);
  }

  private int run() {
    Failure.watchAllThreads(log);
    try {
      configuration.load(commandLine, log);
      if (sentinel && !sentinelFileIsUsable()) {
        return 1;
      }
      supervision =
          Supervision.begin(settings.supervised.get(), System::getenv, log, new DatagramNotifier());
      boolean background = settings.daemonize.get() && !supervision.isSupervised();
      if (background && !Daemon.isDaemon()) {
        return Daemon.start(
            System.getProperty("user.dir"), settings.logFile.get(), configuration.standardInput);
      }
      return serve();
    } catch (ConfigError e) {
      report(e.getMessage());
    } catch (IOException e) {
      log.warning(e.getMessage());
    }
    return 1;
  }

  /** A file that cannot be opened is a log line, everything else goes to the standard error. */
  private void report(String problem) {
    if (problem.startsWith("\n")) {
      System.err.println(problem);
    } else {
      log.warning(problem);
    }
  }

  private boolean sentinelFileIsUsable() {
    if (configuration.file == null) {
      log.warning("Sentinel needs config file on disk to save state. Exiting...");
      return false;
    }
    if (!Files.isWritable(Path.of(configuration.file))) {
      log.warning(
          "Sentinel config file "
              + configuration.file
              + " is not writable: Permission denied. Exiting...");
      return false;
    }
    return true;
  }

  private int serve() throws ConfigError, IOException {
    announce();
    Transport transport =
        new Transport(
            host, log, settings.ioThreads.getInt(), failure -> Failure.stop(log, failure));
    Env env = transport.env();
    if (!DescriptorLimit.adjust(log, settings)) {
      return 1;
    }
    served = sentinel ? new ServedSentinel(env, configuration) : new ServedNode(env, configuration);
    log.role(served::role);
    log.notice("monotonic clock: POSIX clock_gettime");
    listeners = new Listeners(env.network(), log, served.acceptor());
    shutdown = new ShutdownSequence(env, served.owner(listeners::close));
    if (!listen()) {
      return 1;
    }
    String pidFile = PidFile.path(configuration);
    if (pidFile != null) {
      PidFile.write(pidFile);
    }
    showMode();
    SystemWarnings.backlog(log, settings.tcpBacklog.getInt());
    if (!sentinel) {
      log.warning("Server initialized");
    }
    Signals.install(interrupt -> onSignal(transport, interrupt));
    StandardInputWatch.startIfAsked(
        () -> transport.execute(() -> endBy(settings.shutdownOnSigterm)));
    served.start(shutdown, this::ready);
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

  private boolean listen() {
    int port = settings.port.getInt();
    int backlog = settings.tcpBacklog.getInt();
    if (!listeners.listenTcp(settings.bindAddresses.get(), port, backlog)) {
      log.warning("Failed listening on port " + port + " (TCP), aborting.");
      return false;
    }
    if (settings.unixSocket.isSet()
        && !listeners.listenUnix(
            settings.unixSocket.get(), settings.unixSocketPermissions.getInt(), backlog)) {
      return false;
    }
    if (listeners.tcpCount() == 0 && !listeners.hasUnix()) {
      log.warning("Configured to not listen anywhere, exiting.");
      return false;
    }
    followChanges();
    return true;
  }

  /** CONFIG SET of where to listen. */
  private void followChanges() {
    configuration.registry.onChange(
        "port", () -> moved() ? null : "Unable to listen on this port. Check server logs.");
    configuration.registry.onChange(
        "bind", () -> moved() ? null : "Failed to bind to specified addresses.");
  }

  private boolean moved() {
    return listeners.moveTcp(
        settings.bindAddresses.get(), settings.port.getInt(), settings.tcpBacklog.getInt());
  }

  private void showMode() {
    if (settings.alwaysShowLogo.get()) {
      log.raw(Logo.text(served.mode(), settings.port.getInt(), host.processId()));
    } else {
      log.notice("Running mode=" + served.mode() + ", port=" + settings.port.get() + ".");
    }
  }

  private void ready() {
    if (!sentinel) {
      if (listeners.tcpCount() > 0) {
        log.notice("Ready to accept connections");
      }
      if (listeners.hasUnix()) {
        log.notice("The server is now ready to accept connections at " + settings.unixSocket.get());
      }
    }
    supervision.ready();
    SystemWarnings.smallMaxMemory(log, settings.maxMemoryBytes.get());
    if (Daemon.isDaemon()) {
      log.toStandardOutput(false);
      Daemon.ready();
    }
  }

  /** On the signal's own thread. */
  private void onSignal(Transport transport, boolean interrupt) {
    if (interrupt && interrupted) {
      log.fromSignalHandler("You insist... exiting now.");
      Runtime.getRuntime().halt(1);
    }
    log.fromSignalHandler(
        "Received " + (interrupt ? "SIGINT" : "SIGTERM") + " scheduling shutdown...");
    interrupted = interrupt;
    ChoiceDirective how = interrupt ? settings.shutdownOnSigint : settings.shutdownOnSigterm;
    transport.execute(() -> endBy(how));
  }

  private void endBy(ChoiceDirective how) {
    ShutdownSequence.Options options =
        new ShutdownSequence.Options(
            how.includes("save"),
            how.includes("nosave"),
            how.includes("now"),
            how.includes("force"));
    supervision.stopping();
    shutdown.request(options, () -> interrupted = false);
  }
}
