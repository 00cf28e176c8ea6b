package io.vigil.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * {@code redis://[[user]:password@][host[:port]][/database]}, with percent escapes in user and
 * password.
 */
final class ServerUri {
  private static final String SCHEME = "redis://";

  private ServerUri() {}

  /** Sets what the URI names; what it leaves out keeps its value. */
  static void apply(String uri, CliOptions options) {
    String lower = uri.toLowerCase(Locale.ROOT);
    if (lower.startsWith("rediss://")) {
      throw new CliExit(1, "rediss:// needs TLS, which is not available in vigil-cli.");
    }
    if (!lower.startsWith(SCHEME)) {
      throw new CliExit(1, "Invalid URI scheme");
    }
    String rest = uri.substring(SCHEME.length());
    int at = rest.indexOf('@');
    if (at >= 0) {
      credentials(rest.substring(0, at), options);
      rest = rest.substring(at + 1);
    }
    int slash = rest.indexOf('/');
    String hostAndPort = slash >= 0 ? rest.substring(0, slash) : rest;
    if (!hostAndPort.isEmpty()) {
      int colon = hostAndPort.indexOf(':');
      options.host = colon >= 0 ? hostAndPort.substring(0, colon) : hostAndPort;
      if (colon >= 0) {
        options.port = (int) OptionsParser.leadingInteger(hostAndPort.substring(colon + 1));
      }
    }
    if (slash >= 0 && slash + 1 < rest.length()) {
      options.database = (int) OptionsParser.leadingInteger(rest.substring(slash + 1));
    }
  }

  private static void credentials(String text, CliOptions options) {
    int colon = text.indexOf(':');
    if (colon >= 0) {
      options.user = new String(percentDecoded(text.substring(0, colon)), StandardCharsets.UTF_8);
    }
    options.password = percentDecoded(text.substring(colon + 1));
  }

  private static byte[] percentDecoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.write(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new CliExit(1, "Illegal character in URI encoding");
      }
      out.write(high * 16 + low);
      i += 2;
    }
    return out.toByteArray();
  }
}
