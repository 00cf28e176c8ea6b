package io.vigil.core.sentinel;

/** Tells a numeric IPv4 or IPv6 address from a host name, without asking anyone. */
final class NumericAddress {
  private NumericAddress() {}

  static boolean isValid(String host) {
    return host.indexOf(':') >= 0 ? isVersion6(host) : isVersion4(host);
  }

  private static boolean isVersion4(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      boolean digits =
          !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!digits || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVersion6(String host) {
    int groups = 0;
    boolean shortened = false;
    String[] parts = host.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        boolean edge = i == 0 || i == parts.length - 1;
        shortened |= !edge || parts.length == 3;
        continue;
      }
      if (i == parts.length - 1 && part.indexOf('.') >= 0) {
        if (!isVersion4(part)) {
          return false;
        }
        groups += 2;
      } else if (part.length() > 4 || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
        return false;
      } else {
        groups++;
      }
    }
    boolean doubled = host.contains("::") && host.indexOf("::") == host.lastIndexOf("::");
    return doubled && !host.contains(":::") ? groups < 8 : groups == 8 && !shortened;
  }
}
