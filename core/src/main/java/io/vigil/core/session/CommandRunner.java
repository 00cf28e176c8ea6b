package io.vigil.core.session;

import io.vigil.core.base.Arguments;
import io.vigil.core.resp.RequestParser;

/** What the node gives its sessions to call. */
public interface CommandRunner {
  /** Commands of one connection follow; returns the monotonic time in milliseconds. */
  long beginBurst();

  /**
   * Runs one command of {@code session}; {@code arguments} are views that die when this returns.
   */
  void run(Session session, Arguments arguments);

  /** More commands have arrived and follow: what their keys touch may be fetched ahead. */
  default void prepare(Session session, RequestParser parser) {}

  /** The commands of the connection have been run for now. */
  void endBurst();
}
