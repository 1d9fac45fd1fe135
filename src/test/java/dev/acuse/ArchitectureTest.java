package dev.acuse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import jakarta.servlet.ServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The table of packages in {@code docs/explanation/architecture.md}, and the rules of the house.
 */
@AnalyzeClasses(packages = "dev.acuse", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** Which other packages of ours a package may import; the root imports any. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          entry("process", Set.of()),
          entry("text", Set.of()),
          entry("event", Set.of()),
          entry("account.seal", Set.of("process", "text")),
          entry("account", Set.of("account.seal", "database", "process", "text")),
          entry("access", Set.of("account", "audit", "database", "event", "process", "text")),
          entry("logging", Set.of("process", "text")),
          entry("database", Set.of("process")),
          entry("database.h2", Set.of("database", "process")),
          entry("remote", Set.of("process")),
          entry("http", Set.of("access", "database", "event", "process", "text")),
          entry("http.connection", Set.of("http", "process")),
          entry("audit", Set.of("database", "event", "text")),
          entry("inbox", Set.of("event", "audit", "database", "database.h2", "process", "text")),
          entry("intake.spool", Set.of("event", "process")),
          entry(
              "intake",
              Set.of("account", "event", "inbox", "intake.spool", "http", "database", "process")),
          entry("dispatch", Set.of("event", "inbox", "remote", "database", "process", "text")),
          entry("effect", Set.of("audit", "database", "event", "inbox", "text")),
          entry("payment.state", Set.of("text")),
          entry(
              "payment",
              Set.of(
                  "payment.state",
                  "effect",
                  "event",
                  "inbox",
                  "audit",
                  "remote",
                  "database",
                  "text")),
          entry("gohighlevel", Set.of("dispatch", "effect", "event", "payment", "remote", "text")),
          entry("mercadopago", Set.of("payment", "payment.state", "remote", "text", "order")),
          entry(
              "mercadopago.notification",
              Set.of(
                  "event",
                  "inbox",
                  "intake",
                  "mercadopago",
                  "remote",
                  "database",
                  "process",
                  "text",
                  "account")),
          entry(
              "mercadopago.handler",
              Set.of(
                  "effect",
                  "event",
                  "dispatch",
                  "payment",
                  "payment.state",
                  "mercadopago",
                  "remote",
                  "account",
                  "mercadopago.notification",
                  "order",
                  "dispute")),
          entry(
              "mercadopago.reconciliation",
              Set.of(
                  "event",
                  "inbox",
                  "payment",
                  "payment.state",
                  "mercadopago",
                  "remote",
                  "database",
                  "process",
                  "text",
                  "account",
                  "order",
                  "dispute")),
          entry(
              "desk",
              Set.of(
                  "access",
                  "account",
                  "audit",
                  "event",
                  "gohighlevel",
                  "http",
                  "mercadopago",
                  "process",
                  "remote",
                  "text")),
          entry(
              "api",
              Set.of(
                  "access",
                  "account",
                  "desk",
                  "effect",
                  "event",
                  "inbox",
                  "audit",
                  "intake",
                  "payment",
                  "payment.state",
                  "http",
                  "remote",
                  "mercadopago.reconciliation",
                  "text",
                  "dispute",
                  "order")),
          entry(
              "condition",
              Set.of(
                  "account",
                  "event",
                  "inbox",
                  "intake",
                  "intake.spool",
                  "payment",
                  "payment.state",
                  "remote",
                  "mercadopago.reconciliation",
                  "dispute")),
          entry("console.session", Set.of("access", "event", "http")),
          entry(
              "console",
              Set.of(
                  "access",
                  "console.session",
                  "condition",
                  "api",
                  "effect",
                  "event",
                  "inbox",
                  "audit",
                  "intake",
                  "intake.spool",
                  "payment",
                  "payment.state",
                  "http",
                  "remote",
                  "mercadopago.reconciliation",
                  "process",
                  "text",
                  "account",
                  "mercadopago.notification",
                  "dispute",
                  "order")),
          entry(
              "monitoring",
              Set.of(
                  "account",
                  "condition",
                  "event",
                  "inbox",
                  "intake",
                  "intake.spool",
                  "http.connection",
                  "dispatch",
                  "remote")),
          entry(
              "admin",
              Set.of(
                  "access",
                  "account",
                  "desk",
                  "event",
                  "inbox",
                  "audit",
                  "intake",
                  "intake.spool",
                  "http",
                  "database",
                  "mercadopago.reconciliation",
                  "logging",
                  "process",
                  "text")),
          entry(
              "alert",
              Set.of(
                  "account",
                  "admin",
                  "audit",
                  "condition",
                  "database",
                  "http",
                  "process",
                  "remote",
                  "text")),
          entry(
              "doctor",
              Set.of(
                  "admin",
                  "condition",
                  "database",
                  "event",
                  "gohighlevel",
                  "http",
                  "inbox",
                  "mercadopago",
                  "process",
                  "remote",
                  "text")),
          entry(
              "backup",
              Set.of(
                  "admin",
                  "audit",
                  "database",
                  "database.h2",
                  "http",
                  "inbox",
                  "intake",
                  "intake.spool",
                  "process",
                  "recovery",
                  "recovery.journal")),
          entry(
              "move",
              Set.of(
                  "admin",
                  "database",
                  "database.h2",
                  "event",
                  "http",
                  "inbox",
                  "intake",
                  "intake.spool",
                  "process",
                  "recovery",
                  "text")),
          entry("recovery.file", Set.of()),
          entry(
              "recovery.journal",
              Set.of(
                  "event",
                  "inbox",
                  "intake.spool",
                  "payment",
                  "payment.state",
                  "database",
                  "process")),
          entry(
              "recovery",
              Set.of(
                  "recovery.file",
                  "recovery.journal",
                  "database",
                  "database.h2",
                  "intake.spool",
                  "process")),
          entry("sandbox.http", Set.of()),
          entry("sandbox.mercadopago", Set.of("sandbox.http")),
          entry("sandbox.gohighlevel", Set.of("sandbox.http")),
          entry("sandbox", Set.of("sandbox.http", "sandbox.mercadopago", "sandbox.gohighlevel")),
          entry("dispute", Set.of("database", "event", "text")),
          entry("order", Set.of("database", "event", "text")));

  @ArchTest
  static void aPackageImportsWhatTheTableAllows(JavaClasses classes) {
    SortedSet<String> forbidden = new TreeSet<>();
    for (JavaClass type : classes) {
      String from = room(type);
      if (from.isEmpty()) {
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target) && !mayImport(from, room(target))) {
          forbidden.add(type.getName() + " -> " + target.getName());
        }
      }
    }
    assertThat(forbidden).isEmpty();
  }

  private static boolean mayImport(String from, String to) {
    return from.equals(to) || MAY_IMPORT.getOrDefault(from, Set.of()).contains(to);
  }

  /** What no class needs any more must not stay allowed. */
  @ArchTest
  static void thePackagesNeedWhatTheTableAllows(JavaClasses classes) {
    Map<String, Set<String>> needed = new TreeMap<>();
    for (JavaClass type : classes) {
      Set<String> its = needed.computeIfAbsent(room(type), room -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target) && !room(target).equals(room(type))) {
          its.add(room(target));
        }
      }
    }
    needed.remove("");
    assertThat(needed).isEqualTo(MAY_IMPORT);
  }

  /** A row too many would allow what no class needs. */
  @ArchTest
  static void theTableHasTheRowsThatThereAreRooms(JavaClasses classes) {
    Set<String> rooms = new TreeSet<>();
    classes.forEach(type -> rooms.add(room(type)));
    rooms.remove("");
    assertThat(rooms).isEqualTo(new TreeSet<>(MAY_IMPORT.keySet()));
  }

  /** Each package of its own, those below the first level too. */
  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().assignedFrom(new EachPackage()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule RESOURCES_ARE_IN_THREE_ROOMS =
      classes()
          .that()
          .areAnnotatedWith(jakarta.ws.rs.Path.class)
          .should()
          .resideInAnyPackage("dev.acuse.intake", "dev.acuse.api", "dev.acuse.console");

  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return isOurs(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }

  /** The package without our prefix; empty for the root. */
  private static String room(JavaClass type) {
    return type.getPackageName().replaceFirst("^dev\\.acuse\\.?", "");
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("dev.acuse");
  }

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
              "dev.acuse.api..",
              "dev.acuse.console..",
              "dev.acuse.intake..",
              "dev.acuse.admin..",
              "dev.acuse.http..")
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
}
