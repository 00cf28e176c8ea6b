package io.vigil.core.observe.config;

import io.vigil.core.env.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Configuration files as text of one character per byte. */
final class ConfigText {
  private ConfigText() {}

  static String read(Disk disk, String path) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    try (Disk.DiskFile file = disk.open(path)) {
      for (int length = file.read(part, 0, part.length);
          length >= 0;
          length = file.read(part, 0, part.length)) {
        text.write(part, 0, length);
      }
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  /** A line without blanks at its ends. */
  static String trim(String line) {
    int from = 0;
    int to = line.length();
    while (from < to && isBlank(line.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(line.charAt(to - 1))) {
      to--;
    }
    return line.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
