package io.vigil.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemHostTest {
  @Test
  void readsItsOwnProcess() {
    AtomicInteger status = new AtomicInteger();
    SystemHost host = new SystemHost(status::set);
    assertThat(host.processId()).isEqualTo(ProcessHandle.current().pid());
    assertThat(host.residentBytes()).isBetween(10L << 20, host.physicalMemoryBytes());
    assertThat(host.physicalMemoryBytes()).isGreaterThan(256L << 20);
    long[] micros = host.processorMicros();
    assertThat(micros).hasSize(2);
    assertThat(micros[0]).isPositive();
    assertThat(host.dataLimitBytes()).isPositive().isLessThan(Runtime.getRuntime().maxMemory());
    assertThat(host.operatingSystem()).startsWith("Linux ");
    host.exit(3);
    assertThat(status).hasValue(3);
  }
}
