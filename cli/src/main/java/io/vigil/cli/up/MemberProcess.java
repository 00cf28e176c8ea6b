package io.vigil.cli.up;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running member. What it prints goes to its log, and tells when it listens.
 *
 * <p>Its standard input is a pipe that nobody writes to. It closes when this process ends, however
 * it ends, and the member, told so by an environment variable, then ends as well: no SIGKILL of the
 * supervisor leaves servers behind.
 */
final class MemberProcess {
  private static final String EXIT_WITH_PARENT = "VIGIL_EXIT_WHEN_STDIN_CLOSES";
  private static final int SIGNAL_BASE = 128;

  /** What Redis and we print, at any level but none, once the sockets listen. */
  private static final String NODE_LISTENS = "Server initialized";

  private static final String SENTINEL_LISTENS = "Sentinel ID is ";

  private final Member member;
  private final Process process;
  private final Thread pump;
  private final CompletableFuture<Void> listens = new CompletableFuture<>();
  private final long startNanos = System.nanoTime();

  private MemberProcess(Member member, Process process, Consumer<String> lines) {
    this.member = member;
    this.process = process;
    String sign = member.isNode() ? NODE_LISTENS : SENTINEL_LISTENS;
    LogPump copy =
        new LogPump(
            process.getInputStream(),
            member.log(),
            line -> {
              if (line.contains(sign)) {
                listens.complete(null);
              }
              lines.accept(line);
            });
    this.pump = Thread.ofVirtual().name("log-" + member.port()).start(copy);
  }

  /** Starts a member; its output goes to the end of its log, and line by line to {@code lines}. */
  static MemberProcess start(Member member, List<String> command, Consumer<String> lines)
      throws IOException {
    List<String> words = new ArrayList<>(command);
    words.add(member.configuration().toString());
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.directory(member.directory().toFile());
    builder.environment().put(EXIT_WITH_PARENT, "1");
    builder.redirectErrorStream(true);
    return new MemberProcess(member, builder.start(), lines);
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

  /** Completes when it has said that it listens; never, if it logs elsewhere. */
  CompletableFuture<Void> listens() {
    return listens;
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

  /**
   * Waits for its end, at most for a time, then kills it; true if it ended by itself. Its log is
   * complete afterwards.
   */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      process.destroyForcibly();
      process.waitFor();
    }
    pump.join();
    return ended;
  }

  /** Whether it ends within a time. */
  boolean endsWithin(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
