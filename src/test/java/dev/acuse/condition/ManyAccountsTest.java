package dev.acuse.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.account.AccountState;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.RunMark;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.IntakeBooks;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.SettableAccounts;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A look costs no more statements where there are many accounts, but for those that aren't well.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class ManyAccountsTest {
  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final SettableAccounts accounts = new SettableAccounts();
  private final AtomicInteger statements = new AtomicInteger();
  private final Conditions conditions;

  private final KnownAccounts known =
      new KnownAccounts() {
        @Override
        public Set<Long> ids() {
          return LongStream.rangeClosed(0, accounts.current().all().size())
              .boxed()
              .collect(Collectors.toSet());
        }

        @Override
        public List<Lane> lanesOf(long accountId) {
          return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, null));
        }
      };

  ManyAccountsTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    var config = new DispatchConfiguration();
    this.conditions =
        new Conditions(
            new Conditions.Sources(
                new EventReader(database.jdbi(), clock, known),
                Desks.of(database.jdbi(), clock, 4, known),
                new PaymentReader(database.jdbi(), known),
                new ReconciliationReader(database.jdbi()),
                List.of(
                    new RemoteSystem(
                        "mercadopago", config.breakerFailures(), config.probeEvery(), clock)),
                null,
                new BookKeeper(
                    new Ledger(database.jdbi(), clock),
                    new IntakeBooks("run"),
                    null,
                    clock,
                    () -> new RunMark("1.2.0", "00ff", 1),
                    instances -> {}),
                () -> null,
                () -> null,
                () -> null),
            new Limits(
                Duration.ofMinutes(5),
                3,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                20,
                Duration.ofMinutes(10)),
            accounts,
            known,
            clock);
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.incrementAndGet();
              }
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aLookTakesNoMoreStatementsForManyAccountsThanForTwo() {
    upTo(2);
    int forTwo = look();
    upTo(60);
    assertThat(look()).isLessThanOrEqualTo(forTwo);
  }

  @Test
  void whatIsReadOfAllAtOnceIsToldOfEach() {
    upTo(4);
    Instant now = clock.instant();
    run(2, "done", null);
    finding(2);
    run(3, "failed", now.minusSeconds(60));
    run(4, "waiting", now.minusSeconds(90));

    assertThat(problems(Kind.UNHEALED)).containsOnlyKeys(2L);
    assertThat(problems(Kind.SET_ASIDE)).containsOnlyKeys(3L, 4L);
    assertThat(problems(Kind.SILENCE)).containsOnlyKeys(2L);
    assertThat(problems(Kind.SILENCE).get(2L)).contains("1 payments", "no webhook");
    assertThat(problems(Kind.OVERDUE)).as("none has a token").isEmpty();
  }

  private void upTo(long last) {
    LongStream.rangeClosed(1, last)
        .forEach(id -> accounts.set(id, AccountState.ACTIVE, String.valueOf(1000 + id)));
  }

  /** How many statements a look at everything takes. */
  private int look() {
    statements.set(0);
    Reading reading = conditions.read();
    for (Condition condition : conditions.of(EnumSet.allOf(Kind.class))) {
      assertThat(condition.look(() -> reading)).as(condition.key()).isNull();
    }
    return statements.get();
  }

  private Map<Long, String> problems(Kind kind) {
    Map<Long, String> found = new TreeMap<>();
    Reading reading = conditions.read();
    for (Condition condition : conditions.of(Set.of(kind))) {
      Problem problem = condition.look(() -> reading);
      if (problem != null) {
        found.put(condition.account(), problem.sentence());
      }
    }
    return found;
  }

  private void run(long account, String status, @Nullable Instant gap) {
    Instant now = clock.instant();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        INSERT INTO reconciliation_runs (account_id, source, cause, dry_run,
                          window_from, window_to, reached, status, gap_from, gap_to, created_at,
                          updated_at)
                        VALUES (:account, 'mp', 'schedule', FALSE, :now, :now, :now, :status,
                          :gap, :gap, :now, :now)
                        """)
                    .bind("account", account)
                    .bind("now", now)
                    .bind("status", status)
                    .bindByType("gap", gap, Instant.class)
                    .execute());
  }

  private void finding(long account) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO reconciliation_findings (account_id, run_id, mp_payment_id,
                      mp_status, kind, found_at)
                    SELECT ?, MAX(id), '77', 'approved', 'missing', ? FROM reconciliation_runs
                    """,
                    account,
                    clock.instant()));
  }
}
