package io.vigil.core.observe.config;

/** What the values of some text directives must satisfy: each returns what is wrong, or null. */
final class TextRules {
  private static final int LONGEST_HOSTNAME = 255;

  private TextRules() {}

  private static boolean isPath(String name) {
    return name.indexOf('/') >= 0 || name.indexOf('\\') >= 0;
  }

  static String dataFile(String name) {
    return isPath(name) ? "dbfilename can't be a path, just a filename" : null;
  }

  static String appendFile(String name) {
    if (name.isEmpty()) {
      return "appendfilename can't be empty";
    }
    return isPath(name) ? "appendfilename can't be a path, just a filename" : null;
  }

  static String appendDirectory(String name) {
    if (name.isEmpty()) {
      return "appenddirname can't be empty";
    }
    return isPath(name) ? "appenddirname can't be a path, just a dirname" : null;
  }

  static String hostname(String name) {
    if (name.length() > LONGEST_HOSTNAME) {
      return "Hostnames must be less than " + (LONGEST_HOSTNAME + 1) + " characters";
    }
    boolean valid =
        name.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || c == '-'
                        || c == '.');
    return valid ? null : "Hostnames may only contain alphanumeric characters, hyphens or dots";
  }

  /** A title needs something to show beside variables that may be empty. */
  static String processTitle(String template) {
    StringBuilder shown = new StringBuilder();
    int at = 0;
    boolean valid = true;
    while (valid && at < template.length()) {
      int open = template.indexOf('{', at);
      if (open < 0) {
        shown.append(template, at, template.length());
        break;
      }
      shown.append(template, at, open);
      if (template.startsWith("{{", open)) {
        shown.append('{');
        at = open + 2;
        continue;
      }
      int close = template.indexOf('}', open);
      String variable = close < 0 ? "" : template.substring(open + 1, close);
      switch (variable) {
        case "title", "server-mode", "unixsocket", "config-file" -> {}
        case "listen-addr", "port", "tls-port" -> shown.append('x');
        default -> valid = false;
      }
      at = close + 1;
    }
    return valid && !shown.toString().isBlank()
        ? null
        : "template format is invalid or contains unknown variables";
  }
}
