package io.vigil.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Limits that only the sources show. What is longer than a limit stands in size-exceptions.txt with
 * its exact length: a line there may become smaller or go away, never larger.
 */
class SizeTest {
  private static final int METHOD_LINES = 70;
  private static final int CLASS_LINES = 1000;
  private static final Path CLONE = Path.of("..");
  private static final List<String> MODULES =
      List.of("core", "lua", "transport", "server", "cli", "sim");

  @Test
  void methodsAndClassesStayWithinTheirLimits() throws IOException {
    Map<String, Integer> tooLong = new TreeMap<>();
    for (Path source : sources(MODULES)) {
      Reading reading = read(CLONE.relativize(source).toString(), Files.readString(source));
      tooLong.putAll(reading.tooLong);
    }
    assertThat(tooLong)
        .as("what is too long, against size-exceptions.txt: shorten the new, strike out the mended")
        .isEqualTo(exceptions());
  }

  @Test
  void coreHasNoSynchronizedBlocks() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources(List.of("core"))) {
      found.addAll(read(CLONE.relativize(source).toString(), Files.readString(source)).locks);
    }
    assertThat(found).isEmpty();
  }

  @Test
  void aLongMethodIsFound() {
    String body = "    int a;\n".repeat(METHOD_LINES);
    assertThat(read("A.java", "class A {\n  void f() {\n" + body + "  }\n}\n").tooLong)
        .containsExactly(Map.entry("A.java A.f", METHOD_LINES + 2));
    String shorter = "    int a;\n".repeat(METHOD_LINES - 2);
    assertThat(read("A.java", "class A {\n  void f() {\n" + shorter + "  }\n}\n").tooLong)
        .isEmpty();
  }

  @Test
  void aLongClassIsFound() {
    assertThat(read("A.java", "class A {\n" + "  int a;\n".repeat(CLASS_LINES) + "}\n").tooLong)
        .containsExactly(Map.entry("A.java A", CLASS_LINES + 2));
  }

  @Test
  void aSynchronizedBlockIsFound() {
    assertThat(read("A.java", "class A { void f() {\n synchronized (this) {}\n } }").locks)
        .containsExactly("A.java:2");
  }

  private static List<Path> sources(List<String> modules) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : modules) {
      Path folder = CLONE.resolve(module).resolve("src/main/java");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static Map<String, Integer> exceptions() throws IOException {
    Map<String, Integer> exceptions = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/size-exceptions.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int end = line.lastIndexOf(' ');
        exceptions.put(line.substring(0, end), Integer.parseInt(line.substring(end + 1)));
      }
    }
    return exceptions;
  }

  private static Reading read(String name, String text) {
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task = (JavacTask) compiler.getTask(null, null, null, List.of(), null, List.of(file));
    Reading reading = new Reading(name, Trees.instance(task).getSourcePositions());
    try {
      for (CompilationUnitTree unit : task.parse()) {
        reading.scan(unit, null);
      }
    } catch (IOException e) {
      throw new AssertionError("a source in memory cannot fail to be read", e);
    }
    return reading;
  }

  /** Walks one source and notes what is too long, and where it locks. */
  private static final class Reading extends TreePathScanner<Void, Void> {
    final Map<String, Integer> tooLong = new TreeMap<>();
    final List<String> locks = new ArrayList<>();
    private final String file;
    private final SourcePositions positions;
    private String enclosing = "";

    Reading(String file, SourcePositions positions) {
      this.file = file;
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree node, Void unused) {
      String outer = enclosing;
      enclosing = outer.isEmpty() ? "" + node.getSimpleName() : outer + "." + node.getSimpleName();
      note(enclosing, lines(node), CLASS_LINES);
      super.visitClass(node, unused);
      enclosing = outer;
      return null;
    }

    @Override
    public Void visitMethod(MethodTree node, Void unused) {
      String name = node.getReturnType() == null ? "<init>" : "" + node.getName();
      if (node.getBody() != null) {
        note(enclosing + "." + name, lines(node), METHOD_LINES);
      }
      return super.visitMethod(node, unused);
    }

    @Override
    public Void visitSynchronized(SynchronizedTree node, Void unused) {
      locks.add(file + ":" + lineAt(positions.getStartPosition(unit(), node)));
      return super.visitSynchronized(node, unused);
    }

    private void note(String name, int lines, int limit) {
      if (lines > limit) {
        tooLong.merge(file + " " + name, lines, Math::max);
      }
    }

    private int lines(Tree node) {
      long start = positions.getStartPosition(unit(), node);
      long end = positions.getEndPosition(unit(), node);
      return (int) (lineAt(end) - lineAt(start) + 1);
    }

    private long lineAt(long position) {
      return unit().getLineMap().getLineNumber(position);
    }

    private CompilationUnitTree unit() {
      return getCurrentPath().getCompilationUnit();
    }
  }
}
