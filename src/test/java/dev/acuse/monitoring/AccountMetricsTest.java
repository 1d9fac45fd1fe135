package dev.acuse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.account.AccountState;
import dev.acuse.condition.Reading;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.EventCounts;
import dev.acuse.mercadopago.reconciliation.ComparedAccounts;
import dev.acuse.mercadopago.reconciliation.SettableAccounts;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.ManualClock;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccountMetricsTest {
  private static final Duration LATE = Duration.ofMinutes(5);

  private final ManualClock clock = ManualClock.create();
  private final SettableAccounts accounts = new SettableAccounts();
  private final RemoteSystem mercadoPago =
      new RemoteSystem("mercadopago", 5, Duration.ofSeconds(10), clock);
  private final RemoteSystem crm =
      new RemoteSystem("gohighlevel", 5, Duration.ofSeconds(10), clock);
  private final Map<Long, Long> failed = new HashMap<>();
  private final Map<Long, Long> misfits = new HashMap<>();
  private final Map<Lane, Instant> due = new HashMap<>();

  private final KnownAccounts known =
      new KnownAccounts() {
        @Override
        public Set<Long> ids() {
          return Set.of(NO_ACCOUNT, 1L, 2L, 3L, 4L);
        }

        @Override
        public List<Lane> lanesOf(long accountId) {
          return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, null));
        }
      };

  @Test
  void eachSeriesCarriesTheValueOfItsOwnAccount() {
    several(4);
    failed.put(2L, 7L);
    failed.put(3L, 1_000L);
    misfits.put(3L, 4L);
    due.put(Lane.mercadoPago(2), clock.instant().minus(Duration.ofMinutes(20)));
    due.put(Lane.crm(2, null), clock.instant().minus(Duration.ofMinutes(30)));
    due.put(Lane.mercadoPago(3), clock.instant().minus(Duration.ofMinutes(1)));
    due.put(Lane.mercadoPago(4), clock.instant().minus(LATE));
    refuse(mercadoPago, Lane.mercadoPago(1));
    refuse(crm, Lane.crm(1, null));
    refuse(crm, Lane.crm(3, null));

    Map<String, Map<String, Double>> series = collect();

    assertThat(series.get("acuse_account_failed"))
        .isEqualTo(Map.of("main", 0.0, "a2", 7.0, "a3", 1000.0));
    assertThat(series.get("acuse_account_misfits"))
        .isEqualTo(Map.of("main", 0.0, "a2", 0.0, "a3", 4.0));
    assertThat(series.get("acuse_account_oldest_due_seconds"))
        .isEqualTo(Map.of("main", 0.0, "a2", 1800.0, "a3", 60.0));
    assertThat(series.get("acuse_account_held_back"))
        .isEqualTo(Map.of("main", 2.0, "a2", 0.0, "a3", 1.0));
  }

  @Test
  void whatAPausedAccountHasDueIsNotLate() {
    several(2);
    accounts.set(2, AccountState.PAUSED, null);
    due.put(Lane.mercadoPago(1), clock.instant().minus(LATE).minusSeconds(1));
    due.put(Lane.mercadoPago(2), clock.instant().minus(Duration.ofDays(1)));

    assertThat(collect().get("acuse_account_oldest_due_seconds")).isEqualTo(Map.of("main", 301.0));
  }

  @Test
  void ofMoreThanFiftyTheWorstAreShown() {
    several(AccountMetrics.MOST + 2);
    for (long id = 1; id <= AccountMetrics.MOST + 2; id++) {
      failed.put(id, id);
    }

    assertThat(collect().get("acuse_account_failed"))
        .hasSize(AccountMetrics.MOST)
        .containsEntry("a52", 52.0)
        .containsEntry("a3", 3.0)
        .doesNotContainKeys("main", "a2");
  }

  @Test
  void oneAccountAloneHasNoSeries() {
    failed.put(1L, 7L);

    assertThat(collect().values()).allSatisfy(values -> assertThat(values).isEmpty());
  }

  private void several(int last) {
    for (long id = 2; id <= last; id++) {
      accounts.set(id, AccountState.ACTIVE, null);
    }
  }

  private static void refuse(RemoteSystem system, Lane lane) {
    assertThatThrownBy(
            () ->
                system
                    .lane(lane.code())
                    .call(
                        () -> {
                          throw new RemoteException.Unauthorized("the token was revoked", 401);
                        }))
        .isInstanceOf(RemoteException.Unauthorized.class);
  }

  /** The values by the names of the metric and of the account. */
  private Map<String, Map<String, Double>> collect() {
    var reading =
        new Reading(
            new Backlog(new EventCounts(Map.of(), Map.of()), due, Map.of()),
            null,
            0,
            List.of(),
            new Reading.ByAccount(failed, Map.of(), misfits, () -> ComparedAccounts.NONE));
    var metrics =
        new AccountMetrics(
            new InboxReader(() -> reading, Runnable::run),
            accounts,
            known,
            List.of(mercadoPago, crm),
            LATE,
            clock);
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    for (MetricSnapshot snapshot : metrics.collect()) {
      Map<String, Double> values = new HashMap<>();
      snapshot
          .getDataPoints()
          .forEach(
              point ->
                  values.put(
                      String.valueOf(point.getLabels().get("account")),
                      ((GaugeDataPointSnapshot) point).getValue()));
      series.put(snapshot.getMetadata().getName(), values);
    }
    return series;
  }
}
