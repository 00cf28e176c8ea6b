package io.vigil.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule holds in the product, and reports each violation that is planted for it in the
 * fixture.
 */
class ArchitectureTest {
  private static final String PRODUCT = "io.vigil";
  private static final String FIXTURE = "io.vigil.arch.fixture";

  private static JavaClasses product;
  private static JavaClasses fixture;

  /** A rule, and what its report on the fixture must name. */
  record Wall(String name, Function<String, ArchRule> rule, String... planted) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Wall> walls() {
    return List.of(
        new Wall("rooms", Rules::roomsStandBottomUp, "core.base.Upwards", "core.attic.Lost"),
        new Wall("cycles", Rules::packagesHaveNoCycles, "core.base.Upwards"),
        new Wall("families", Rules::familiesDoNotSeeEachOther, "core.command.data.StringCommands"),
        new Wall("data", Rules::sentinelAndCliSeeNoData, "core.sentinel.Curious", "cli.Curious"),
        new Wall("codec", Rules::codecReachesNoMemory, "core.persist.rdb.Curious"),
        new Wall("outside world", Rules::coreHasNoThreadsFilesOrSockets, "core.node.Outside"),
        new Wall("JDK only", Rules::coreUsesNothingButTheJdk, "core.node.Foreign"),
        new Wall("Lua alone", Rules::luaUsesNothingButTheJdk, "lua.Leaning"),
        new Wall(
            "deterministic",
            Rules::coreIsDeterministic,
            "System.nanoTime()",
            "Math.pow(double, double)",
            "java.util.Map.of(java.lang.Object, java.lang.Object)",
            "java.lang.String.getBytes()",
            "java.lang.String.format(java.lang.String, ",
            "java.lang.String.formatted(",
            "java.lang.String.toLowerCase()",
            "java.lang.Object.hashCode()"),
        new Wall("mutable statics", Rules::coreHasNoMutableStatics, "core.node.Variable.counter"),
        new Wall("synchronized", Rules::coreHasNoSynchronizedMethods, "core.node.Variable.locked"),
        new Wall("stream", Rules::onlyPropagationAppends, "core.replication.Appender"),
        new Wall("tables", Rules::onlyTheKeyspaceMutatesTables, "core.session.Reckless"));
  }

  @BeforeAll
  static void importClasses() {
    product =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/io/vigil/arch/"))
            .importPackages(PRODUCT);
    fixture = new ClassFileImporter().importPackages(FIXTURE);
  }

  @Test
  void theProductIsWhatIsImported() {
    assertThat(product.contain("io.vigil.core.base.Version")).isTrue();
    assertThat(product.contain(FIXTURE + ".core.base.Upwards")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("walls")
  void holdsInTheProduct(Wall wall) {
    wall.rule.apply(PRODUCT).check(product);
  }

  @ParameterizedTest
  @MethodSource("walls")
  void reportsThePlantedViolations(Wall wall) {
    assertThatThrownBy(() -> wall.rule.apply(FIXTURE).check(fixture))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(wall.planted);
  }
}
