package io.vigil.cli.up;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running member.
 *
 * <p>Its standard input is a pipe that nobody writes to. It closes when this process ends, however
 * it ends, and the member, told so by an environment variable, then ends as well: no SIGKILL of the
 * supervisor leaves servers behind.
 */
final class MemberProcess {
  private static final String EXIT_WITH_PARENT = "VIGIL_EXIT_WHEN_STDIN_CLOSES";
  private static final int SIGNAL_BASE = 128;

  private final Member member;
  private final Process process;
  private final long startNanos = System.nanoTime();

  private MemberProcess(Member member, Process process) {
    this.member = member;
    this.process = process;
  }

  /** Starts a member; its output goes to the end of its log. */
  static MemberProcess start(Member member, List<String> command) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.add(member.configuration().toString());
    File log = member.log().toFile();
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.directory(member.directory().toFile());
    builder.environment().put(EXIT_WITH_PARENT, "1");
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log));
    return new MemberProcess(member, builder.start());
  }

  Member member() {
    return member;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Completes when the process has ended. */
  CompletableFuture<Process> ended() {
    return process.onExit();
  }

  /** How it ended, in words. */
  String ending() {
    int code = process.exitValue();
    return switch (code) {
      case SIGNAL_BASE + 9 -> "killed by SIGKILL";
      case SIGNAL_BASE + 15 -> "stopped by SIGTERM";
      case SIGNAL_BASE + 11 -> "killed by SIGSEGV";
      default -> "exit code " + code;
    };
  }

  /** Asks it to end in order. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end, at most for a time, then kills it; true if it ended by itself. */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.waitFor();
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
