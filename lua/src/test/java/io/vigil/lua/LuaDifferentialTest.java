package io.vigil.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.lua.value.LuaString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same programs by this engine and by the reference implementation: every byte is equal. */
@Tag("peer")
class LuaDifferentialTest {
  private static final int CASES = 1500;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void generatedProgramsPrintTheSame(long seed) throws Exception {
    String source = new ProgramGenerator(seed).program(CASES);
    List<String> theirs = reference(source).lines().toList();
    List<String> ours = ours(source).lines().toList();
    String[] lines = source.split("\n", -1);
    for (int i = 0; i < theirs.size(); i++) {
      String mine = i < ours.size() ? ours.get(i) : "(nothing)";
      assertThat(mine)
          .as("seed %d, case %d: %s", seed, i, lines[lines.length - 1 - CASES + i])
          .isEqualTo(theirs.get(i));
    }
    assertThat(theirs).hasSize(CASES);
  }

  private String reference(String source) throws IOException, InterruptedException {
    Path program = folder.resolve("program.lua");
    Path output = folder.resolve("output");
    Files.write(program, source.getBytes(StandardCharsets.ISO_8859_1));
    Process process =
        new ProcessBuilder("lua5.1", "program.lua")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return signless(Files.readString(output, StandardCharsets.ISO_8859_1));
  }

  private static String ours(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.ISO_8859_1);
    LuaEngine engine = LuaMain.newEngine(out);
    engine.run(
        engine.load(source.getBytes(StandardCharsets.ISO_8859_1), LuaString.of("@program.lua")));
    out.flush();
    return signless(bytes.toString(StandardCharsets.ISO_8859_1));
  }

  /** Java does not keep the sign of a NaN, which C prints. */
  private static String signless(String output) {
    return output.replace("-nan", "nan");
  }
}
