package io.vigil.cli.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who belongs to a group: one node more than it has replicas, and its Sentinels, each with its port
 * and folder.
 */
final class GroupLayout {
  private final List<Member> nodes = new ArrayList<>();
  private final List<Member> sentinels = new ArrayList<>();

  /**
   * Counts the ports from the first node's on.
   *
   * @throws UpException if they do not fit below 65536
   */
  GroupLayout(Path directory, int firstPort, int replicaCount, int sentinelCount) {
    int last = firstPort + UpOptions.SENTINEL_PORT_DISTANCE + Math.max(sentinelCount - 1, 0);
    if (last > 65_535) {
      throw new UpException(
          "--port "
              + firstPort
              + " leaves no room for the Sentinels: the last would listen on "
              + last
              + ".");
    }
    for (int i = 0; i <= replicaCount; i++) {
      int port = firstPort + i;
      nodes.add(new Member(Member.Kind.NODE, port, directory.resolve("node-" + port)));
    }
    for (int i = 0; i < sentinelCount; i++) {
      int port = firstPort + UpOptions.SENTINEL_PORT_DISTANCE + i;
      sentinels.add(new Member(Member.Kind.SENTINEL, port, directory.resolve("sentinel-" + port)));
    }
  }

  List<Member> nodes() {
    return nodes;
  }

  List<Member> sentinels() {
    return sentinels;
  }

  List<Member> all() {
    List<Member> all = new ArrayList<>(nodes);
    all.addAll(sentinels);
    return all;
  }

  /** The number of Sentinels that must agree that the primary is down: a majority. */
  int quorum() {
    return sentinels.size() / 2 + 1;
  }

  /** The ports at which somebody else listens already. */
  List<Integer> takenPorts() {
    List<Integer> taken = new ArrayList<>();
    for (Member member : all()) {
      if (isTaken(member.port())) {
        taken.add(member.port());
      }
    }
    return taken;
  }

  private static boolean isTaken(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(
          true); // as servers do: connections of an earlier run that linger are no obstacle
      socket.bind(new InetSocketAddress(InetAddress.getByName(Member.HOST), port), 1);
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
