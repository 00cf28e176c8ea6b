package io.vigil.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts in bin/, run in a copy of the clone whose java is a script that says how it was
 * started, and whose build is one that says that it ran.
 */
class LauncherTest {
  private static final Path CLONE = Path.of("..").toAbsolutePath().normalize();
  private static final int SOURCES = 600;

  @TempDir Path scratch;
  private Path root;
  private Path jdk;

  @BeforeEach
  void copyScripts() throws IOException {
    root = Files.createDirectory(scratch.resolve("clone of vigil")).toRealPath();
    copyFolder(CLONE.resolve("bin"), root.resolve("bin"));
    Files.copy(CLONE.resolve("vigil"), root.resolve("vigil"));
    Files.createFile(root.resolve("pom.xml"));
    for (int i = 0; i < SOURCES; i++) {
      Path source = root.resolve("core/src/main/java/p%d/C%d.java".formatted(i % 30, i));
      Files.createDirectories(source.getParent());
      Files.createFile(source);
    }
    jdk = root.resolve("jdk");
    script(
        jdk.resolve("bin/java"),
        "echo pid=$$; echo folder=$PWD; for a in \"$@\"; do echo \"$a\"; done");
    script(root.resolve("dev/build"), "echo built \"$@\"; " + writeBuilt());
    markBuilt(Instant.now().plusSeconds(5));
  }

  @Test
  void theProcessOfTheScriptBecomesJava() throws Exception {
    Process process = start(scratch, Map.of(), root.resolve("bin/vigil-server").toString());
    assertThat(output(process)).contains("pid=" + process.pid());
  }

  @Test
  void argumentsAndFolderArriveUntouched() throws Exception {
    List<String> lines =
        run(scratch, root.resolve("bin/vigil-server").toString(), "--save", "", "a b", "$x*");
    assertThat(lines).contains("folder=" + scratch.toRealPath());
    assertThat(lines).endsWith("io.vigil.server.ServerMain", "--save", "", "a b", "$x*");
  }

  @Test
  void everyNameStartsItsProgram() throws Exception {
    Map<String, String> mains =
        Map.of(
            "vigil-server", "io.vigil.server.ServerMain",
            "vigil-sentinel", "io.vigil.server.SentinelMain",
            "vigil-cli", "io.vigil.cli.CliMain",
            "compat/redis-server", "io.vigil.server.ServerMain",
            "compat/redis-sentinel", "io.vigil.server.SentinelMain",
            "compat/redis-cli", "io.vigil.cli.CliMain");
    for (var entry : mains.entrySet()) {
      String launcher = root.resolve("bin").resolve(entry.getKey()).toString();
      assertThat(run(scratch, launcher).getLast()).isEqualTo(entry.getValue());
    }
    assertThat(run(scratch, root.resolve("vigil").toString(), "up").getLast())
        .isEqualTo("io.vigil.cli.up.UpMain");
  }

  @Test
  void worksThroughLinksOfOtherNamesAndRelativePaths() throws Exception {
    Path link =
        Files.createSymbolicLink(
            scratch.resolve("store"), Path.of("clone of vigil/bin/vigil-sentinel"));
    Path second = Files.createSymbolicLink(scratch.resolve("again"), link.getFileName());
    assertThat(run(scratch, "./" + second.getFileName())).contains("io.vigil.server.SentinelMain");
    assertThat(run(root.resolve("bin/compat"), "./redis-cli")).contains("io.vigil.cli.CliMain");
    assertThat(run(root.resolve("bin"), "sh", "vigil-server"))
        .contains("io.vigil.server.ServerMain");
  }

  @Test
  void worksFromThePath() throws Exception {
    Process process =
        start(
            scratch, Map.of("PATH", root + "/bin/compat:" + System.getenv("PATH")), "redis-server");
    assertThat(output(process)).contains("io.vigil.server.ServerMain");
  }

  @Test
  void buildsFirstWhenNothingIsBuilt() throws Exception {
    Files.delete(root.resolve("target/built"));
    Process process = start(scratch, Map.of(), root.resolve("bin/vigil-server").toString());
    assertThat(output(process))
        .contains("io.vigil.server.ServerMain")
        .doesNotContain("built --if-stale");
    assertThat(errors(process)).containsExactly("built --if-stale");
  }

  @Test
  void buildsFirstWhenASourceIsNewerAndNotAgainAfterwards() throws Exception {
    Path source = root.resolve("core/src/main/java/p3/C3.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    Process process = start(scratch, Map.of(), root.resolve("bin/vigil-server").toString());
    assertThat(errors(process)).containsExactly("built --if-stale");
    markBuilt(Instant.now().plusSeconds(120));
    Process second = start(scratch, Map.of(), root.resolve("bin/vigil-server").toString());
    assertThat(errors(second)).isEmpty();
  }

  @Test
  void buildsFirstWhenASourceWasRemoved() throws Exception {
    Path source = root.resolve("core/src/main/java/p3/C3.java");
    Files.delete(source);
    Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().plusSeconds(60)));
    Process process = start(scratch, Map.of(), root.resolve("bin/vigil-server").toString());
    assertThat(errors(process)).containsExactly("built --if-stale");
  }

  @Test
  void aFailedBuildStartsNothing() throws Exception {
    Files.delete(root.resolve("target/built"));
    script(root.resolve("dev/build"), "exit 1");
    Process process = start(scratch, Map.of(), root.resolve("bin/vigil-server").toString());
    assertThat(output(process)).isEmpty();
    assertThat(process.exitValue()).isEqualTo(1);
  }

  @Test
  void heapLeavesTheMachineItsShare() throws Exception {
    long heapMib = heapMib(run(scratch, root.resolve("bin/vigil-server").toString()));
    long machineMib = memoryOfMachineMib();
    assertThat(heapMib)
        .isPositive()
        .isLessThanOrEqualTo(Math.max(machineMib - 1024, machineMib / 4));
  }

  @Test
  void heapIsChangedByOneSettingAndChecked() throws Exception {
    String server = root.resolve("bin/vigil-server").toString();
    assertThat(heapMib(output(start(scratch, Map.of("VIGIL_HEAP", "256"), server)))).isEqualTo(256);
    Process wrong = start(scratch, Map.of("VIGIL_HEAP", "2g"), server);
    assertThat(errors(wrong))
        .containsExactly("vigil: VIGIL_HEAP is '2g'; it must be a number of MiB, at least 32");
    assertThat(wrong.exitValue()).isEqualTo(1);
    Process small = start(scratch, Map.of("VIGIL_HEAP", "8"), server);
    assertThat(errors(small).getFirst()).contains("set VIGIL_HEAP to at least 32");
  }

  @Test
  void anUnknownWordListsTheWords() throws Exception {
    Process process = start(scratch, Map.of(), root.resolve("vigil").toString(), "start");
    assertThat(errors(process))
        .containsExactly(
            "vigil: there is no word 'start'; the words are up, build, test, help and --version");
    assertThat(process.exitValue()).isEqualTo(2);
  }

  /**
   * The budget of the script before java. The best of many runs, since other work of the machine
   * only ever adds.
   */
  @Test
  void costsAtMostThirtyMillisecondsBeforeJava() throws Exception {
    Files.delete(jdk.resolve("bin/java"));
    Files.createSymbolicLink(jdk.resolve("bin/java"), Path.of("/bin/true"));
    String launcher = root.resolve("bin/compat/redis-server").toString();
    long[] nanos = new long[15];
    for (int i = 0; i < nanos.length; i++) {
      long before = System.nanoTime();
      Process process = start(scratch, Map.of(), launcher);
      assertThat(process.waitFor()).isZero();
      nanos[i] = System.nanoTime() - before;
    }
    Arrays.sort(nanos);
    assertThat(TimeUnit.NANOSECONDS.toMillis(nanos[0])).isLessThanOrEqualTo(30);
  }

  private static long heapMib(List<String> lines) {
    String flag = lines.stream().filter(line -> line.startsWith("-Xmx")).findFirst().orElseThrow();
    return Long.parseLong(flag.substring("-Xmx".length(), flag.length() - 1));
  }

  private static long memoryOfMachineMib() throws IOException {
    String total = Files.readAllLines(Path.of("/proc/meminfo")).getFirst();
    return Long.parseLong(total.replaceAll("\\D", "")) / 1024;
  }

  private List<String> run(Path folder, String... command) throws Exception {
    Process process = start(folder, Map.of(), command);
    List<String> lines = output(process);
    assertThat(process.exitValue()).as("errors: %s", errors(process)).isZero();
    return lines;
  }

  private static Process start(Path folder, Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("VIGIL_"));
    builder.environment().putAll(environment);
    if (environment.containsKey("PATH")) { // or the lookup would be by our own PATH
      builder.command(new ArrayList<>(List.of("/usr/bin/env", command[0])));
    }
    return builder.start();
  }

  private static List<String> output(Process process) throws Exception {
    List<String> lines = lines(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private static List<String> errors(Process process) throws Exception {
    List<String> lines = lines(process.getErrorStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).lines().toList();
  }

  private void markBuilt(Instant time) throws IOException {
    Path built = root.resolve("target/built");
    Files.createDirectories(built.getParent());
    Files.writeString(built, "target/vigil/some\n" + jdk + "\n");
    Files.setLastModifiedTime(built, FileTime.from(time));
  }

  private String writeBuilt() {
    return "printf '%s\\n' target/vigil/some '" + jdk + "' > '" + root + "/target/built'";
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(file));
            if (attributes.isSymbolicLink()) {
              Files.createSymbolicLink(copy, Files.readSymbolicLink(file));
            } else {
              Files.copy(file, copy);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
