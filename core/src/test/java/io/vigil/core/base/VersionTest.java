package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void lineNamesBothVersions() {
    assertThat(Version.line()).isEqualTo("vigil 0.1.0 (answers as Redis 7.0.15)");
  }

  /** Clients compare the version that Redis announces number by number. */
  @Test
  void redisVersionIsThreeNumbers() {
    assertThat(Version.REDIS).matches("\\d+\\.\\d+\\.\\d+");
  }
}
