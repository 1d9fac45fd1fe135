package dev.acuse.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.alert.AlertBundle;
import dev.acuse.alert.AlertStore;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
class RetentionTest {
  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventReader reader;
  private final ReconciliationStore reconciliations;
  private final ReconciliationReader comparisons;
  private final AlertStore alerts;

  RetentionTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    this.reconciliations = new ReconciliationStore(database.jdbi(), clock);
    this.comparisons = new ReconciliationReader(database.jdbi());
    this.alerts = new AlertStore(database.jdbi(), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void onlyWhatEndedWellLongAgoIsDeleted() {
    Instant longAgo = clock.instant().minus(Duration.ofDays(91));
    Events.insert(database.jdbi(), 1_200, EventStatus.SUCCESS, longAgo);
    Events.insert(database.jdbi(), 2, EventStatus.IGNORED, clock.instant());
    Events.insert(database.jdbi(), 3, EventStatus.FAILED, longAgo);
    Events.insert(database.jdbi(), 4, EventStatus.QUARANTINED, longAgo);
    run(longAgo, "done", "healed");
    run(longAgo, "done", null);
    run(longAgo, "failed", "healed");
    run(clock.instant(), "done", "healed");
    alerts.raise(
        new Condition(Kind.SILENCE, Condition.MAIN, "", any -> null), "nothing comes", true);

    purge();

    assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.SUCCESS, 0L)
        .containsEntry(EventStatus.IGNORED, 2L)
        .containsEntry(EventStatus.FAILED, 3L)
        .containsEntry(EventStatus.QUARANTINED, 4L);
    assertThat(comparisons.page(Scope.everything(), null, 9))
        .as("what is not healed, and the last one")
        .hasSize(2);
    assertThat(count("alerts")).as("it lasts").isEqualTo(1);

    clock.advance(Duration.ofDays(91));
    purge();

    assertThat(comparisons.page(Scope.everything(), null, 9)).hasSize(2);
    assertThat(count("alerts")).as("it still lasts").isEqualTo(1);
  }

  private void purge() {
    Retention.purge(
        List.of(
            Retention.Purge.events(Desks.of(database.jdbi(), clock, 4)),
            new Retention.Purge("comparisons", reconciliations::purge),
            AlertBundle.retention(database.jdbi(), clock)),
        Duration.ofDays(90));
  }

  private long count(String table) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("SELECT COUNT(*) FROM " + table).mapTo(Long.class).one());
  }

  /** A run that ended then, with one finding. */
  private void run(Instant at, String status, @Nullable String healed) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle
                  .createUpdate(
                      """
                      INSERT INTO reconciliation_runs (source, cause, dry_run, window_from,
                        window_to, reached, status, created_at, updated_at, finished_at)
                      VALUES ('mp', 'schedule', FALSE, :at, :at, :at, :status, :at, :at, :at)
                      """)
                  .bind("at", at)
                  .bind("status", status)
                  .execute();
              handle
                  .createUpdate(
                      """
                      INSERT INTO reconciliation_findings (run_id, mp_payment_id, mp_status, kind,
                        found_at, healed_at)
                      VALUES ((SELECT MAX(id) FROM reconciliation_runs), '1', 'approved',
                        'missing', :at, :healedAt)
                      """)
                  .bind("at", at)
                  .bindByType("healedAt", healed == null ? null : at, Instant.class)
                  .execute();
            });
  }
}
