package io.vigil.transport;

import io.vigil.core.env.Host;
import io.vigil.core.env.Processes;
import io.vigil.core.env.Timers;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Child processes of the JDK, which closes every descriptor above 2 in the child. A child reads
 * nothing, and writes where we write.
 */
final class SystemProcesses implements Processes {
  private static final int SIGKILL = 9;

  private final EventLoop loop;
  private final TimerHeap timers;
  private final Host host;

  SystemProcesses(EventLoop loop, TimerHeap timers, Host host) {
    this.loop = loop;
    this.timers = timers;
    this.host = host;
  }

  @Override
  public boolean isExecutable(String path) {
    Path file = SystemHost.resolve(host, path);
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  @Override
  public long run(List<String> command, long timeoutMs, Ended ended) {
    List<String> words = new ArrayList<>(command);
    // The JDK looks for a name without a slash in PATH; it means a file of the working directory.
    if (words.getFirst().indexOf('/') < 0) {
      words.set(0, "./" + words.getFirst());
    }
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.directory(new File(host.workingDirectory()));
    // What our own starters tell a server is not meant for its children.
    builder.environment().remove("VIGIL_EXIT_WHEN_STDIN_CLOSES");
    builder.environment().remove("VIGIL_DAEMON");
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectOutput(Redirect.INHERIT);
    builder.redirectError(Redirect.INHERIT);
    Process process;
    try {
      process = builder.start();
    } catch (IOException _) {
      loop.execute(() -> ended.ended(-1, 0, false));
      return 0;
    }
    Child child = new Child(process, ended);
    child.deadline = timers.schedule(timeoutMs, child::kill);
    process.onExit().thenAccept(gone -> loop.execute(child::reap));
    return process.pid();
  }

  private static final class Child {
    final Process process;
    final Ended ended;
    Timers.Timer deadline;
    boolean timedOut;

    Child(Process process, Ended ended) {
      this.process = process;
      this.ended = ended;
    }

    void kill() {
      if (process.isAlive()) {
        timedOut = true;
        process.destroyForcibly();
      }
    }

    void reap() {
      deadline.cancel();
      int status = process.exitValue();
      // The JDK reports death by a signal as 128 plus its number, as shells do.
      int signal = timedOut ? SIGKILL : status > 128 ? status - 128 : 0;
      ended.ended(signal == 0 ? status : 0, signal, timedOut);
    }
  }
}
