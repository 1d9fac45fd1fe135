package dev.acuse.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.faults.Load.Sent;
import dev.acuse.sandbox.Notifier;
import dev.acuse.sandbox.PaymentOutcome;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One fault's own database, sandbox and processes of the packaged jar, and the load on them. */
final class Stage implements AutoCloseable {
  static final int WORKERS = 8;
  private static final int SALES = 24;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final @Nullable OwnPostgres postgres;
  private final TestDatabase database;
  private final Map<String, String> settings = new HashMap<>();
  private final List<AcuseProcess> instances = new ArrayList<>();
  private final Map<Long, String> contacts = new LinkedHashMap<>();
  private List<Long> payments = List.of();
  private volatile List<Notifier> notifiers = List.of();
  private int crashes;

  private Stage(@Nullable OwnPostgres postgres, TestDatabase database) {
    this.postgres = postgres;
    this.database = database;
    settings.put("ACUSE_STORE_PATIENCE", "1s");
    settings.put("ACUSE_WORKERS", String.valueOf(WORKERS));
    settings.put("ACUSE_PROBE_EVERY", "500ms");
    settings.put("ACUSE_RETRY_DELAYS", "1s,1s,1s,2s,2s,4s,4s,4s");
  }

  static Stage on(Engine engine, int instances, Map<String, String> more) {
    OwnPostgres postgres = engine == Engine.POSTGRESQL ? OwnPostgres.start() : null;
    TestDatabase database =
        postgres == null ? TestDatabase.open(engine) : TestDatabase.at(postgres.url());
    database.disconnect();
    var stage = new Stage(postgres, database);
    stage.settings.putAll(more);
    for (int i = 0; i < instances; i++) {
      stage.startInstance();
    }
    stage.sell();
    return stage;
  }

  private void startInstance() {
    instances.add(AcuseProcess.startJar(database, sandbox, settings));
    notifiers = instances.stream().map(one -> sandbox.notifier(one.url("/webhooks/mp"))).toList();
  }

  private void sell() {
    for (int i = 0; i < SALES; i++) {
      String contact = "contact" + i;
      sandbox.goHighLevel().addContact(contact, null);
      int status =
          instances
              .get(0)
              .post(
                  "/api/checkouts",
                  """
                  {"external_reference": "order-%d", "contact_id": "%s", "amount": 10,
                   "currency": "ARS", "title": "Consulta"}
                  """
                      .formatted(i, contact));
      if (status != 201) {
        throw new IllegalStateException("a checkout was answered " + status);
      }
      contacts.put(
          sandbox.mercadoPago().pay("order-" + i, PaymentOutcome.APPROVED).payment().id(), contact);
    }
    payments = List.copyOf(contacts.keySet());
  }

  Sandbox sandbox() {
    return sandbox;
  }

  OwnPostgres postgres() {
    return Objects.requireNonNull(postgres, "this fault is PostgreSQL's");
  }

  AcuseProcess instance(int index) {
    return instances.get(index);
  }

  int crashes() {
    return crashes;
  }

  /** Signed notifications of the payments in turn, to the instances in turn. */
  Load load(int perSecond) {
    return Load.start(
        perSecond,
        number ->
            sandbox
                .notifications()
                .paymentUpdated(String.valueOf(payments.get(number % payments.size()))),
        () -> notifiers.get((int) (System.nanoTime() / 1_000 % notifiers.size())));
  }

  /** SIGKILL, and a new process in its place. */
  void killAndRestart(int index) {
    AcuseProcess dying = instances.remove(index);
    dying.kill();
    crashes++;
    startInstance();
  }

  /** What was frozen past its lease counts as one that was killed. */
  void expectCrash() {
    crashes++;
  }

  /** SIGTERM, and a new process in its place. */
  void terminateAndRestart(int index) {
    AcuseProcess ending = instances.remove(index);
    ending.terminate();
    startInstance();
  }

  /** Lets time pass while the load goes on. */
  static void during(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .atMost(time.plusSeconds(10))
        .pollInterval(50, TimeUnit.MILLISECONDS)
        .until(() -> System.nanoTime() >= end);
  }

  /** Waits until all that was acknowledged is stored and has ended; not for ever. */
  long awaitRecovery(Set<String> acknowledged) {
    long start = System.nanoTime();
    long end = start + Duration.ofSeconds(90).toNanos();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .ignoreExceptions()
        .until(() -> System.nanoTime() >= end || isQuiet(acknowledged.size()));
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private boolean isQuiet(int atLeast) {
    JsonNode events = instances.get(0).json("/api/stats").path("events");
    long all = 0;
    for (JsonNode count : events) {
      all += count.asLong();
    }
    return all >= atLeast
        && events.path("pending").asLong() + events.path("processing").asLong() == 0;
  }

  static Set<String> acknowledged(List<Sent> sent) {
    return sent.stream()
        .filter(Sent::isAcknowledged)
        .map(Sent::webhookId)
        .collect(Collectors.toSet());
  }

  static Path journal(String fault) {
    return Path.of("target", "faults", fault.replaceAll("[^A-Za-z0-9]+", "-") + ".journal");
  }

  /** Ends the processes, and then looks at what they left. */
  Oracle.Verdict judge(Set<String> acknowledged) throws SQLException {
    instances.forEach(AcuseProcess::terminate);
    return new Oracle(database.url(), database.user(), sandbox).judge(acknowledged, contacts);
  }

  @Override
  public void close() {
    instances.forEach(AcuseProcess::close);
    database.close();
    if (postgres != null) {
      postgres.close();
    }
    sandbox.close();
  }
}
