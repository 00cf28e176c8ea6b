package io.vigil.it;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The programs under test, by the names Redis gave them. They are this clone's own in {@code
 * bin/compat}; the environment variable VIGIL_IT_PROGRAMS names another folder, such as {@code
 * /usr/bin}, to prove a test right against stock Redis.
 */
final class Programs {
  private static final String ELSEWHERE = System.getenv("VIGIL_IT_PROGRAMS");

  private Programs() {}

  /** The root of the clone: Maven runs tests in the folder of the module. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("vigil")) ? here : here.getParent();
  }

  /** Whether the programs are not this clone's own. */
  static boolean areForeign() {
    return ELSEWHERE != null;
  }

  static Path folder() {
    return areForeign() ? Path.of(ELSEWHERE) : root().resolve("bin").resolve("compat");
  }

  static String server() {
    return folder().resolve("redis-server").toString();
  }

  static String sentinel() {
    return folder().resolve("redis-sentinel").toString();
  }

  static String cli() {
    return folder().resolve("redis-cli").toString();
  }
}
