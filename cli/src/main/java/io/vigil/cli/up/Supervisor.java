package io.vigil.cli.up;

import io.vigil.core.base.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a group: starts its members, says what happens, starts again what dies, stops everything.
 *
 * <pre>
 *   process ends -------\
 *   process prints -----+--> one queue of events --> one thread: this --> lines on the terminal
 *   Sentinel publishes -/                                 |
 *   Ctrl-C, SIGTERM, SIGHUP ---------------------------->-+--> processes started, stopped
 * </pre>
 *
 * <p>The supervisor is no part of the high availability: who is primary is for the Sentinels to
 * decide. It keeps out of their way in one more point. A primary that died is not started again as
 * a primary while its replicas are alive and the Sentinels have not chosen yet: it would come back
 * with less data than its replicas have, and they would throw theirs away.
 */
final class Supervisor {
  private static final Duration RESTART_DELAY = Duration.ofSeconds(5);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);
  private static final Duration STEADY = Duration.ofSeconds(30);
  private static final Duration PATIENCE_FOR_FAILOVER = Duration.ofSeconds(30);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final UpOptions options;
  private final GroupFolder folder;
  private final GroupLayout layout;
  private final Announcer announcer;
  private final Admin admin;
  private final SentinelEvents sentinelEvents = new SentinelEvents();
  private final ResyncReport resyncs;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<Integer, MemberProcess> processes = new TreeMap<>();
  private final Map<Integer, Duration> delays = new TreeMap<>();
  private final PriorityQueue<Restart> restarts = new PriorityQueue<>();
  private final Map<Integer, SentinelWatch> watches = new TreeMap<>();
  private final CompletableFuture<Void> stopAsked = new CompletableFuture<>();
  private volatile boolean stopping;

  /** A member that starts again when it is time; a {@code held} one waits for the Sentinels. */
  private record Restart(long dueNanos, Member member, long diedNanos, boolean held)
      implements Comparable<Restart> {
    Restart heldUntil(long nanos) {
      return new Restart(nanos, member, diedNanos, true);
    }

    @Override
    public int compareTo(Restart other) {
      return Long.compare(dueNanos - other.dueNanos, 0);
    }
  }

  Supervisor(UpOptions options, GroupFolder folder, Announcer announcer) {
    this.options = options;
    this.folder = folder;
    this.layout = folder.layout();
    this.announcer = announcer;
    this.admin = new Admin(folder.password());
    this.resyncs = new ResyncReport(this::receivedBytes);
  }

  /**
   * Runs until {@link #stop()}; every member has ended when it returns.
   *
   * @throws UpException if a member does not start
   */
  void run() throws IOException, InterruptedException {
    try {
      startAll();
      introduce();
      while (!stopping) {
        Event event = events.poll(nanosToNextRestart(), TimeUnit.NANOSECONDS);
        if (event != null && !stopping) {
          handle(event);
        }
        restartDue();
      }
    } finally {
      stopping = true;
      stopAll();
    }
  }

  /** Ends {@link #run()} from another thread; does not wait for it. */
  void stop() {
    stopping = true;
    stopAsked.complete(null);
    events.add(new Event.Stop());
  }

  private void startAll() throws IOException, InterruptedException {
    for (Member node : layout.nodes()) {
      start(node);
    }
    for (Member node : layout.nodes()) {
      awaitListening(processes.get(node.port()));
    }
    for (Member sentinel : layout.sentinels()) {
      start(sentinel);
    }
    for (Member sentinel : layout.sentinels()) {
      awaitListening(processes.get(sentinel.port()));
      watch(processes.get(sentinel.port()));
    }
  }

  private void watch(MemberProcess sentinel) {
    if (sentinel != null && !stopping) {
      int port = sentinel.member().port();
      SentinelWatch watch = new SentinelWatch(sentinel, admin, events::add);
      watches.put(port, watch);
      Thread.ofVirtual().name("watch-" + port).start(watch);
    }
  }

  private void start(Member member) throws IOException {
    if (stopping) {
      return;
    }
    MemberProcess process;
    if (member.isNode()) {
      resyncs.restarted(member);
      process =
          MemberProcess.start(
              member, options.serverCommand(), line -> events.add(new Event.LogLine(member, line)));
    } else {
      process = MemberProcess.start(member, options.sentinelCommand(), line -> {});
    }
    processes.put(member.port(), process);
    process.ended().thenRun(() -> events.add(new Event.Died(process)));
  }

  /** Waits until a process says that it listens; one that does not say so is asked in the end. */
  private void awaitListening(MemberProcess process) throws IOException, InterruptedException {
    if (process == null || stopping) {
      return;
    }
    Member member = process.member();
    try {
      CompletableFuture.anyOf(process.listens(), process.ended(), stopAsked)
          .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      if (!admin.answers(member)) {
        throw new UpException(
            "%s did not answer within %d s; its log is %s"
                .formatted(member, START_LIMIT.toSeconds(), member.log()));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    if (!stopping && process.endsWithin(Duration.ZERO)) {
      process.awaitEnd(Duration.ZERO);
      throw new UpException(
          "%s did not start (%s). The end of %s:%n%s"
              .formatted(member, process.ending(), member.log(), endOfLog(member)));
    }
  }

  private static String endOfLog(Member member) throws IOException {
    List<String> lines = Files.readAllLines(member.log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
  }

  private void introduce() throws IOException {
    if (stopping) {
      return;
    }
    int primary = primaryPort();
    announcer.plain(
        "Vigil %s: a primary, %s, %s; Ctrl-C stops them all"
            .formatted(
                Version.VIGIL,
                counted(layout.nodes().size() - 1, "replica"),
                counted(layout.sentinels().size(), "Sentinel")));
    announcer.plain("%-9s %-16s %8s  %s".formatted("role", "address", "pid", "folder"));
    for (Member member : layout.all()) {
      String role =
          !member.isNode() ? "sentinel" : member.port() == primary ? "primary" : "replica";
      announcer.plain(
          "%-9s %-16s %8d  %s"
              .formatted(
                  role, member.address(), processes.get(member.port()).pid(), member.directory()));
    }
  }

  private static String counted(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private int primaryPort() throws IOException {
    int named = admin.primaryPort(layout.sentinels());
    return named != 0 ? named : folder.primaryPort();
  }

  private void handle(Event event) throws IOException {
    switch (event) {
      case Event.Died died -> died(died.process());
      case Event.Answers answers -> answers(answers.process());
      case Event.LogLine line -> {
        ResyncReport.Finished finished = resyncs.take(line.member(), line.line());
        if (finished != null) {
          announcer.say(nodeAt(finished.replicaPort(), line.member()), finished.text());
        }
      }
      case Event.Published published -> {
        String text = sentinelEvents.describe(published.name(), published.details());
        if (text != null) {
          announcer.say(published.sentinel(), text);
        }
        if (published.name().equals("+switch-master")) {
          reconsiderHeld();
        }
      }
      case Event.Identified id -> sentinelEvents.identify(id.runId(), id.sentinel().port());
      case Event.Stop ignored -> {}
    }
  }

  private Member nodeAt(int port, Member otherwise) {
    for (Member node : layout.nodes()) {
      if (node.port() == port) {
        return node;
      }
    }
    return otherwise;
  }

  private void died(MemberProcess process) {
    if (stopping) {
      return;
    }
    Member member = process.member();
    boolean wasSteady = process.age().compareTo(STEADY) > 0;
    Duration before = delays.get(member.port());
    Duration delay = before == null || wasSteady ? RESTART_DELAY : before.multipliedBy(2);
    delay = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    delays.put(member.port(), delay);
    announcer.say(
        member, "died (" + process.ending() + "), starts again in " + delay.toSeconds() + " s");
    long now = System.nanoTime();
    restarts.add(new Restart(now + delay.toNanos(), member, now, false));
    reconsiderHeld();
  }

  /** What a held member waits for may have come. */
  private void reconsiderHeld() {
    List<Restart> held = restarts.stream().filter(Restart::held).toList();
    restarts.removeAll(held);
    held.forEach(each -> restarts.add(each.heldUntil(System.nanoTime())));
  }

  private long nanosToNextRestart() {
    Restart next = restarts.peek();
    return next == null ? Long.MAX_VALUE : Math.max(0, next.dueNanos - System.nanoTime());
  }

  private void restartDue() throws IOException {
    while (!stopping && !restarts.isEmpty() && nanosToNextRestart() == 0) {
      restart(restarts.poll());
    }
  }

  private void restart(Restart restart) throws IOException {
    Member member = restart.member;
    if (member.isNode() && !layout.sentinels().isEmpty()) {
      int primary = admin.primaryPort(layout.sentinels());
      Duration dead = Duration.ofNanos(System.nanoTime() - restart.diedNanos);
      boolean undecided = primary == 0 || primary == member.port();
      if (undecided && anyOtherNodeRuns(member) && dead.compareTo(PATIENCE_FOR_FAILOVER) < 0) {
        restarts.add(restart.heldUntil(restart.diedNanos + PATIENCE_FOR_FAILOVER.toNanos()));
        return;
      }
      if (primary != 0) {
        folder.setReplicaOf(member, primary == member.port() ? 0 : primary);
      }
    }
    start(member);
    MemberProcess process = processes.get(member.port());
    if (process != null) {
      process.listens().thenRun(() -> events.add(new Event.Answers(process)));
    }
  }

  private boolean anyOtherNodeRuns(Member member) {
    for (Member node : layout.nodes()) {
      MemberProcess process = processes.get(node.port());
      if (node.port() != member.port() && process != null && process.isAlive()) {
        return true;
      }
    }
    return false;
  }

  private void answers(MemberProcess process) throws IOException {
    Member member = process.member();
    String role = "";
    if (member.isNode()) {
      int primary = folder.replicaOf(member);
      role = primary == 0 ? " as primary" : " as replica of " + primary;
    } else {
      watch(process);
    }
    announcer.say(member, "started again (pid " + process.pid() + ")" + role);
  }

  private long receivedBytes(Member node) {
    String count = admin.info(node).get("total_net_repl_input_bytes");
    return count == null ? -1 : Long.parseLong(count);
  }

  /**
   * Sentinels first, so that nobody takes the end of the primary for its death; then the primary,
   * which waits for its replicas.
   */
  private void stopAll() throws IOException, InterruptedException {
    watches.values().forEach(SentinelWatch::stop);
    stop(layout.sentinels());
    int primary = folder.primaryPort();
    List<Member> replicas = new ArrayList<>();
    for (Member node : layout.nodes()) {
      if (node.port() == primary) {
        stop(List.of(node));
      } else {
        replicas.add(node);
      }
    }
    stop(replicas);
  }

  private void stop(List<Member> members) throws InterruptedException {
    for (Member member : members) {
      MemberProcess process = processes.get(member.port());
      if (process != null) {
        process.terminate();
      }
    }
    for (Member member : members) {
      MemberProcess process = processes.get(member.port());
      if (process != null && !process.awaitEnd(STOP_LIMIT)) {
        announcer.say(
            member, "did not stop within " + STOP_LIMIT.toSeconds() + " s and was killed");
      }
    }
  }
}
