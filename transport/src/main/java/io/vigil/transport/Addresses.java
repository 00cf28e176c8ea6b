package io.vigil.transport;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses as Redis prints and reads them. */
final class Addresses {
  private Addresses() {}

  /** {@code ip:port}, or {@code [ip]:port} for IPv6. */
  static String text(InetSocketAddress address) {
    if (address == null) {
      return "";
    }
    return join(numeric(address.getAddress()), address.getPort());
  }

  static String join(String host, int port) {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  /** The address in digits, IPv6 shortened as inet_ntop does (RFC 5952). */
  static String numeric(InetAddress address) {
    if (address instanceof Inet4Address) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int[] gap = longestZeros(groups);
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == gap[0]) {
        text.append("::");
        i += gap[1] - 1;
        continue;
      }
      if (i > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  /** Start and length of the first longest run of at least two zero groups; -1 when none. */
  private static int[] longestZeros(int[] groups) {
    int start = -1;
    int length = 1;
    int run = 0;
    for (int i = 0; i < groups.length; i++) {
      run = groups[i] == 0 ? run + 1 : 0;
      if (run > length) {
        length = run;
        start = i - run + 1;
      }
    }
    return new int[] {start, length};
  }

  /** The address that {@code host} spells in digits, or null when it is a name. */
  static InetAddress literal(String host) {
    if (host.isEmpty() || (host.indexOf(':') < 0 && !isDottedQuad(host))) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static boolean isDottedQuad(String host) {
    int dots = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.') {
        dots++;
      } else if (c < '0' || c > '9') {
        return false;
      }
    }
    return dots == 3;
  }
}
