package io.vigil.core.observe.config;

import java.util.List;
import java.util.OptionalLong;

/** {@code replicaof <host> <port>}, or {@code no one}. */
public final class ReplicaOf extends Directive {
  private String host;
  private int port;

  ReplicaOf() {
    super("replicaof");
    setAlias("slaveof");
    add(Rule.MULTIPLE);
    add(Rule.IMMUTABLE);
  }

  /** The primary's host, or null for a node that is a primary. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Notes what REPLICAOF or a failover made of the node; {@code host} null for a primary. */
  public void adjust(String newHost, int newPort) {
    host = newHost;
    port = newPort;
  }

  @Override
  public String text() {
    return host == null ? "" : host + " " + port;
  }

  @Override
  String assign(List<String> words) {
    if (words.size() != 2) {
      return "wrong number of arguments";
    }
    if (words.get(0).equalsIgnoreCase("no") && words.get(1).equalsIgnoreCase("one")) {
      host = null;
      return null;
    }
    OptionalLong number = CStyle.parseLong(words.get(1), 10);
    if (number.isEmpty() || number.getAsLong() < 0 || number.getAsLong() > 65535) {
      return "Invalid master port";
    }
    host = words.get(0);
    port = (int) number.getAsLong();
    return null;
  }

  @Override
  Object memento() {
    return text();
  }

  @Override
  void restore(Object memento) {
    throw new IllegalStateException("replicaof cannot be set by CONFIG SET");
  }

  @Override
  void rewrite(ConfigFile file) {
    if (host == null) {
      file.processed(name());
    } else {
      file.put(name(), name() + " " + text(), true);
    }
  }
}
