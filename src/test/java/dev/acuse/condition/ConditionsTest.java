package dev.acuse.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.Restored;
import dev.acuse.inbox.RunMark;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.IntakeBooks;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.PacedRate;
import dev.acuse.remote.Rate;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** When each condition begins, and that it ends. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class ConditionsTest {
  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventStore events;
  private final EventOperations operations;
  private final AtomicLong nanos = new AtomicLong();
  private final RemoteSystem mercadoPago =
      new RemoteSystem(
          "mercadopago",
          new DispatchConfiguration().breakerFailures(),
          new DispatchConfiguration().probeEvery(),
          clock,
          code ->
              code.equals("mp:9")
                  ? new PacedRate(code, 80, 1_000_000, () -> 1, nanos::get)
                  : Rate.UNLIMITED);

  @TempDir private Path folder;
  private Spool spool;
  private Conditions conditions;
  private BookKeeper books;
  private final AtomicInteger instances = new AtomicInteger();

  private @Nullable Restored restored;
  private @Nullable String keyTrouble;

  ConditionsTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.events = new EventStore(database.jdbi(), clock, 4);
    this.operations = Desks.of(database.jdbi(), clock, 4);
  }

  @BeforeEach
  void open() throws Exception {
    spool = Spool.open(folder, 1 << 20, () -> {});
    books =
        new BookKeeper(
            new Ledger(database.jdbi(), clock),
            new IntakeBooks("run"),
            spool,
            clock,
            () -> new RunMark("1.2.0", "00ff", 0),
            instances::set);
    conditions =
        new Conditions(
            new Conditions.Sources(
                new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE),
                operations,
                new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE),
                new ReconciliationReader(database.jdbi()),
                List.of(mercadoPago),
                spool,
                books,
                () -> null,
                () -> restored,
                () -> keyTrouble),
            new Limits(
                Duration.ofMinutes(5),
                3,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                20,
                Duration.ofMinutes(10)),
            Accounts.fixed(EnvironmentAccount.NONE.alone()),
            TestAccounts.MAIN_ALONE,
            clock);
  }

  @AfterEach
  void close() throws Exception {
    spool.close();
    database.close();
  }

  /** They have lists of their own. */
  private static final EnumSet<Kind> PASSING =
      EnumSet.of(
          Kind.UNHANDLED_TOPIC,
          Kind.DISPUTE,
          Kind.DISPUTE_DEADLINE,
          Kind.DISPUTES_MANY,
          Kind.FRAUD_ALERT);

  @Test
  void nothingIsWrongAtTheBeginning() {
    assertThat(conditions.of(EnumSet.allOf(Kind.class)))
        .allSatisfy(
            condition ->
                assertThat(condition.look(conditions::read)).as(condition.kind().code()).isNull())
        .extracting(Condition::kind)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(PASSING));
    assertThat(Kind.values()).extracting(Kind::code).doesNotHaveDuplicates();
  }

  @Test
  void manyQuarantinedWithinAnHourAreTold() {
    for (int i = 0; i < 3; i++) {
      assertThat(problem("quarantine-growing")).as("%s so far", i).isNull();
      events.append(Events.quarantined("q" + i, "{}"));
    }

    assertThat(problem("quarantine-growing")).contains("3 webhooks", "MP_WEBHOOK_SECRET");
    clock.advance(Duration.ofMinutes(61));
    assertThat(problem("quarantine-growing")).isNull();
  }

  @Test
  void keysThatDoNotFitAreTold() {
    keyTrouble = "there is no acuse.key";

    assertThat(problem("account-keys")).contains("there is no acuse.key");
  }

  @Tag("slow")
  @Test
  void anInstanceWithOtherSettingsIsTold() throws Exception {
    var ledger = new Ledger(database.jdbi(), clock);
    Instant now = clock.instant();
    var none = new IntakeTally(0, 0, 0, 0, 0, 0, Map.of());
    ledger.write("same", "same", now, none, new RunMark("1.2.0", "00ff", 0));
    ledger.write("before", "before", now, none);
    books.start();
    try {
      await().until(() -> instances.get() == 3);
      assertThat(problem("settings-differ")).isNull();
      ledger.write("other", "other", now, none, new RunMark("1.2.0", "ff00", 0));
      await().until(() -> instances.get() == 4);
      assertThat(problem("settings-differ")).contains("than this one: other:");
    } finally {
      books.stop();
    }
  }

  @Test
  void whatALaneHoldsBackByRightIsNotLate() throws Exception {
    Lane limited = Lane.mercadoPago(9);
    events.append(Events.pending("limited", limited));
    clock.advance(Duration.ofMinutes(6));
    assertThat(problem("backlog-late")).as("nobody works on it").contains("360 s");

    for (int i = 0; i < 80; i++) {
      mercadoPago.lane(limited.code()).call(() -> "as many calls as its rate allows");
      nanos.addAndGet(Duration.ofMillis(125).toNanos());
    }
    assertThat(problem("backlog-late")).isNull();
    events.append(Events.pending("payment"), clock.instant().minus(Duration.ofMinutes(7)));
    assertThat(problem("backlog-late")).as("in another lane").contains("420 s");
    fail(new RemoteException.Unauthorized("401", 401));
    assertThat(problem("backlog-late")).as("told of as refused").isNull();
  }

  @Test
  void aRestoredBackupIsNewsForADay() {
    Instant now = clock.instant();
    restored = new Restored(now.minus(Duration.ofDays(3)), now);

    assertThat(problem("backup-restored"))
        .contains(String.valueOf(now.minus(Duration.ofDays(3))), "reconciliation fetches");
    clock.advance(Duration.ofHours(25));
    assertThat(problem("backup-restored")).isNull();
  }

  @Test
  void failedEventsAreToldWithTheLatestReason() {
    Events.insert(database.jdbi(), 2, EventStatus.FAILED, clock.instant());

    assertThat(problem("event-failed")).contains("2 events have failed", "failed-1");
    assertThat(problem("account-mismatch")).isNull();

    update(
        "UPDATE webhook_events SET last_error_kind = 'account_mismatch' WHERE webhook_id ="
            + " 'failed-1'");
    assertThat(problem("account-mismatch")).contains("1 events lead to another account");
  }

  @Test
  void paymentsThatDoNotFitAreToldUntilTheyAreAcceptedOrPaidBack() {
    for (String id : List.of("101", "102")) {
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      """
                      INSERT INTO payments (mp_payment_id, status, flag, created_at, updated_at)
                      VALUES (?, 'approved', 'amount_mismatch', ?, ?)
                      """,
                      id,
                      clock.instant(),
                      clock.instant()));
    }

    assertThat(problem("payment-misfit"))
        .contains("2 approved payments do not fit", "102", "amount_mismatch");
    update("UPDATE payments SET accepted_at = created_at WHERE mp_payment_id = '101'");
    assertThat(problem("payment-misfit")).contains("1 approved payments");
    update("UPDATE payments SET status = 'refunded' WHERE mp_payment_id = '102'");
    assertThat(problem("payment-misfit")).isNull();
  }

  private void update(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  @Test
  void spoolIsToldWhileSomethingWaitsInIt() throws Exception {
    spool.append(List.of(new Arrival(Events.pending("a"), clock.instant(), clock.instant())));

    assertThat(problem("spool-in-use")).contains("the database is out or slow");
  }

  @Test
  void downstreamIsToldOnceItHasBeenOutForLong() throws Exception {
    fail(new RemoteException.Unavailable("503", 503, null, null));
    assertThat(problem("downstream-out")).as("just now").isNull();
    clock.advance(Duration.ofMinutes(4));
    assertThat(problem("downstream-out")).isNull();
    clock.advance(Duration.ofMinutes(2));

    assertThat(problem("downstream-out")).contains("mercadopago has been out since");
    assertThat(problem("token-refused")).isNull();
    mercadoPago.lane("mp:1").call(() -> "it answers again");
    assertThat(problem("downstream-out")).isNull();
  }

  @Test
  void refusedTokenIsToldAtOnce() throws Exception {
    fail(new RemoteException.Unauthorized("MercadoPago answered 401", 401));

    assertThat(problem("token-refused"))
        .contains("mercadopago refuses our token", "(MercadoPago answered 401)");
  }

  @Test
  void noTokenYetIsNoOutage() {
    mercadoPago.lane("mp:1").lacksToken();
    assertThat(problem("no-token")).as("nothing was to be asked yet").isNull();
    fail(RemoteException.NotSetUp.noToken("no access token is set yet"));
    clock.advance(Duration.ofMinutes(6));

    assertThat(problem("no-token")).startsWith("no token yet");
    assertThat(problem("downstream-down")).isNull();
    assertThat(problem("downstream-out")).isNull();
    assertThat(problem("token-refused")).isNull();
  }

  private void fail(RemoteException failure) {
    for (int i = 0; i < 10 && mercadoPago.isUp(); i++) {
      assertThatThrownBy(
              () ->
                  mercadoPago
                      .lane("mp:1")
                      .call(
                          () -> {
                            throw failure;
                          }))
          .isSameAs(failure);
    }
    assertThat(mercadoPago.isUp()).isFalse();
  }

  @Test
  void reconciliationIsOverdueAfterThreeOfItsTimesAndSomeMinutes() {
    clock.advance(Duration.ofMinutes(39));
    assertThat(problem("reconciliation-overdue")).as("none was ever through").isNull();
    clock.advance(Duration.ofMinutes(2));
    assertThat(problem("reconciliation-overdue")).contains("no reconciliation");

    done(clock.instant());
    assertThat(problem("reconciliation-overdue")).isNull();
    clock.advance(Duration.ofMinutes(41));
    assertThat(problem("reconciliation-overdue")).contains("no reconciliation");
  }

  @Test
  void windowThatIsSetAsideIsToldUntilItsGapIsClosed() {
    assertThat(problem("reconciliation-set-aside")).isNull();
    update(
        """
        INSERT INTO reconciliation_runs (source, cause, dry_run, window_from, window_to, reached,
          status, error, gap_from, gap_to, created_at, updated_at)
        VALUES ('mp', 'schedule', FALSE, '2026-03-01 00:00:00+00', '2026-03-03 00:00:00+00',
          '2026-03-01 10:00:00+00', 'failed', 'a search out of order', '2026-03-01 10:00:00+00',
          '2026-03-02 00:00:00+00', '2026-03-02 00:00:00+00', '2026-03-02 00:00:00+00')
        """);

    assertThat(problem("reconciliation-set-aside"))
        .contains("1 windows", "2026-03-01T10:00:00Z", "2026-03-02T00:00:00Z", "out of order");
    update("UPDATE reconciliation_runs SET gap_from = NULL, gap_to = NULL");
    assertThat(problem("reconciliation-set-aside")).isNull();
  }

  @Test
  void silenceIsToldWhenPaymentsChangeAndNoWebhookComesForManyUsualGaps() {
    done(clock.instant());
    for (int i = 0; i < 10; i++) {
      events.append(Events.pending("w" + i));
      clock.advance(Duration.ofMinutes(2));
    }
    Instant last = clock.instant().minus(Duration.ofMinutes(2));
    clock.advance(Duration.ofMinutes(30));
    assertThat(problem("silence")).as("nothing was missed").isNull();
    missed("138400000001");
    assertThat(problem("silence")).as("less than twenty gaps of two minutes").isNull();
    clock.advance(Duration.ofMinutes(20));

    assertThat(problem("silence"))
        .contains("MercadoPago is not reaching us: 1 payments changed", last.toString());
    events.append(Events.pending("at last"));
    assertThat(problem("silence")).isNull();
  }

  @Test
  void silenceIsToldWhereNoWebhookEverCame() {
    missed("138400000001");

    assertThat(problem("silence")).contains("no webhook has ever arrived");
  }

  @Test
  void anEventIsLateWhenItHasBeenDueForLongUnlessTheInboxIsPaused() {
    events.append(Events.pending("a"));
    clock.advance(Duration.ofMinutes(5));
    assertThat(problem("backlog-late")).as("not yet").isNull();
    clock.advance(Duration.ofSeconds(1));

    assertThat(problem("backlog-late")).isEqualTo("an event has been due for 301 s");
    operations.pause("ana");
    assertThat(problem("backlog-late")).isNull();
    assertThat(problem("paused")).isEqualTo("ana");
    operations.resume("ana");
    assertThat(problem("backlog-late")).isNotNull();
  }

  private @Nullable String problem(String code) {
    List<Condition> found = new ArrayList<>(conditions.of(EnumSet.allOf(Kind.class)));
    found.removeIf(condition -> !condition.kind().code().equals(code));
    assertThat(found).hasSize(1);
    Problem problem = found.get(0).look(conditions::read);
    return problem == null ? null : problem.sentence();
  }

  private void done(Instant at) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("DELETE FROM reconciliation_state");
              handle
                  .createUpdate(
                      "INSERT INTO reconciliation_state (source, watermark, done_at)"
                          + " VALUES ('mp', :at, :at)")
                  .bind("at", at)
                  .execute();
            });
  }

  /** A scheduled run that found a payment of which no webhook told. */
  private void missed(String mpPaymentId) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle
                  .createUpdate(
                      """
                      INSERT INTO reconciliation_runs (source, cause, dry_run, window_from,
                        window_to, reached, status, created_at, updated_at)
                      VALUES ('mp', 'schedule', FALSE, :now, :now, :now, 'done', :now, :now)
                      """)
                  .bind("now", clock.instant())
                  .execute();
              handle
                  .createUpdate(
                      """
                      INSERT INTO reconciliation_findings (run_id, mp_payment_id, mp_status, kind,
                        found_at)
                      VALUES ((SELECT MAX(id) FROM reconciliation_runs), :id, 'approved',
                        'missing', :now)
                      """)
                  .bind("id", mpPaymentId)
                  .bind("now", clock.instant())
                  .execute();
            });
  }
}
