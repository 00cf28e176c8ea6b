package io.vigil.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The walls between the rooms of the design. A rule takes the package it guards as an argument, so
 * that it can be run on the product and on a fixture that breaks it.
 */
final class Rules {
  /** The rooms of core, bottom-up: each may use itself and those before it. */
  static final List<String> ROOMS =
      List.of(
          "base",
          "env",
          "resp",
          "observe",
          "memory",
          "structure",
          "keyspace",
          "spec",
          "session",
          "acl",
          "pubsub",
          "tracking",
          "command.common",
          "command.data",
          "script",
          "propagation",
          "persist",
          "link",
          "replication",
          "sentinel",
          "cluster",
          "node");

  private Rules() {}

  static ArchRule roomsStandBottomUp(String root) {
    String core = root + ".core";
    return classes()
        .that(resideInAPackage(core + ".."))
        .should(useOnlyRoomsBelow(core))
        .allowEmptyShould(true)
        .because("a room may use only those before it in " + ROOMS);
  }

  private static ArchCondition<JavaClass> useOnlyRoomsBelow(String core) {
    return new ArchCondition<>("use only rooms below their own") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        Optional<String> own = roomOf(core, item);
        if (own.isEmpty()) {
          events.add(SimpleConditionEvent.violated(item, item.getName() + " is in no known room"));
          return;
        }
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          if (!target.getPackageName().startsWith(core + ".")) {
            continue;
          }
          Optional<String> other = roomOf(core, target);
          if (other.isEmpty() || ROOMS.indexOf(other.get()) > ROOMS.indexOf(own.get())) {
            events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static Optional<String> roomOf(String core, JavaClass item) {
    String name = item.getPackageName().substring(core.length() + 1);
    return ROOMS.stream()
        .filter(room -> name.equals(room) || name.startsWith(room + "."))
        .findFirst();
  }

  static ArchRule packagesHaveNoCycles(String root) {
    return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** A family is a file `...Commands` in command.data, or a package below it. */
  static ArchRule familiesDoNotSeeEachOther(String root) {
    String data = root + ".core.command.data";
    ArchCondition<JavaClass> seeNoOtherFamily =
        new ArchCondition<>("see no other family") {
          @Override
          public void check(JavaClass item, ConditionEvents events) {
            for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
              Optional<String> target = familyOf(data, dependency.getTargetClass());
              if (target.isPresent() && !target.equals(familyOf(data, item))) {
                events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
              }
            }
          }
        };
    return classes()
        .that(describe("belong to a family", item -> familyOf(data, item).isPresent()))
        .should(seeNoOtherFamily)
        .allowEmptyShould(true);
  }

  private static Optional<String> familyOf(String data, JavaClass item) {
    String name = item.getPackageName();
    if (!name.startsWith(data)) {
      return Optional.empty();
    }
    if (name.startsWith(data + ".")) {
      return Optional.of(name.substring(data.length() + 1));
    }
    String outermost = item.getName().substring(name.length() + 1).replaceAll("\\$.*", "");
    boolean isFamily = name.equals(data) && outermost.endsWith("Commands");
    return isFamily ? Optional.of(outermost) : Optional.empty();
  }

  static ArchRule sentinelAndCliSeeNoData(String root) {
    return noClasses()
        .that(resideInAnyPackage(root + ".core.sentinel..", root + ".cli.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + ".core.keyspace..", root + ".core.command.data.."))
        .allowEmptyShould(true);
  }

  /** The file codec runs on Offload too, on buffers of its own. */
  static ArchRule codecReachesNoMemory(String root) {
    return noClasses()
        .that(resideInAPackage(root + ".core.persist.rdb.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                root + ".core.memory..", root + ".core.structure..", root + ".core.keyspace.."))
        .allowEmptyShould(true);
  }

  static ArchRule coreHasNoThreadsFilesOrSockets(String root) {
    return noClasses()
        .that(resideInAnyPackage(root + ".core..", root + ".lua.."))
        .should()
        .dependOnClassesThat(describe("belong to the outside world", Rules::isOutsideWorld))
        .allowEmptyShould(true)
        .because("they come in through io.vigil.core.env");
  }

  private static final Set<String> OUTSIDE_CLASSES =
      Set.of(
          "java.io.Console",
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.security.SecureRandom",
          "java.util.IdentityHashMap",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.UUID",
          "java.util.WeakHashMap");

  private static boolean isOutsideWorld(JavaClass target) {
    String home = target.getPackageName();
    boolean outside =
        home.startsWith("java.net")
            || home.startsWith("java.nio.channels")
            || home.startsWith("java.nio.file")
            || home.startsWith("java.util.concurrent")
            || home.startsWith("java.util.random")
            || home.startsWith("java.util.logging")
            || OUTSIDE_CLASSES.contains(target.getName());
    return outside && !target.getName().equals("java.util.concurrent.Callable");
  }

  static ArchRule luaUsesNothingButTheJdk(String root) {
    return classes()
        .that(resideInAPackage(root + ".lua.."))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(root + ".lua..", "java.."))
        .allowEmptyShould(true)
        .because("the engine is useful on its own");
  }

  static ArchRule coreUsesNothingButTheJdk(String root) {
    return classes()
        .that(resideInAPackage(root + ".core.."))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(root + ".core..", "java.."))
        .allowEmptyShould(true);
  }

  static ArchRule coreIsDeterministic(String root) {
    return classes()
        .that(resideInAnyPackage(root + ".core..", root + ".lua.."))
        .should(
            new ArchCondition<>(
                "call nothing that differs from one run, JVM or locale to the next") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                  if (isVariable(access.getTarget())) {
                    events.add(SimpleConditionEvent.violated(item, access.getDescription()));
                  }
                }
              }
            })
        .allowEmptyShould(true);
  }

  private static final Map<String, Set<String>> VARIABLE_METHODS =
      Map.ofEntries(
          Map.entry(
              "java.lang.System",
              Set.of(
                  "currentTimeMillis",
                  "nanoTime",
                  "identityHashCode",
                  "getenv",
                  "getProperty",
                  "lineSeparator",
                  "exit",
                  "gc",
                  "out",
                  "err",
                  "in")),
          Map.entry(
              "java.lang.Math",
              Set.of(
                  "random", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "exp", "expm1",
                  "log", "log10", "log1p", "pow", "cbrt", "hypot", "sinh", "cosh", "tanh")),
          Map.entry("java.lang.Object", Set.of("hashCode")),
          Map.entry("java.lang.Enum", Set.of("hashCode")),
          Map.entry("java.util.Map", Set.of("of", "ofEntries", "copyOf")),
          Map.entry("java.util.Set", Set.of("of", "copyOf")),
          Map.entry(
              "java.util.stream.Collectors",
              Set.of("toSet", "toUnmodifiableSet", "toUnmodifiableMap")),
          Map.entry("java.util.Collections", Set.of("shuffle")),
          Map.entry("java.util.Locale", Set.of("getDefault")),
          Map.entry("java.util.TimeZone", Set.of("getDefault")),
          Map.entry("java.nio.charset.Charset", Set.of("defaultCharset")),
          Map.entry("java.time.ZoneId", Set.of("systemDefault")),
          Map.entry("java.time.Instant", Set.of("now")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")),
          Map.entry("java.lang.String", Set.of("formatted")));

  /** Signatures whose overloads with a locale or charset are allowed. */
  private static final Set<String> VARIABLE_SIGNATURES =
      Set.of(
          "java.lang.String.format(java.lang.String, [Ljava.lang.Object;)",
          "java.lang.String.getBytes()",
          "java.lang.String.toLowerCase()",
          "java.lang.String.toUpperCase()",
          "java.lang.String.<init>([B)",
          "java.lang.String.<init>([B, int, int)",
          "java.io.InputStreamReader.<init>(java.io.InputStream)",
          "java.io.OutputStreamWriter.<init>(java.io.OutputStream)",
          "java.io.ByteArrayOutputStream.toString()",
          "java.io.PrintStream.<init>(java.io.OutputStream)");

  private static boolean isVariable(AccessTarget target) {
    Set<String> names = VARIABLE_METHODS.getOrDefault(target.getOwner().getName(), Set.of());
    return names.contains(target.getName()) || VARIABLE_SIGNATURES.contains(target.getFullName());
  }

  static ArchRule coreHasNoMutableStatics(String root) {
    return fields()
        .that()
        .areDeclaredInClassesThat(resideInAnyPackage(root + ".core..", root + ".lua.."))
        .and()
        .areStatic()
        .should()
        .beFinal()
        .allowEmptyShould(true)
        .because("several nodes live in one process");
  }

  static ArchRule coreHasNoSynchronizedMethods(String root) {
    return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods()
        .that()
        .areDeclaredInClassesThat(resideInAPackage(root + ".core.."))
        .should()
        .notHaveModifier(JavaModifier.SYNCHRONIZED)
        .allowEmptyShould(true);
  }

  /**
   * On a primary propagation alone writes the stream; on a replica one class passes on what it
   * received, to the byte.
   */
  static ArchRule onlyPropagationAppends(String root) {
    String stream = root + ".core.propagation.ReplicationStream";
    String applier = root + ".core.replication.StreamApplier";
    return classes()
        .that(
            describe(
                "are not a source of the stream",
                item ->
                    !item.getPackageName().equals(root + ".core.propagation")
                        && !item.getName().equals(applier)))
        .should(notCall(stream, Set.of("append")))
        .allowEmptyShould(true);
  }

  static ArchRule onlyTheKeyspaceMutatesTables(String root) {
    return classes()
        .that(
            describe(
                "are neither keyspace nor structure",
                item ->
                    !resideInAnyPackage(root + ".core.keyspace..", root + ".core.structure..")
                        .test(item)))
        .should(
            notCall(
                root + ".core.structure.Table",
                Set.of("insert", "replaceFound", "removeFound", "moveStep", "noteDeadline")))
        .allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> notCall(String owner, Set<String> methods) {
    return new ArchCondition<>("not call " + methods + " of " + owner) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (JavaAccess<?> access : item.getAccessesFromSelf()) {
          AccessTarget target = access.getTarget();
          if (target.getOwner().getName().equals(owner) && methods.contains(target.getName())) {
            events.add(SimpleConditionEvent.violated(item, access.getDescription()));
          }
        }
      }
    };
  }
}
