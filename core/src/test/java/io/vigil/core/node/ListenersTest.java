package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Log;
import io.vigil.core.env.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private final TreeSet<String> open = new TreeSet<>();
  private final Map<String, String> failing = new HashMap<>();
  private final List<String> logged = new ArrayList<>();

  private final Network network =
      new Network() {
        @Override
        public Listener listen(ListenAddress address, Acceptor acceptor) throws IOException {
          String name =
              address.unixPath() != null
                  ? address.unixPath()
                  : address.host() + ":" + address.port();
          String failure = open.contains(name) ? "bind: Address already in use" : failing.get(name);
          if (failure != null) {
            throw new IOException("Could not listen on " + name + ": " + failure);
          }
          open.add(name);
          return new Listener() {
            @Override
            public int port() {
              return address.port();
            }

            @Override
            public void close() {
              open.remove(name);
            }
          };
        }

        @Override
        public Connection connect(ConnectTarget target, ConnectionEvents events) {
          throw new UnsupportedOperationException();
        }
      };

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

  private final Listeners listeners = new Listeners(network, log, _ -> null);

  @Test
  void listensOnEveryAddress() {
    assertThat(listeners.listenTcp(List.of("127.0.0.1", "-::1"), 6379, 511)).isTrue();
    assertThat(open).containsExactly("127.0.0.1:6379", "::1:6379");
    assertThat(listeners.tcpCount()).isEqualTo(2);
    listeners.close();
    assertThat(open).isEmpty();
  }

  @Test
  void portZeroMeansNone() {
    assertThat(listeners.listenTcp(List.of("*"), 0, 511)).isTrue();
    assertThat(listeners.tcpCount()).isZero();
  }

  @Test
  void anOptionalAddressAndAMissingFamilyArePassedOver() {
    failing.put("10.9.9.9:1", "bind: Cannot assign requested address");
    failing.put("::*:1", "socket: Address family not supported by protocol");
    assertThat(listeners.listenTcp(List.of("*", "-10.9.9.9", "::*"), 1, 511)).isTrue();
    assertThat(open).containsExactly("*:1");
    assertThat(logged).hasSize(2);
  }

  @Test
  void allOrNothing() {
    failing.put("10.9.9.9:1", "bind: Cannot assign requested address");
    assertThat(listeners.listenTcp(List.of("127.0.0.1", "10.9.9.9"), 1, 511)).isFalse();
    assertThat(open).isEmpty();
    failing.put("::1:1", "bind: Address already in use");
    assertThat(listeners.listenTcp(List.of("127.0.0.1", "-::1"), 1, 511)).isFalse();
    assertThat(open).isEmpty();
  }

  @Test
  void aNewPortReplacesTheOldOrNothingChanges() {
    List<String> any = List.of("*");
    listeners.listenTcp(any, 1, 511);
    failing.put("*:2", "bind: Address already in use");
    assertThat(listeners.moveTcp(any, 2, 511)).isFalse();
    assertThat(open).containsExactly("*:1");
    assertThat(listeners.moveTcp(any, 3, 511)).isTrue();
    assertThat(open).containsExactly("*:3");
  }

  @Test
  void newAddressesOnTheSamePort() {
    List<String> old = List.of("127.0.0.1");
    listeners.listenTcp(old, 1, 511);
    assertThat(listeners.moveTcp(List.of("127.0.0.1", "::1"), 1, 511)).isTrue();
    assertThat(open).containsExactly("127.0.0.1:1", "::1:1");
    failing.put("9.9.9.9:1", "bind: Cannot assign requested address");
    assertThat(listeners.moveTcp(List.of("9.9.9.9"), 1, 511)).isFalse();
    assertThat(open).containsExactly("127.0.0.1:1", "::1:1");
  }

  @Test
  void aUnixSocketIsClosedWithTheRest() {
    assertThat(listeners.listenUnix("/tmp/s", 0700, 511)).isTrue();
    assertThat(listeners.hasUnix()).isTrue();
    assertThat(listeners.listenUnix("/tmp/s", 0700, 511)).isFalse();
    listeners.close();
    assertThat(open).isEmpty();
  }
}
