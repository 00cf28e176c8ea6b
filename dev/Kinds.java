import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last lines of a test run: a row per kind of test and the sum over all, from Surefire's
 * reports and the logs of the suites. Ends with 1 if a test failed, or if a kind had none run, but
 * for those that need stock peers where there are none.
 *
 * <p>Usage: {@code java Kinds.java yes|no}, from the root of the clone; the argument says whether
 * stock peers took part.
 */
final class Kinds {
  enum Kind {
    UNIT("unit", false),
    ARCHITECTURE("architecture", false),
    SIMULATOR("simulator", false),
    CLIENTS("clients", false),
    INTEROPERATION("interoperation", true),
    REDIS_SUITE("Redis suite", true),
    SENTINEL_SUITE("Sentinel suite", true);

    final String title;
    final boolean needsPeers;

    Kind(String title, boolean needsPeers) {
      this.title = title;
      this.needsPeers = needsPeers;
    }
  }

  private static final List<String> MODULES =
      List.of("core", "lua", "transport", "server", "cli", "sim", "it", "arch", "stress");

  private static final Pattern REPORT = Pattern.compile("<testsuite\\s[^>]*>");
  private static final Pattern SUM =
      Pattern.compile("^(\\d+) passed, (\\d+) failed, (\\d+) skipped$");

  private record Count(int passed, int failed, int skipped) {
    static final Count NONE = new Count(0, 0, 0);

    Count plus(Count other) {
      return new Count(passed + other.passed, failed + other.failed, skipped + other.skipped);
    }
  }

  private Kinds() {}

  public static void main(String[] args) throws IOException {
    boolean withPeers = args[0].equals("yes");
    Map<Kind, Count> counts = new EnumMap<>(Kind.class);
    for (String module : MODULES) {
      addReports(module, counts);
    }
    counts.put(Kind.REDIS_SUITE, ofSuite(Path.of("target/suites/redis.log")));
    counts.put(Kind.SENTINEL_SUITE, ofSuite(Path.of("target/suites/sentinel.log")));
    System.exit(print(counts, withPeers) ? 0 : 1);
  }

  private static void addReports(String module, Map<Kind, Count> counts) throws IOException {
    Path folder = Path.of(module, "target", "surefire-reports");
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> reports = Files.list(folder)) {
      for (Path report : reports.filter(path -> path.toString().endsWith(".xml")).toList()) {
        counts.merge(
            kindOf(module, report.getFileName().toString()), ofReport(report), Count::plus);
      }
    }
  }

  private static Kind kindOf(String module, String report) {
    return switch (module) {
      case "arch" -> Kind.ARCHITECTURE;
      case "sim" -> Kind.SIMULATOR;
      case "it" -> report.endsWith("ClientIT.xml") ? Kind.CLIENTS : Kind.INTEROPERATION;
      default -> Kind.UNIT;
    };
  }

  private static Count ofReport(Path report) throws IOException {
    Matcher suite = REPORT.matcher(Files.readString(report));
    if (!suite.find()) {
      throw new IOException(report + " holds no <testsuite>");
    }
    String element = suite.group();
    int failed = attribute(element, "failures") + attribute(element, "errors");
    int skipped = attribute(element, "skipped");
    return new Count(attribute(element, "tests") - failed - skipped, failed, skipped);
  }

  private static int attribute(String element, String name) {
    Matcher value = Pattern.compile("\\s" + name + "=\"(\\d+)\"").matcher(element);
    return value.find() ? Integer.parseInt(value.group(1)) : 0;
  }

  /**
   * The sum that a suite printed last; a suite that was left out has no log, one that broke off has
   * failed.
   */
  private static Count ofSuite(Path log) throws IOException {
    if (!Files.exists(log)) {
      return Count.NONE;
    }
    for (String line : Files.readAllLines(log).reversed()) {
      Matcher sum = SUM.matcher(line);
      if (sum.matches()) {
        return new Count(
            Integer.parseInt(sum.group(1)),
            Integer.parseInt(sum.group(2)),
            Integer.parseInt(sum.group(3)));
      }
    }
    System.out.println(log + " holds no sum: the suite broke off");
    return new Count(0, 1, 0);
  }

  private static boolean print(Map<Kind, Count> counts, boolean withPeers) {
    boolean good = true;
    Count all = Count.NONE;
    for (Kind kind : Kind.values()) {
      Count count = counts.getOrDefault(kind, Count.NONE);
      all = all.plus(count);
      boolean wanted = withPeers || !kind.needsPeers;
      boolean missing = wanted && count.passed() + count.failed() == 0;
      good &= !missing && count.failed() == 0;
      System.out.printf(
          "%-15s %6d passed %4d failed %4d skipped%s%n",
          kind.title,
          count.passed(),
          count.failed(),
          count.skipped(),
          missing ? "   NO TEST RUN" : "");
    }
    System.out.printf(
        "%d passed, %d failed, %d skipped%n", all.passed(), all.failed(), all.skipped());
    return good;
  }
}
