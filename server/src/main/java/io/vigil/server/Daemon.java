package io.vigil.server;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code daemonize yes} without fork. The JVM that the user started has read the configuration and
 * reported its errors; it starts itself once more in a session of its own, and waits.
 *
 * <pre>
 *   first JVM --setsid--> second JVM (its pid is the daemon's)
 *       ^                      |  log lines until it is ready, if there is no log file
 *       `------- pipe ---------'  then the byte READY; then it closes the pipe
 * </pre>
 *
 * <p>The JDK redirects descriptors 0 to 2 to {@code /dev/null} when they are closed, so afterwards
 * the daemon holds nothing of its parent's.
 */
final class Daemon {
  /** In the environment of the second JVM. */
  private static final String VARIABLE = "VIGIL_DAEMON";

  private static final int READY = 0;
  private static final String[] SETSID = {"/usr/bin/setsid", "/bin/setsid"};

  private Daemon() {}

  /** True in the second JVM. */
  static boolean isDaemon() {
    return "1".equals(System.getenv(VARIABLE));
  }

  /**
   * In the first JVM: starts the daemon and returns the status to exit with, once the daemon is
   * ready (0) or has failed (1). What the daemon said before it failed goes to the standard error.
   *
   * @param standardInput what was read of the standard input, for the daemon to read again
   */
  static int start(String workingDirectory, String logFile, byte[] standardInput)
      throws IOException {
    List<String> command = new ArrayList<>();
    for (String setsid : SETSID) {
      if (new File(setsid).canExecute()) {
        command.add(setsid);
        break;
      }
    }
    command.addAll(ownCommandLine());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(new File(workingDirectory));
    builder.environment().put(VARIABLE, "1");
    builder.redirectErrorStream(true);
    builder.redirectInput(
        standardInput.length > 0 ? Redirect.PIPE : Redirect.from(new File("/dev/null")));
    Process process = builder.start();
    if (standardInput.length > 0) {
      try (OutputStream out = process.getOutputStream()) {
        out.write(standardInput);
      }
    }
    return await(process.getInputStream(), logFile);
  }

  private static int await(InputStream fromDaemon, String logFile) throws IOException {
    StringBuilder said = new StringBuilder();
    for (int b = fromDaemon.read(); b >= 0; b = fromDaemon.read()) {
      if (b == READY) {
        return 0;
      }
      said.append((char) b);
    }
    System.err.print(said);
    System.err.println(
        logFile.isEmpty()
            ? "The server did not start."
            : "The server did not start; the log file " + logFile + " says why.");
    return 1;
  }

  /** This process's own command line, word by word. */
  private static List<String> ownCommandLine() throws IOException {
    List<String> words = new ArrayList<>();
    try (InputStream in = new FileInputStream("/proc/self/cmdline")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int from = 0;
      for (int end = all.indexOf('\0'); end >= 0; end = all.indexOf('\0', from)) {
        words.add(all.substring(from, end));
        from = end + 1;
      }
    }
    // The launcher may have found java through PATH; the daemon must run the same one.
    words.set(0, System.getProperty("java.home") + "/bin/java");
    return words;
  }

  /** In the second JVM: tells the first that all is well, and lets go of its descriptors. */
  static void ready() {
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write(READY);
    } catch (IOException _) {
      // The first JVM was killed meanwhile; nobody waits.
    }
    System.err.close();
  }
}
