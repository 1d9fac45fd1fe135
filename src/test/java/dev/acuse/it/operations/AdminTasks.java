package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorAction;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** The tasks of the admin port, by curl as it were. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AdminTasks {
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private final EventStore store;
  private final EventReader reader;

  AdminTasks(Engine engine) {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), Clock.systemUTC(), 4);
    reader = new EventReader(database.jdbi(), Clock.systemUTC(), TestAccounts.MAIN_ALONE);
    acuse = RunningAcuse.start(database, sandbox, Map.of("dispatch.shutdownGracePeriod", "1s"));
  }

  @BeforeEach
  void empty() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              for (String table :
                  List.of("inbox_hold", "webhook_attempts", "webhook_events", "operator_actions")) {
                handle.execute("DELETE FROM " + table);
              }
            });
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void retryTakesWhatHasEndedAndRefusesTheRestWithAReason() {
    assertThat(task("pause").statusCode()).isEqualTo(200);
    Events.insert(database.jdbi(), 1, EventStatus.FAILED, InstantSource.system().instant());
    Events.insert(database.jdbi(), 1, EventStatus.SUCCESS, InstantSource.system().instant());
    Events.insert(database.jdbi(), 1, EventStatus.IGNORED, InstantSource.system().instant());
    store.append(Events.quarantined("quarantine:1", "{}"));

    for (String id : Set.of("failed-0", "success-0", "ignored-0")) {
      HttpResponse<String> answer = task("retry-event?id=" + id);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains(id, "is due now");
      assertThat(event(id).status()).isEqualTo(EventStatus.PENDING);
    }
    assertThat(task("retry-event?id=" + event("failed-0").id()).statusCode())
        .as("by its number, though it is pending: it waits no longer")
        .isEqualTo(200);
    assertThat(task("retry-event?id=quarantine:1"))
        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(409))
        .satisfies(answer -> assertThat(answer.body()).contains("is quarantined"));
    assertThat(task("retry-event?id=nobody").statusCode()).isEqualTo(404);
    assertThat(task("retry-event?id=999999").statusCode()).isEqualTo(404);
    assertThat(task("retry-event").statusCode()).isEqualTo(400);
  }

  @Test
  void eventThatIsBeingProcessedIsNotRetried() {
    sandbox.mercadoPago().faults().latency(Duration.ofSeconds(5));
    acuse.send(sandbox.notifications().webhook("payment", "42", "payment.updated"));
    await()
        .until(
            () ->
                reader.countByStatus(Scope.everything()).getOrDefault(EventStatus.PROCESSING, 0L)
                    == 1);
    long id = reader.page(Scope.everything(), EventFilter.ALL, null, 1).get(0).id();

    HttpResponse<String> answer = task("retry-event?id=" + id);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("is processing");
    sandbox.mercadoPago().faults().none();
  }

  @Test
  void failedEventsAreRetriedByTypeAndTimeAfterALookAtHowManyThereAre() {
    assertThat(task("pause").statusCode()).isEqualTo(200);
    Events.insert(database.jdbi(), 3, EventStatus.FAILED, InstantSource.system().instant());
    Events.insert(database.jdbi(), 2, EventStatus.SUCCESS, InstantSource.system().instant());

    assertThat(task("retry-failed?dry-run=true").body()).startsWith("3 failed events would be");
    assertThat(task("retry-failed?type=topic_claims").body()).startsWith("0 failed events are");
    assertThat(task("retry-failed?since=9999-01-01T00:00:00Z").body()).startsWith("0 ");
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.FAILED, 3L);

    assertThat(task("retry-failed?type=payment&since=1h").body()).startsWith("3 failed events are");
    assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.FAILED, 0L)
        .containsEntry(EventStatus.PENDING, 3L);
  }

  @Test
  void whatATaskChangedIsInTheAuditAndWhatItOnlyCountedIsNot() {
    Events.insert(database.jdbi(), 2, EventStatus.FAILED, InstantSource.system().instant());
    task("pause?by=ana");
    task("pause");
    task("retry-failed?dry-run=true");
    task("retry-event?id=failed-0");
    task("retry-event?id=nobody");
    task("retry-failed?type=payment");
    task("purge?older-than=90d");
    task("resume");

    var audit = new AuditTrail(database.jdbi(), Clock.systemUTC());
    assertThat(audit.page(null, 20))
        .extracting(OperatorAction::actor, OperatorAction::action, OperatorAction::changed)
        .containsExactly(
            tuple("the admin port", "resume", 1L),
            tuple("the admin port", "purge", 0L),
            tuple("the admin port", "retry-many", 1L),
            tuple("the admin port", "retry", 1L),
            tuple("ana", "pause", 1L));
    assertThat(audit.ofEvent(event("failed-0").id())).hasSize(1);
  }

  @Test
  void nothingIsProcessedFromPauseToResume() {
    assertThat(task("pause?by=ana").body()).startsWith("Paused");
    assertThat(task("pause").statusCode()).isEqualTo(409);
    store.append(Events.of("a", "123456"));

    HttpResponse<String> refused = task("process-due");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("paused since", "by ana");
    assertThat(event("a").status()).isEqualTo(EventStatus.PENDING);

    assertThat(task("resume").body()).startsWith("Resumed");
    assertThat(task("resume").statusCode()).isEqualTo(409);
    await().until(() -> event("a").status() == EventStatus.IGNORED);
    assertThat(task("process-due").body()).startsWith("0 events are due");
  }

  @Test
  void processDueHasTheDispatcherLookAtOnceNotAtItsNextPoll() {
    try (var its = TestDatabase.open(database.engine());
        var patient = RunningAcuse.start(its, sandbox, Map.of("dispatch.pollInterval", "1h"))) {
      processDueHasItLookAtOnce(its, patient);
    }
  }

  private static void processDueHasItLookAtOnce(TestDatabase its, RunningAcuse patient) {
    var stored = new EventStore(its.jdbi(), Clock.systemUTC(), 4);
    var appended = new AtomicInteger();

    // The dispatcher looks once by itself, at the start; what it finds then shows nothing.
    await()
        .until(
            () -> {
              stored.append(Events.of("a" + appended.incrementAndGet(), "123456"));
              return task(patient, "process-due").body().startsWith("1 events are due");
            });

    await()
        .until(
            () ->
                its.count(
                        "webhook_events WHERE status = 'ignored' AND webhook_id = 'a%d'"
                            .formatted(appended.get()))
                    == 1);
  }

  @Test
  void anEmptySpoolIsDrainedAndALoggerIsSet() {
    assertThat(task("drain-spool").body()).isEqualTo("The spool is empty.\n");
    assertThat(task("log-level?logger=dev.acuse.nobody&level=WARN").body())
        .contains("dev.acuse.nobody", "WARN");
  }

  @Test
  void purgeDeletesWhatEndedLongAgoAndKeepsFailuresUnlessTold() {
    Instant old = InstantSource.system().instant().minus(Duration.ofDays(100));
    Events.insert(database.jdbi(), 4, EventStatus.SUCCESS, old);
    Events.insert(database.jdbi(), 2, EventStatus.FAILED, old);

    assertThat(task("purge").statusCode()).isEqualTo(400);
    assertThat(task("purge?older-than=1d"))
        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(400))
        .satisfies(answer -> assertThat(answer.body()).contains("at least 5 days"));
    assertThat(task("purge?older-than=90d").body()).startsWith("4 events");
    assertThat(task("purge?older-than=90d&include-failed=true").body()).startsWith("2 events");
    assertThat(reader.countByStatus(Scope.everything()).values()).containsOnly(0L);
  }

  @Test
  void wrongCallIsRefusedWithoutAStackTrace() {
    List.of(
            "POST /tasks/nothing-of-the-kind | 404 |",
            "GET /tasks/pause | 405 |",
            "POST /tasks/pause?who=ana | 400 | Known are: by.",
            "POST /tasks/purge?older-than=soon | 400 | older-than",
            "POST /tasks/purge?older-than=90d&older-than=91d | 400 | older-than",
            "POST /tasks/retry-failed?dry-run=maybe | 400 | dry-run",
            "POST /tasks/retry-failed?since=yesterday | 400 | since",
            "POST /tasks/retry-failed?since=3parsecs | 400 | since",
            "POST /tasks/log-level?logger=dev.acuse.nobody&level=zzz | 400 | must be one of: ALL,",
            "POST /tasks/log-level?level=INFO | 400 | is missing: for example dev.acuse",
            "POST /tasks/log-level?logger=org.apache.hc&level=DEBUG | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=org&level=trace | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=root&level=DEBUG | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=ROOT&level=ALL | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=ROOT | 400 | is missing",
            "POST /tasks/log-level?logger=dev&level=DEBUG | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=dev.acuses&level=DEBUG | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=Dev.Acuse&level=DEBUG | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=%20org&level=DEBUG | 400 | must be INFO or above",
            "POST /tasks/log-level?logger=&level=DEBUG | 400 | is",
            "POST /tasks/log-level?logger=dev.acuse%E2%80%AE&level=INFO | 400 | is no name",
            "POST /tasks/log-level?logger=dev.acuse.x&logger=org&level=DEBUG | 400 | only once",
            "POST /tasks/log-level?logger=org.nobody&level=INFO | 200 | INFO",
            "POST /tasks/log-level?logger=dev.acuse.some&level=debug&duration=PT1M | 200 | DEBUG",
            "POST /tasks/gc | 200 | GC")
        .forEach(
            line -> {
              String[] parts = line.split(" \\| ?| ", 4);
              HttpResponse<String> answer = call(acuse, parts[0], parts[1]);

              assertThat(answer.statusCode()).as(line).isEqualTo(Integer.parseInt(parts[2]));
              assertThat(answer.body())
                  .as(line)
                  .contains(parts[3])
                  .doesNotContain("\tat ", "<html", "jdbc:");
            });
    assertThat(((Logger) LoggerFactory.getLogger("dev.acuse.nobody")).getLevel()).isNull();
  }

  @Test
  void brokenDatabaseIsNoReasonToPrintWhatItSaid() {
    database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE inbox_hold RENAME TO gone"));
    HttpResponse<String> answer = task("pause");
    database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE gone RENAME TO inbox_hold"));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).startsWith("The task failed; the log knows more under ");
    assertThat(answer.body()).doesNotContain("inbox_hold", "INSERT");
  }

  private HttpResponse<String> task(String nameAndQuery) {
    return task(acuse, nameAndQuery);
  }

  private static HttpResponse<String> task(RunningAcuse service, String nameAndQuery) {
    return call(service, "POST", "/tasks/" + nameAndQuery);
  }

  private static HttpResponse<String> call(RunningAcuse service, String method, String path) {
    URI uri = URI.create("http://127.0.0.1:" + service.app().getAdminPort() + path);
    return service.exchange(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  private WebhookEvent event(String webhookId) {
    return reader.findByWebhookId(Scope.everything(), webhookId).orElseThrow();
  }
}
