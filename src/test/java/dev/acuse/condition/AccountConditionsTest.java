package dev.acuse.condition;

import static dev.acuse.support.TwoAccounts.A;
import static dev.acuse.support.TwoAccounts.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.condition.Condition.Kind;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.RunMark;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.IntakeBooks;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TwoAccounts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong with one of two accounts neither hides nor begins what is wrong with the other. */
@ParameterizedClass
@EnumSource(Engine.class)
class AccountConditionsTest {
  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final Conditions conditions;
  private final RemoteSystem mercadoPago =
      new RemoteSystem(
          "mercadopago",
          new DispatchConfiguration().breakerFailures(),
          new DispatchConfiguration().probeEvery(),
          clock);

  AccountConditionsTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    var books =
        new BookKeeper(
            new Ledger(database.jdbi(), clock),
            new IntakeBooks("run"),
            null,
            clock,
            () -> new RunMark("1.2.0", "00ff", 1),
            instances -> {});
    this.conditions =
        new Conditions(
            new Conditions.Sources(
                new EventReader(database.jdbi(), clock, TwoAccounts.known()),
                Desks.of(database.jdbi(), clock, 4, TwoAccounts.known()),
                new PaymentReader(database.jdbi(), TwoAccounts.known()),
                new ReconciliationReader(database.jdbi()),
                List.of(mercadoPago),
                null,
                books,
                () -> null,
                () -> null,
                () -> null),
            new Limits(
                Duration.ofMinutes(5), 1, Duration.ofMinutes(5), Duration.ofMinutes(15), 20, null),
            TwoAccounts.accounts(),
            TwoAccounts.known(),
            clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void eachAccountHasItsOwnAndNoTwoAreOneAlert() {
    List<Condition> all = conditions.of(EnumSet.allOf(Kind.class));
    assertThat(all).extracting(Condition::key).doesNotHaveDuplicates();
    assertThat(all)
        .filteredOn(condition -> condition.kind() == Kind.FAILED)
        .extracting(Condition::account)
        .containsExactly(A, B);
    assertThat(all)
        .filteredOn(condition -> condition.kind() == Kind.UNACCOUNTED)
        .extracting(Condition::account)
        .containsExactly(Condition.INSTALLATION);
    assertThat(all).allMatch(condition -> condition.look(conditions::read) == null);
  }

  @Test
  void bothAreToldOfByName() {
    TwoAccounts.in(database.jdbi(), clock.instant());

    for (Kind kind : List.of(Kind.FAILED, Kind.MISFIT, Kind.QUARANTINE_GROWING)) {
      assertThat(problems(kind)).as(kind.code()).containsOnlyKeys(A, B);
      assertThat(problems(kind).get(A)).startsWith("main: 1 ");
      assertThat(problems(kind).get(B)).startsWith("shop-b: 1 ");
    }
    update(
        "UPDATE webhook_events SET status = 'success' WHERE status = 'failed' AND account_id = 1");
    assertThat(problems(Kind.FAILED)).containsOnlyKeys(B);
    clock.advance(Duration.ofMinutes(6));
    assertThat(problems(Kind.LATE)).containsOnlyKeys(A, B);
    update(
        "UPDATE webhook_events SET status = 'success', next_retry_at = NULL"
            + " WHERE status = 'pending' AND account_id = 2");
    assertThat(problems(Kind.LATE)).containsOnlyKeys(A);
  }

  @Test
  void aRefusedTokenIsItsAccountsAloneAndAnOutageTheInstallations() {
    fail("mp:2", new RemoteException.Unauthorized("401", 401));
    assertThat(problems(Kind.TOKEN_REFUSED)).containsOnlyKeys(B);
    assertThat(problems(Kind.TOKEN_REFUSED).get(B)).startsWith("shop-b: mercadopago refuses");
    assertThat(conditions.about(mercadoPago, Set.of(Kind.DOWN, Kind.TOKEN_REFUSED)))
        .as("the system is well")
        .allMatch(condition -> condition.look(conditions::read) == null);

    fail("mp:1", new RemoteException.Unavailable("503", 503, null, null));
    assertThat(problems(Kind.DOWN)).containsOnlyKeys(Condition.INSTALLATION);
    assertThat(problems(Kind.TOKEN_REFUSED)).containsOnlyKeys(B);
  }

  private void fail(String lane, RemoteException failure) {
    for (int i = 0; i < 10 && mercadoPago.lane(lane).isUp(); i++) {
      assertThatThrownBy(
              () ->
                  mercadoPago
                      .lane(lane)
                      .call(
                          () -> {
                            throw failure;
                          }))
          .isSameAs(failure);
    }
  }

  private void update(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  /** The sentences of what is wrong now, by the account. */
  private Map<Long, String> problems(Kind kind) {
    Map<Long, String> found = new TreeMap<>();
    for (Condition condition : conditions.of(Set.of(kind))) {
      if (condition.look(conditions::read) != null) {
        found.put(
            condition.account(),
            Objects.requireNonNull(condition.look(conditions::read)).sentence());
      }
    }
    return found;
  }
}
