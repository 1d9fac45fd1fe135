package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Counting;
import dev.acuse.AcuseApplication;
import dev.acuse.AcuseConfiguration;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.FreePorts;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Before the port opens, the way of a webhook has been walked, and nothing is left of it. */
class WarmUpIT {
  private static final List<String> TABLES =
      List.of(
          "webhook_events",
          "webhook_attempts",
          "webhook_leases",
          "payments",
          "checkouts",
          "effects",
          "effect_reasons",
          "disputes",
          "operator_actions",
          "alerts");

  private static final Set<String> OF_A_START =
      Set.of(
          "AcuseApplication",
          "AdminPort",
          "ApiAuth",
          "Console",
          "Database",
          "Dispatcher",
          "HealthCheckManager",
          "StartupMigration");

  private static final Pattern OTHERS =
      Pattern.compile(
          "ch\\.qos\\.logback\\..*|health\\..*|sql\\.raw|instrumented-.*"
              + "|.*\\.(created|running|terminated)");

  private static final List<Connector> OPEN_AFTERWARDS = new CopyOnWriteArrayList<>();

  private static final Pattern LINE = Pattern.compile("^\\d{4}-\\S+ (?:INFO|WARN|ERROR) +(\\S+) ");

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  @TempDir private Path folder = Path.of("target");

  @AfterEach
  void close() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource
  void aWebhookIsInsertedAndTakenBackBeforeThePortOpens(Engine engine) {
    try (var database = TestDatabase.open(engine);
        RunningAcuse acuse = start(Watched.class, database, Map.of())) {
      assertThat(OPEN_AFTERWARDS).isEmpty();
      assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(200);

      assertThat(database.count("webhook_events")).isEqualTo(1);
      assertThat(database.count("webhook_events WHERE id > 1"))
          .as("the generator of ids has been asked before")
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftOfIt(Engine engine) throws IOException {
    try (var database = TestDatabase.open(engine);
        RunningAcuse acuse = start(database, Map.of())) {
      assertThat(counts(acuse)).isEmpty();
      for (String table : TABLES) {
        assertThat(database.count(table)).as(table).isZero();
      }
      assertThat(database.count("intake_runs WHERE received > 0 OR stored > 0 OR refused > 0"))
          .as("the ledger")
          .isZero();
      assertThat(loggers()).isSubsetOf(OF_A_START);
      assertNothingOnDisk(database);
    }
  }

  @Test
  void nothingIsLeftOfItWhereTheDatabaseIsOut() throws IOException {
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        RunningAcuse acuse = start(database, Map.of("database.url", nowhere()))) {
      assertThat(counts(acuse)).isEmpty();
      assertThat(loggers()).isSubsetOf(OF_A_START);
      assertNothingOnDisk(database);

      assertThat(acuse.send(sandbox.notifications().simulated()).body()).contains("spooled");
    }
  }

  /** Notes which ports are open when the warm-up is over. */
  public static final class Watched extends AcuseApplication {
    @Override
    public void run(AcuseConfiguration config, Environment environment) {
      super.run(config, environment);
      OPEN_AFTERWARDS.clear();
      Handler application = environment.getApplicationContext();
      application.addEventListener(
          new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarted(LifeCycle event) {
              Stream.of(application.getServer().getConnectors())
                  .filter(connector -> ((NetworkConnector) connector).isOpen())
                  .forEach(OPEN_AFTERWARDS::add);
            }
          });
    }
  }

  private RunningAcuse start(TestDatabase database, Map<String, String> more) {
    return start(AcuseApplication.class, database, more);
  }

  private RunningAcuse start(
      Class<? extends AcuseApplication> type, TestDatabase database, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("logging.appenders[1].currentLogFilename", folder.resolve("log").toString());
    settings.put(
        "logging.appenders[1].archivedLogFilenamePattern", folder.resolve("log-%d-%i").toString());
    return RunningAcuse.start(type, database, sandbox, settings);
  }

  private static String nowhere() {
    return "jdbc:postgresql://127.0.0.1:" + FreePorts.next() + "/acuse";
  }

  /** What has been counted though no request came, beside threads and what is done regularly. */
  private static Map<String, Long> counts(RunningAcuse acuse) {
    Map<String, Long> counted = new TreeMap<>();
    acuse
        .app()
        .getEnvironment()
        .metrics()
        .getMetrics()
        .forEach(
            (name, metric) -> {
              if (!OTHERS.matcher(name).matches()
                  && metric instanceof Counting counting
                  && counting.getCount() > 0) {
                counted.put(name, counting.getCount());
              }
            });
    return counted;
  }

  /** Which classes have told something at INFO or above; a stack trace belongs to a line above. */
  private Set<String> loggers() throws IOException {
    return Files.readAllLines(folder.resolve("log")).stream()
        .map(LINE::matcher)
        .filter(Matcher::find)
        .map(line -> line.group(1))
        .collect(Collectors.toSet());
  }

  /** Neither the spool nor the journal has a record; every one names the topic. */
  private static void assertNothingOnDisk(TestDatabase database) throws IOException {
    try (Stream<Path> files = Files.walk(database.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.toString();
        if (!name.endsWith(".mv.db")) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(name)
              .doesNotContain("payment");
        }
      }
    }
  }
}
