package io.vigil.core.command.common;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Quote;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.session.Session;
import io.vigil.core.spec.Origin;
import java.util.ArrayList;
import java.util.List;

/** The clients in MONITOR mode, and the line each command gives them. */
public final class Monitors {
  private final List<Session> sessions = new ArrayList<>(1);

  public void add(Session session) {
    sessions.add(session);
  }

  public void remove(Session session) {
    if (session.isMonitor()) {
      sessions.remove(session);
    }
  }

  public boolean isEmpty() {
    return sessions.isEmpty();
  }

  public int count() {
    return sessions.size();
  }

  /** Shows a command, run in {@code database}, to all monitors. */
  public void feed(Invocation invocation, int database, long wallMicros) {
    Arguments arguments = invocation.arguments();
    StringBuilder line = new StringBuilder();
    line.append(wallMicros / 1_000_000).append('.');
    String micros = Long.toString(wallMicros % 1_000_000);
    line.append("0".repeat(6 - micros.length())).append(micros);
    line.append(" [")
        .append(database)
        .append(' ')
        .append(source(invocation.session(), invocation.origin()))
        .append("]");
    for (int i = 0; i < arguments.count(); i++) {
      line.append(' ');
      if (invocation.isRedacted(i)) {
        line.append("\"(redacted)\"");
      } else {
        Quote.append(line, arguments.array(i), arguments.offset(i), arguments.length(i));
      }
    }
    String text = line.toString();
    for (Session monitor : List.copyOf(sessions)) {
      ReplyWriter writer = monitor.pushWriter();
      writer.simple(text);
      monitor.pushed();
    }
  }

  private static String source(Session session, Origin origin) {
    if (origin == Origin.SCRIPT) {
      return "lua";
    }
    if (session.connection().isUnixSocket()) {
      String path = session.connection().localAddress();
      return "unix:" + path.substring(0, path.lastIndexOf(':'));
    }
    return session.connection().remoteAddress();
  }
}
