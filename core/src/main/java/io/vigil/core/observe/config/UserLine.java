package io.vigil.core.observe.config;

import io.vigil.core.base.Hex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;

/**
 * A {@code user} directive. Redis writes one for its default user whenever it rewrites a file, so
 * the line of a default user who may do everything must be taken even without access control lists.
 *
 * @param words the user's name and rules
 */
record UserLine(List<String> words) {
  private static final List<String> UNRESTRICTED =
      List.of(
          "on",
          "nopass",
          "sanitize-payload",
          "skip-sanitize-payload",
          "~*",
          "allkeys",
          "&*",
          "allchannels",
          "+@all",
          "allcommands",
          "resetkeys",
          "resetchannels",
          "clearselectors",
          "reset");

  /**
   * True when the line gives the default user every right, with no password or {@code password}.
   */
  boolean isUnrestrictedDefault(String password) {
    if (!words.getFirst().equals("default")) {
      return false;
    }
    boolean restricted = false;
    boolean on = false;
    boolean keys = false;
    boolean channels = false;
    boolean commands = false;
    for (String word : words.subList(1, words.size())) {
      String rule = word.toLowerCase(Locale.ROOT);
      on |= rule.equals("on");
      keys |= rule.equals("~*") || rule.equals("allkeys");
      channels |= rule.equals("&*") || rule.equals("allchannels");
      commands |= rule.equals("+@all") || rule.equals("allcommands");
      restricted |= !UNRESTRICTED.contains(rule) && !isPassword(word, password);
    }
    return on && keys && channels && commands && !restricted;
  }

  private static boolean isPassword(String rule, String password) {
    return !password.isEmpty()
        && (rule.equals(">" + password) || rule.equalsIgnoreCase("#" + sha256(password)));
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return Hex.of(sha.digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
