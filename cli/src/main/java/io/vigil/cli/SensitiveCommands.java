package io.vigil.cli;

import java.util.List;

/** Which commands carry a password and so do not go into the history file. */
final class SensitiveCommands {
  private SensitiveCommands() {}

  /** True for AUTH, ACL SETUSER, CONFIG SET of a password, HELLO and MIGRATE with credentials. */
  static boolean holdsSecret(List<byte[]> command) {
    int words = command.size();
    String second = CliSession.word(command, 1);
    return switch (CliSession.word(command, 0)) {
      case "auth" -> true;
      case "acl" -> second.equals("setuser");
      case "config" -> second.equals("set") && setsPassword(command);
      case "hello" -> words > 4 && names(command, 2, "auth");
      case "migrate" -> words > 7 && (names(command, 6, "auth") || names(command, 6, "auth2"));
      default -> false;
    };
  }

  private static boolean setsPassword(List<byte[]> command) {
    return names(command, 2, "masterauth")
        || names(command, 2, "masteruser")
        || names(command, 2, "requirepass");
  }

  private static boolean names(List<byte[]> command, int from, String word) {
    for (int i = from; i < command.size(); i++) {
      if (CliSession.word(command, i).equals(word)) {
        return true;
      }
    }
    return false;
  }
}
