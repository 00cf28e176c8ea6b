package io.vigil.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out ports of loopback on which nobody listens. VIGIL_IT_PORT moves the range. */
final class Ports {
  /** Sentinels of a group that {@code up} starts listen that far above its nodes. */
  static final int SENTINEL_DISTANCE = 20_000;

  private static final int FIRST =
      System.getenv("VIGIL_IT_PORT") != null
          ? Integer.parseInt(System.getenv("VIGIL_IT_PORT"))
          : 11_100;
  private static final int RANGE = 48;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Ports() {}

  /** The first of so many ports in a row that are free, as are those 20,000 above. */
  static synchronized int block(int count) {
    for (int tries = 0; tries < RANGE; tries++) {
      int offset = NEXT.getAndAdd(1) % (RANGE - count + 1);
      if (areFree(FIRST + offset, count)) {
        NEXT.set(offset + count);
        return FIRST + offset;
      }
    }
    throw new IllegalStateException(
        count + " free ports in a row are not to be had from " + FIRST + " on; set VIGIL_IT_PORT");
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      if (!isFree(port) || !isFree(port + SENTINEL_DISTANCE)) {
        return false;
      }
    }
    return true;
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
