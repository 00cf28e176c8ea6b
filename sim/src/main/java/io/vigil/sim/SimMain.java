package io.vigil.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs seeds and prints what they did.
 *
 * <pre>
 *   SimMain --seeds 1..200     a line of totals; a line with its replay command for each seed that fails
 *   SimMain --seed 17 --loud   one seed, with every log line of every node
 *   SimMain --hashes 1..50     seed and trace hash, to compare two JVMs
 * </pre>
 */
public final class SimMain {
  private SimMain() {}

  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    boolean loud = words.contains("--loud");
    long[] range = range(words);
    if (range == null) {
      System.err.println(
          "usage: sim --seeds FIRST..LAST | --hashes FIRST..LAST | --seed N [--loud]");
      System.exit(2);
      return;
    }
    boolean hashes = words.contains("--hashes");
    Summary summary = run(range[0], range[1], loud, hashes);
    if (!hashes) {
      System.out.println(summary);
    }
    System.exit(summary.failures().isEmpty() ? 0 : 1);
  }

  private static long[] range(List<String> words) {
    for (int i = 0; i + 1 < words.size(); i++) {
      String[] ends = words.get(i + 1).split("\\.\\.");
      switch (words.get(i)) {
        case "--seed" -> {
          return new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[0])};
        }
        case "--seeds", "--hashes" -> {
          return new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[1])};
        }
        default -> {}
      }
    }
    return null;
  }

  /** What a range of seeds did. */
  record Summary(long seeds, Outcome.Totals totals, List<Outcome> failures) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Outcome failure : failures) {
        text.append("seed ").append(failure.seed()).append(" failed: ").append(failure.violation());
        text.append("\n  replay: dev/quick run io.vigil.sim.SimMain --seed ")
            .append(failure.seed())
            .append(" --loud\n");
      }
      text.append(seeds).append(" seeds, ").append(failures.size()).append(" failed. ");
      return text.append(totals).toString();
    }
  }

  static Summary run(long first, long last, boolean loud, boolean printHashes) {
    Outcome.Totals totals = new Outcome.Totals();
    List<Outcome> failures = new ArrayList<>();
    for (long seed = first; seed <= last; seed++) {
      Outcome outcome = new World(seed, loud).run();
      totals.add(outcome.totals());
      if (printHashes) {
        System.out.printf("%d %016x %d%n", seed, outcome.traceHash(), outcome.events());
      }
      if (outcome.violation() != null) {
        failures.add(outcome);
      }
    }
    return new Summary(last - first + 1, totals, failures);
  }
}
