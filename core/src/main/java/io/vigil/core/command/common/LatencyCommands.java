package io.vigil.core.command.common;

import static io.vigil.core.spec.ArgumentSpec.Type.STRING;
import static io.vigil.core.spec.ArgumentSpec.arg;
import static io.vigil.core.spec.CommandFlag.ADMIN;
import static io.vigil.core.spec.CommandFlag.LOADING;
import static io.vigil.core.spec.CommandFlag.NOSCRIPT;
import static io.vigil.core.spec.CommandFlag.STALE;
import static io.vigil.core.spec.CommandSpec.command;

import io.vigil.core.observe.LatencyHistogram;
import io.vigil.core.observe.LatencyMonitor;
import io.vigil.core.observe.LatencyReport;
import io.vigil.core.observe.Observations;
import io.vigil.core.resp.ReplyWriter;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandError;
import io.vigil.core.spec.CommandGroup;
import io.vigil.core.spec.CommandSpec;
import java.util.List;
import java.util.Map;

/** LATENCY: spikes by event, and durations by command. */
public final class LatencyCommands {
  private static final String NODES = "request_policy:all_nodes";
  private static final String CHANCE = "nondeterministic_output";
  private static final String SPECIAL = "response_policy:special";

  private final Observations observed;

  public LatencyCommands(Observations observed) {
    this.observed = observed;
  }

  /** LATENCY with its subcommands. */
  public CommandSpec latency() {
    return command("latency")
        .group(CommandGroup.SERVER)
        .since("2.8.13")
        .arity(-2)
        .summary("A container for commands on latency.")
        .complexity("Depends on subcommand.")
        .container(doctor(), graph(), help(), histogram(), history(), latest(), reset());
  }

  private static CommandSpec.Builder sub(String name, String since, int arity) {
    return command(name)
        .group(CommandGroup.SERVER)
        .since(since)
        .arity(arity)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE);
  }

  private static long nowSeconds(Invocation in) {
    return in.services().clock().wallMs() / 1000;
  }

  private CommandSpec doctor() {
    return sub("doctor", "2.8.13", 2)
        .tips(CHANCE, NODES, SPECIAL)
        .summary("Explains the spikes in words.")
        .complexity("O(1)")
        .handler(
            (Invocation in) ->
                in.reply()
                    .verbatim(
                        "txt",
                        LatencyReport.doctor(
                            observed.latency,
                            observed.settings.latencyMonitorThresholdMs.get(),
                            observed.settings.slowlogLogSlowerThanMicros.get(),
                            nowSeconds(in))));
  }

  private CommandSpec graph() {
    return sub("graph", "2.8.13", 3)
        .tips(CHANCE, NODES, SPECIAL)
        .arguments(arg("event", STRING))
        .summary("Draws the spikes of an event.")
        .complexity("O(1)")
        .handler((Invocation in) -> graph(in));
  }

  private void graph(Invocation in) {
    String event = in.text(2);
    LatencyMonitor.Series series = observed.latency.event(event);
    if (series == null) {
      throw new CommandError("ERR No samples available for event '" + event + "'");
    }
    in.reply().verbatim("txt", LatencyReport.graph(event, series, nowSeconds(in)));
  }

  private CommandSpec history() {
    return sub("history", "2.8.13", 3)
        .tips(CHANCE, NODES, SPECIAL)
        .arguments(arg("event", STRING))
        .summary("Lists the spikes of an event.")
        .complexity("O(1)")
        .handler((Invocation in) -> history(in));
  }

  private void history(Invocation in) {
    LatencyMonitor.Series series = observed.latency.event(in.text(2));
    if (series == null) {
      in.reply().emptyArray();
      return;
    }
    in.reply().array(series.samples().size());
    for (LatencyMonitor.Sample sample : series.samples()) {
      in.reply().array(2);
      in.reply().integer(sample.seconds());
      in.reply().integer(sample.latencyMs());
    }
  }

  private CommandSpec latest() {
    return sub("latest", "2.8.13", 2)
        .tips(CHANCE, NODES, SPECIAL)
        .summary("Shows the last spike of every event.")
        .complexity("O(1)")
        .handler((Invocation in) -> latest(in));
  }

  private void latest(Invocation in) {
    Map<String, LatencyMonitor.Series> events = observed.latency.events();
    in.reply().array(events.size());
    events.forEach(
        (event, series) -> {
          LatencyMonitor.Sample last = series.samples().getLast();
          in.reply().array(4);
          in.reply().bulk(event);
          in.reply().integer(last.seconds());
          in.reply().integer(last.latencyMs());
          in.reply().integer(series.worstMs());
        });
  }

  private CommandSpec reset() {
    return sub("reset", "2.8.13", -2)
        .tips(NODES, "response_policy:all_succeeded")
        .arguments(arg("event", STRING).optional().multiple())
        .summary("Forgets the spikes of some or all events.")
        .complexity("O(1)")
        .handler((Invocation in) -> reset(in));
  }

  private void reset(Invocation in) {
    if (in.count() == 2) {
      in.reply().integer(observed.latency.reset());
      return;
    }
    long count = 0;
    for (int i = 2; i < in.count(); i++) {
      count += observed.latency.reset(in.text(i)) ? 1 : 0;
    }
    in.reply().integer(count);
  }

  private CommandSpec histogram() {
    return sub("histogram", "7.0.0", -2)
        .tips(CHANCE, NODES, SPECIAL)
        .arguments(arg("COMMAND", STRING).optional().multiple())
        .summary("Shows how long commands took.")
        .complexity(
            "O(N) where N is the number of commands with latency information being retrieved.")
        .handler((Invocation in) -> histogram(in));
  }

  private void histogram(Invocation in) {
    ReplyWriter.Deferred map = in.reply().deferred();
    int written = 0;
    if (in.count() == 2) {
      for (Command command : in.services().table().commands()) {
        written += histograms(in, command);
      }
    }
    for (int i = 2; i < in.count(); i++) {
      Command command = in.services().table().named(in.text(i));
      written += command == null ? 0 : histograms(in, command);
    }
    in.reply().setMap(map, written);
  }

  /** Writes what there is of a command and its subcommands; returns how many had something. */
  private int histograms(Invocation in, Command command) {
    int written = 0;
    LatencyHistogram histogram = observed.commands.of(command.id()).histogram();
    if (histogram != null) {
      in.reply().bulk(command.fullName());
      write(in.reply(), histogram);
      written++;
    }
    for (Command sub : command.subcommands()) {
      written += histograms(in, sub);
    }
    return written;
  }

  private static void write(ReplyWriter reply, LatencyHistogram histogram) {
    reply.map(2);
    reply.bulk("calls");
    reply.integer(histogram.total());
    reply.bulk("histogram_usec");
    ReplyWriter.Deferred map = reply.deferred();
    int[] steps = {0};
    histogram.cumulative(
        (micros, count) -> {
          reply.integer(micros);
          reply.integer(count);
          steps[0]++;
        });
    reply.setMap(map, steps[0]);
  }

  private static CommandSpec help() {
    return command("help")
        .group(CommandGroup.SERVER)
        .since("2.8.13")
        .arity(2)
        .flags(LOADING, STALE)
        .summary("Lists the subcommands.")
        .complexity("O(1)")
        .handler(
            (Invocation in) ->
                Help.reply(
                    in,
                    List.of(
                        "DOCTOR",
                        "    Return a human readable latency analysis report.",
                        "GRAPH <event>",
                        "    Return an ASCII latency graph for the <event> class.",
                        "HISTORY <event>",
                        "    Return time-latency samples for the <event> class.",
                        "LATEST",
                        "    Return the latest latency samples for all events.",
                        "RESET [<event> ...]",
                        "    Reset latency data of one or more <event> classes.",
                        "    (default: reset all data for all event classes)",
                        "HISTOGRAM [COMMAND ...]",
                        "    Return a cumulative distribution of latencies in the format of a"
                            + " histogram for the specified command names.",
                        "    If no commands are specified then all histograms are replied.")));
  }
}
