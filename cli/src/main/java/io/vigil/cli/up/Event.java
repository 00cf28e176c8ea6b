package io.vigil.cli.up;

/** What the supervisor learns from the threads that watch for it. */
sealed interface Event {

  /** A process ended. */
  record Died(MemberProcess process) implements Event {}

  /** A process that was started again listens. */
  record Answers(MemberProcess process) implements Event {}

  /** A node printed a line. */
  record LogLine(Member member, String line) implements Event {}

  /** A Sentinel published an event, such as {@code +sdown}. */
  record Published(Member sentinel, String name, String details) implements Event {}

  /** A Sentinel told its run id. */
  record Identified(Member sentinel, String runId) implements Event {}

  /** The user wants everything to stop. */
  record Stop() implements Event {}
}
