package io.vigil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.env.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SupervisionTest {
  private final List<String> logged = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final Log log =
      new Log() {
        @Override
        public boolean isEnabled(Level level) {
          return true;
        }

        @Override
        public void log(Level level, String message) {
          logged.add(message);
        }
      };

  private Supervision begin(String mode, Map<String, String> environment) throws IOException {
    return Supervision.begin(
        mode, environment::get, log, (socket, message) -> sent.add(socket + " " + message));
  }

  @Test
  void nobodySupervisesWithoutASocket() throws IOException {
    assertThat(begin("no", Map.of("NOTIFY_SOCKET", "/s")).isSupervised()).isFalse();
    assertThat(begin("auto", Map.of()).isSupervised()).isFalse();
    assertThat(logged).isEmpty();
    assertThat(begin("systemd", Map.of()).isSupervised()).isFalse();
    assertThat(begin("upstart", Map.of()).isSupervised()).isFalse();
    assertThat(logged)
        .containsExactly(
            "systemd supervision error: NOTIFY_SOCKET not found!",
            "upstart supervision requested, but UPSTART_JOB not found!");
    assertThat(sent).isEmpty();
  }

  @Test
  void systemdHearsOfStartAndEnd() throws IOException {
    Supervision systemd = begin("auto", Map.of("NOTIFY_SOCKET", "/run/s"));
    assertThat(systemd.isSupervised()).isTrue();
    systemd.ready();
    systemd.stopping();
    assertThat(sent)
        .containsExactly(
            "/run/s STATUS=Redis is loading...\n",
            "/run/s STATUS=Ready to accept connections\n",
            "/run/s READY=1\n",
            "/run/s STOPPING=1\n");
  }

  @Test
  void aSocketThatTakesNothingIsLoggedOnly() throws IOException {
    Supervision systemd =
        Supervision.begin(
            "systemd",
            Map.of("NOTIFY_SOCKET", "/s")::get,
            log,
            (_, _) -> {
              throw new IOException("nobody there");
            });
    systemd.ready();
    assertThat(logged).contains("systemd supervision error: sd_notify: nobody there");
  }
}
