package io.vigil.cli.up;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code vigil up}: a primary, its replicas and Sentinels on one machine, in processes of their
 * own, looked after.
 */
public final class UpMain {
  private static final int FAILURE = 1;
  private static final int BAD_USAGE = 2;
  private static final int LEFTOVERS_WAIT_MS = 6000;
  private static final int LEFTOVERS_POLL_MS = 100;

  private UpMain() {}

  /**
   * Runs until Ctrl-C, SIGTERM or SIGHUP. Exit code 2 for bad options, 1 for a group that does not
   * start.
   */
  public static void main(String[] arguments) {
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    if (UpOptions.asksForHelp(arguments)) {
      out.print(UpOptions.USAGE);
      return;
    }
    UpOptions options;
    try {
      options = UpOptions.parse(arguments);
    } catch (UpException e) {
      err.println("vigil up: " + e.getMessage());
      System.exit(BAD_USAGE);
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    int code = run(options, out, err, done);
    done.countDown();
    System.exit(code);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static int run(UpOptions options, PrintStream out, PrintStream err, CountDownLatch done) {
    Announcer announcer = new Announcer(out);
    try (GroupFolder folder = GroupFolder.open(options)) {
      checkPorts(folder, announcer);
      folder.prepare();
      Supervisor supervisor = new Supervisor(options, folder, announcer);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(supervisor, announcer, done), "stop"));
      supervisor.run();
      return 0;
    } catch (UpException e) {
      err.println("vigil up: " + e.getMessage());
      return FAILURE;
    } catch (IOException e) {
      err.println("vigil up: " + e.getClass().getSimpleName() + ": " + e.getMessage());
      return FAILURE;
    } catch (InterruptedException e) {
      err.println("vigil up: interrupted");
      return FAILURE;
    }
  }

  /** Runs when the JVM is told to end. The folder must have been given back before it does. */
  private static void stop(Supervisor supervisor, Announcer announcer, CountDownLatch done) {
    if (done.getCount() == 0) {
      return;
    }
    try {
      announcer.plain("stopping");
      supervisor.stop();
      done.await();
      announcer.plain("stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Names taken ports before anything starts. After an `up` that was killed its processes get the
   * time they need to end. They are nobody's children any more, and no event tells that a port is
   * free: this is the one place here that looks again and again.
   */
  private static void checkPorts(GroupFolder folder, Announcer announcer)
      throws InterruptedException {
    List<Integer> taken = folder.layout().takenPorts();
    if (!taken.isEmpty() && folder.wasKilled()) {
      announcer.plain("The last `vigil up` here was killed; waiting for its processes to end.");
      for (int ms = 0; !taken.isEmpty() && ms < LEFTOVERS_WAIT_MS; ms += LEFTOVERS_POLL_MS) {
        Thread.sleep(LEFTOVERS_POLL_MS);
        taken = folder.layout().takenPorts();
      }
    }
    if (!taken.isEmpty()) {
      String ports = String.join(", ", taken.stream().map(String::valueOf).toList());
      throw new UpException(
          (taken.size() == 1 ? "Port " + ports + " is" : "Ports " + ports + " are")
              + " taken by another process. Nothing was started. Stop that process, or choose other"
              + " ports with --port.");
    }
  }
}
