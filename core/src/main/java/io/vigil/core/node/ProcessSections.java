package io.vigil.core.node;

import io.vigil.core.base.Numbers;
import io.vigil.core.base.Version;
import io.vigil.core.command.common.Services;
import io.vigil.core.env.Env;
import io.vigil.core.observe.InfoText;
import io.vigil.core.observe.Observations;
import io.vigil.core.observe.config.Settings;

/** What servers and Sentinels alike say in INFO of their process. */
final class ProcessSections {
  private static final int LRU_CLOCK_MASK = (1 << 24) - 1;

  private final Services services;
  private final Observations observed;
  private final Settings settings;
  private final Env env;
  private final long startedSeconds;

  ProcessSections(Services services, Observations observed) {
    this.services = services;
    this.observed = observed;
    this.settings = observed.settings;
    this.env = services.env();
    this.startedSeconds = env.clock().wallMs() / 1000;
  }

  void server(InfoText out) {
    long nowMicros = env.clock().wallMicros();
    long uptime = nowMicros / 1_000_000 - startedSeconds;
    out.field("redis_version", Version.REDIS);
    out.field("redis_git_sha1", "00000000");
    out.field("redis_git_dirty", 0);
    out.field("redis_build_id", "0");
    out.field("redis_mode", services.role().mode());
    out.field("os", env.host().operatingSystem());
    out.field("arch_bits", 64);
    out.field("monotonic_clock", "POSIX clock_gettime");
    out.field("multiplexing_api", "epoll");
    out.field("process_id", env.host().processId());
    boolean supervised = !settings.supervised.is("no");
    out.field("process_supervised", supervised ? settings.supervised.get() : "no");
    out.field("run_id", services.runId());
    out.field("tcp_port", settings.port.get());
    out.field("server_time_usec", nowMicros);
    out.field("uptime_in_seconds", uptime);
    out.field("uptime_in_days", uptime / 86_400);
    out.field("hz", settings.hz.get());
    out.field("configured_hz", settings.hz.get());
    out.field("lru_clock", nowMicros / 1_000_000 & LRU_CLOCK_MASK);
    out.field("executable", observed.executable);
    out.field("config_file", observed.rewriter() == null ? "" : observed.rewriter().path());
    out.field("io_threads_active", settings.ioThreads.get() > 1 ? 1 : 0);
    out.field("vigil_version", Version.VIGIL);
  }

  void cpu(InfoText out) {
    long[] micros = env.host().processorMicros();
    out.field("used_cpu_sys", seconds(micros[1]));
    out.field("used_cpu_user", seconds(micros[0]));
    out.field("used_cpu_sys_children", seconds(0));
    out.field("used_cpu_user_children", seconds(0));
    out.field("used_cpu_sys_main_thread", seconds(micros[1]));
    out.field("used_cpu_user_main_thread", seconds(micros[0]));
  }

  private static String seconds(long micros) {
    return Numbers.fixed(micros / 1e6, 6);
  }
}
