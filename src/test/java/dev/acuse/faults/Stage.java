package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.faults.Load.Sender;
import dev.acuse.faults.Load.Sent;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Launch;
import dev.acuse.support.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** One fault's own database, sandbox and processes of the packaged jar, and the load on them. */
final class Stage implements AutoCloseable {
  static final int WORKERS = 8;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final Site site;
  private final Launch launch;
  private final @Nullable Path brokenClasses;
  private final Map<String, String> settings = new HashMap<>();
  private final List<AcuseProcess> instances = new CopyOnWriteArrayList<>();
  private final Map<Long, String> contacts = new LinkedHashMap<>();
  private List<Long> payments = List.of();
  private volatile List<Sender> notifiers = List.of();
  private int crashes;

  /**
   * @param broken what stands before the product's classes; null for nothing
   */
  private Stage(
      Site.Kind kind, Launch launch, Map<String, String> environment, @Nullable Path broken) {
    this.site = Site.open(kind);
    this.launch = launch;
    this.brokenClasses = broken;
    settings.put("DATABASE_URL", site.url());
    settings.put("ACUSE_STORE_PATIENCE", "1s");
    settings.put("ACUSE_WORKERS", String.valueOf(WORKERS));
    settings.put("ACUSE_PROBE_EVERY", "500ms");
    settings.put("ACUSE_RETRY_DELAYS", "1s,1s,1s,2s,2s,4s,4s,4s");
    settings.putAll(environment);
  }

  static Stage of(Row row) {
    Sabotage sabotage = row.sabotage();
    Path broken = sabotage == null ? null : sabotage.compile();
    var stage = new Stage(row.site(), Launch.shortLived(), row.settings(), broken);
    stage.open(row.instances(), row.sales());
    return stage;
  }

  /**
   * With one instance.
   *
   * @param environment may name other addresses than the sandbox's
   */
  static Stage of(Attack attack, Function<Sandbox, Map<String, String>> environment) {
    Weakness weakness = attack.weakness();
    Path broken = weakness == null ? null : weakness.compile();
    var stage = new Stage(attack.site(), attack.launch(), attack.settings(), broken);
    stage.settings.putAll(environment.apply(stage.sandbox));
    stage.open(1, attack.sales());
    return stage;
  }

  private void open(int count, int sales) {
    for (int i = 0; i < count; i++) {
      startInstance();
    }
    sell(sales);
  }

  /** Another process beside those that run. */
  void startInstance() {
    instances.add(
        brokenClasses == null
            ? AcuseProcess.startJar(launch, site.database(), sandbox, settings)
            : AcuseProcess.startWith(brokenClasses, launch, site.database(), sandbox, settings));
    notifiers =
        instances.stream()
            .map(one -> sandbox.notifier(one.url("/webhooks/mp")))
            .<Sender>map(notifier -> notifier::send)
            .toList();
  }

  private void sell(int sales) {
    for (int i = 0; i < sales; i++) {
      sellAnother();
    }
    payments = List.copyOf(contacts.keySet());
  }

  /** One more checkout that is paid, of which no webhook of the load tells; answers its payment. */
  long sellAnother() {
    int number = contacts.size();
    String contact = "contact" + number;
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
                    .formatted(number, contact));
    if (status != 201) {
      throw new IllegalStateException("a checkout was answered " + status);
    }
    long payment =
        sandbox.mercadoPago().pay("order-" + number, PaymentOutcome.APPROVED).payment().id();
    contacts.put(payment, contact);
    return payment;
  }

  Sandbox sandbox() {
    return sandbox;
  }

  OwnPostgres postgres() {
    return site.postgres();
  }

  OwnPostgres standby() {
    return Objects.requireNonNull(site.standby(), "this fault is a standby's");
  }

  TcpProxy network() {
    return Objects.requireNonNull(site.network(), "this fault is the network's");
  }

  FolderOnDisk disk() {
    return Objects.requireNonNull(site.disk(), "this fault is a small disk's");
  }

  AcuseProcess instance(int index) {
    return instances.get(index);
  }

  List<Long> payments() {
    return payments;
  }

  int crashes() {
    return crashes;
  }

  /** Traffic: a notification of each payment in turn. */
  IntFunction<Notification> updatesOfPayments() {
    return number ->
        sandbox
            .notifications()
            .paymentUpdated(String.valueOf(payments.get(number % payments.size())));
  }

  /** Traffic: each notification of the payments many times, to all instances. */
  IntFunction<Notification> duplicates() {
    IntFunction<Notification> once = updatesOfPayments();
    var kept = new ConcurrentHashMap<Integer, Notification>();
    return number -> kept.computeIfAbsent(number / 50, once::apply);
  }

  /** Traffic: each notification with a bad signature, and then as it is. */
  IntFunction<Notification> forgedFirst() {
    IntFunction<Notification> once = updatesOfPayments();
    var kept = new ConcurrentHashMap<Integer, Notification>();
    return number -> {
      Notification genuine = kept.computeIfAbsent(number / 2, once::apply);
      return number % 2 == 1
          ? genuine
          : genuine.withHeader("x-signature", "ts=1700000000,v1=" + "0".repeat(64));
    };
  }

  /** What the row sends, to the instances in turn. */
  Load load(Row row) {
    return Load.start(
        row.perSecond(),
        row.traffic().on(this),
        () -> notifiers.get((int) (System.nanoTime() / 1_000 % notifiers.size())));
  }

  /** A PostgreSQL that could not write its log ends itself; somebody starts it again. */
  void mendDatabase() {
    OwnPostgres primary = site.primary();
    if (primary != null && !primary.answers()) {
      primary.startAgain();
    }
  }

  /** SIGKILL, and a new process in its place. */
  void killAndRestart(int index) {
    AcuseProcess dying = instances.remove(index);
    dying.close();
    crashes++;
    startInstance();
  }

  /** Waits until a service has ended by itself, as failed, and starts another in its place. */
  void awaitEndAndRestart(int index) {
    assertThat(instances.get(index).awaitExit()).as("ends by itself, as failed").isEqualTo(1);
    killAndRestart(index);
  }

  /** What may break off work as a crash does: a database that goes, a process that is frozen. */
  void expectCrash() {
    crashes++;
  }

  /** From now on the disk refuses to sync what this process writes; waits for its end. */
  void failSyncsOf(int index) {
    AcuseProcess instance = instances.get(index);
    Assumptions.assumeTrue(Strace.isInstalled(), "strace makes the disk fail");
    Strace strace = Strace.failSyncs(instance.pid());
    assertThat(instance.awaitExit()).as("the service ends by itself, as failed").isEqualTo(1);
    strace.close();
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
  long awaitRecovery(Set<String> acknowledged, Duration atMost) {
    long start = System.nanoTime();
    long end = start + atMost.toNanos();
    Awaitility.await()
        .atMost(atMost.plusMinutes(1))
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .ignoreExceptions()
        .until(() -> System.nanoTime() >= end || isQuiet(acknowledged.size()));
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private boolean isQuiet(int atLeast) {
    JsonNode stats = instances.get(0).json("/api/stats");
    JsonNode events = stats.path("events");
    long all = 0;
    // What follows from webhooks has events of its own, which are no arrivals.
    for (JsonNode count : stats.path("events_by_origin").path("other")) {
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

  static Path journal(Row row) {
    String name = row.toString().replaceAll("[^A-Za-z0-9]+", "-");
    return Path.of("target", "faults", name + ".journal");
  }

  /** Ends the processes, and then looks at what they left of the deliveries. */
  Oracle.Verdict judge(List<Sent> sent) throws SQLException {
    return judge(sent, Set.of(), key -> true);
  }

  /**
   * The same, where others than us were acknowledged as well.
   *
   * @param strangers what they were acknowledged: it must be there
   * @param mustEnd which events must have come to an end
   */
  Oracle.Verdict judge(List<Sent> sent, Set<String> strangers, Predicate<String> mustEnd)
      throws SQLException {
    instances.forEach(AcuseProcess::terminate);
    Map<Long, String> told = new HashMap<>(contacts);
    told.keySet()
        .retainAll(
            sent.stream()
                .filter(Sent::isAcknowledged)
                .map(one -> Long.valueOf(one.resource()))
                .collect(Collectors.toSet()));
    Set<String> acknowledged = new HashSet<>(acknowledged(sent));
    acknowledged.addAll(strangers);
    return new Oracle(site.url(), site.database().user(), sandbox)
        .judge(new Oracle.Promises(acknowledged, mustEnd, told, contacts.size()));
  }

  /** The bytes on the disk: the database's and the spool's. */
  long diskBytes() {
    return site.diskBytes();
  }

  /** Where the H2 file is. */
  Path folder() {
    return site.database().folder();
  }

  @Override
  public void close() {
    instances.forEach(AcuseProcess::close);
    site.close();
    sandbox.close();
  }
}
