package dev.acuse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.servlet.ServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * The table of packages in {@code docs/explanation/architecture.md}, and the rules of the house.
 */
@AnalyzeClasses(packages = "dev.acuse", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchRule EVENT_IMPORTS_NOTHING = imports("event", List.of());

  @ArchTest static final ArchRule INTAKE = imports("intake", List.of("event"));

  @ArchTest static final ArchRule DISPATCH = imports("dispatch", List.of("event"));

  @ArchTest static final ArchRule PAYMENT = imports("payment", List.of("event"));

  @ArchTest
  static final ArchRule MERCADOPAGO =
      imports("mercadopago", List.of("event", "intake", "dispatch", "payment"));

  @ArchTest static final ArchRule GOHIGHLEVEL = imports("gohighlevel", List.of("payment"));

  @ArchTest
  static final ArchRule API =
      imports("api", List.of("event", "intake", "dispatch", "payment", "mercadopago"));

  @ArchTest
  static final ArchRule OPS =
      imports(
          "ops",
          List.of("event", "intake", "dispatch", "payment", "mercadopago", "gohighlevel", "api"));

  @ArchTest
  static final ArchRule CONSOLE =
      imports("console", List.of("event", "intake", "dispatch", "payment", "mercadopago", "api"));

  @ArchTest
  static final ArchRule RECOVERY = imports("recovery", List.of("event", "intake", "payment"));

  @ArchTest static final ArchRule SANDBOX = imports("sandbox", List.of());

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("dev.acuse.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_OTHER_PACKAGES =
      classes()
          .should()
          .resideInAnyPackage(
              Stream.concat(
                      Stream.of("dev.acuse"),
                      Stream.of(
                              "event",
                              "intake",
                              "intake.connection",
                              "dispatch",
                              "payment",
                              "mercadopago",
                              "gohighlevel",
                              "api",
                              "console",
                              "ops",
                              "recovery",
                              "sandbox")
                          .map(name -> "dev.acuse." + name))
                  .toArray(String[]::new));

  @ArchTest
  static final ArchRule TIME_IS_INJECTED =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule ONLY_THE_WIRING_KNOWS_THE_SYSTEM_CLOCK =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.acuse")
          .should()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone");

  @ArchTest
  static final ArchRule NOBODY_SLEEPS =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class);

  /**
   * What a stranger sends must not be looked up: it may lead to this machine, and it takes time.
   */
  @ArchTest
  static final ArchRule WHAT_ANSWERS_REQUESTS_RESOLVES_NO_NAME =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.acuse.api..", "dev.acuse.console..", "dev.acuse.intake..", "dev.acuse.ops..")
          .should()
          .callMethod(InetAddress.class, "getByName", String.class)
          .orShould()
          .callMethod(InetAddress.class, "getAllByName", String.class)
          .orShould()
          .callMethod(InetAddress.class, "getHostName")
          .orShould()
          .callMethod(InetAddress.class, "getCanonicalHostName")
          .orShould()
          .callMethod(InetSocketAddress.class, "getHostName")
          .orShould()
          .callMethod(ServletRequest.class, "getRemoteHost")
          .orShould()
          .callConstructor(InetSocketAddress.class, String.class, int.class);

  private static ArchRule imports(String name, List<String> allowed) {
    List<String> packages =
        Stream.concat(Stream.of(name), allowed.stream()).map(p -> "dev.acuse." + p).toList();
    return noClasses()
        .that()
        .resideInAPackage("dev.acuse." + name + "..")
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<JavaClass>("are ours, but not of " + packages) {
              @Override
              public boolean test(JavaClass target) {
                String its = target.getPackageName();
                return (its.equals("dev.acuse") || its.startsWith("dev.acuse."))
                    && packages.stream().noneMatch(p -> its.equals(p) || its.startsWith(p + "."));
              }
            })
        .allowEmptyShould(true);
  }
}
