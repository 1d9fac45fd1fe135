package dev.acuse.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.database.h2.SyncFailure;
import dev.acuse.effect.CrmLanes;
import dev.acuse.effect.FoundTags;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.Outbox;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the version before has written into {@code crm_tags} becomes effects, once. */
class TagCarryOverTest {
  private static final TagRules RULES =
      new TagRules(
          Map.of(
              "approved", List.of("pagado", "cliente"),
              "refunded", List.of("reembolsado"),
              "rejected", List.of("rechazado")));

  private final ManualClock clock = ManualClock.create();

  @ParameterizedTest
  @EnumSource
  void whatWasPutOnStaysDoneAndWhatIsOutstandingGetsOneEvent(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      pending(database);
      checkout(database, 5, "maria", "open");
      payment(database, 1, "approved", "maria", null, null);
      payment(database, 2, "approved", null, 5L, null);
      payment(database, 3, "approved", "juan", null, null);
      tag(database, 1, "maria", "pagado", true);
      tag(database, 2, "maria", "pagado", true);
      tag(database, 3, "juan", "pagado", false);
      tag(database, 3, "juan", "cliente", true);

      assertThat(runAll(database)).isEqualTo(TagCarryOver.Step.DONE);

      assertThat(effects(database))
          .containsExactly(
              "juan cliente present 1 1 done false true",
              "juan pagado present 1 0 waiting true false",
              "maria pagado present 1 1 done false true");
      assertThat(reasons(database))
          .containsExactly(
              "juan cliente payment:3 approved 0",
              "juan pagado payment:3 approved 0",
              "maria pagado checkout:5 approved 0",
              "maria pagado payment:1 approved 0");
      assertThat(
              strings(
                  database,
                  """
                  SELECT e.webhook_id || ' ' || e.source || ' ' || e.event_type || ' ' || e.origin
                    || ' ' || e.lane || ' ' || e.status FROM webhook_events e
                  JOIN effects f ON f.event_id = e.id AND f.id = e.effect_id
                  """))
          .singleElement()
          .asString()
          .matches("effect:[0-9]+:1 acuse tag effect crm:location pending");
      assertThat(database.count("crm_tags")).as("nothing is dropped").isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotDueAnyMoreIsLeftAsItIs(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      pending(database);
      checkout(database, 5, "ana", "paid");
      payment(database, 1, "refunded", "maria", null, null);
      payment(database, 2, "approved", "juan", null, "amount_mismatch");
      payment(database, 3, "approved", "other", null, null);
      payment(database, 4, "rejected", null, 5L, null);
      tag(database, 1, "maria", "pagado", true);
      tag(database, 1, "maria", "reembolsado", false);
      tag(database, 2, "juan", "pagado", false);
      tag(database, 3, "before", "pagado", true);
      tag(database, 4, "ana", "rechazado", false);

      runAll(database);

      assertThat(effects(database))
          .containsExactly(
              "ana rechazado leave 1 0 done false false",
              "before pagado leave 1 1 done false true",
              "juan pagado leave 1 0 done false false",
              "maria pagado leave 1 1 done false true",
              "maria reembolsado present 1 0 waiting true false");
      assertThat(reasons(database)).containsExactly("maria reembolsado payment:1 refunded 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsForLeasesOfBeforeTheFenceAndForNoOthers(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      pending(database);
      payment(database, 1, "approved", "maria", null, null);
      tag(database, 1, "maria", "pagado", false);
      lease(database, 1);
      lease(database, 2);

      assertThat(carryOver(database).step()).isEqualTo(TagCarryOver.Step.WAITS);
      assertThat(carryOver(database).isDone()).isFalse();
      assertThat(database.count("effects")).isZero();

      execute(database, "DELETE FROM webhook_leases WHERE id = 1");
      assertThat(runAll(database)).isEqualTo(TagCarryOver.Step.DONE);
      assertThat(database.count("effects")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhereAKillLeftItAndMakesNothingTwice(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      pending(database);
      for (int i = 1; i <= 1_200; i++) {
        payment(database, i, "approved", "contact" + i % 700, null, null);
      }
      execute(
          database,
          """
          INSERT INTO crm_tags (contact_id, tag, payment_id, applied_at, created_at)
          SELECT contact_id, 'pagado', id, CASE WHEN MOD(id, 3) = 0 THEN CURRENT_TIMESTAMP END,
            CURRENT_TIMESTAMP FROM payments
          """);

      assertThat(carryOver(database).step()).isEqualTo(TagCarryOver.Step.WENT_ON);
      assertThat(database.count("effects")).isEqualTo(500);
      runAll(database);

      assertThat(database.count("effects")).isEqualTo(700);
      assertThat(database.count("effect_reasons")).isEqualTo(1_200);
      long outstanding =
          database.count(
              "(SELECT DISTINCT contact_id FROM crm_tags WHERE applied_at IS NULL) AS waiting");
      assertThat(database.count("webhook_events")).isEqualTo(outstanding);
      assertThat(database.count("effects WHERE event_id IS NOT NULL AND state = 'waiting'"))
          .isEqualTo(outstanding);

      // As after a broken file was made anew: what is there already is left alone.
      pending(database);
      runAll(database);
      assertThat(database.count("effects")).isEqualTo(700);
      assertThat(database.count("webhook_events")).isEqualTo(outstanding);
    }
  }

  private TagCarryOver carryOver(TestDatabase database) {
    var outbox =
        new Outbox(clock, AttemptsAllowed.always(4), new SyncFailure(() -> {}), new DueSignal());
    return new TagCarryOver(
        database.jdbi(), RULES, new FoundTags(outbox, clock, CrmLanes.at("location")));
  }

  private TagCarryOver.Step runAll(TestDatabase database) {
    TagCarryOver.Step step = carryOver(database).step();
    while (step == TagCarryOver.Step.WENT_ON) {
      step = carryOver(database).step();
    }
    return step;
  }

  /** A new database has nothing to carry over, and says so. */
  private static void pending(TestDatabase database) {
    execute(database, "UPDATE tag_carry_over SET done = FALSE, contact_id = '', tag = ''");
  }

  private static void payment(
      TestDatabase database,
      long id,
      String status,
      @Nullable String contact,
      @Nullable Long checkout,
      @Nullable String flag) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO payments (id, mp_payment_id, status, contact_id, checkout_id, flag,
                      created_at, updated_at)
                    VALUES (?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
                    """,
                    id,
                    "p" + id,
                    status,
                    contact,
                    checkout,
                    flag));
  }

  private static void checkout(TestDatabase database, long id, String contact, String status) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO checkouts (id, external_reference, contact_id, title, amount,
                      currency, status, created_at, updated_at)
                    VALUES (?, ?, ?, 't', 10, 'ARS', ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
                    """,
                    id,
                    "r" + id,
                    contact,
                    status));
  }

  private static void tag(
      TestDatabase database, long payment, String contact, String tag, boolean applied) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO crm_tags (contact_id, tag, payment_id, applied_at, created_at)
                    VALUES (?, ?, ?, %s, CURRENT_TIMESTAMP)
                    """
                        .formatted(applied ? "CURRENT_TIMESTAMP" : "NULL"),
                    contact,
                    tag,
                    payment));
  }

  /** The fence of a new database stands at turn 1. */
  private static void lease(TestDatabase database, long turn) {
    execute(
        database,
        """
        INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids, claim_nos)
        VALUES (%d, 'old', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, ARRAY[1], ARRAY[1])
        """
            .formatted(turn));
  }

  private static List<String> effects(TestDatabase database) {
    return strings(
        database,
        """
        SELECT target || ' ' || name || ' ' || wanted || ' ' || generation || ' ' || done_generation
          || ' ' || state || CASE WHEN event_id IS NULL THEN ' false' ELSE ' true' END
          || CASE WHEN done_at IS NULL THEN ' false' ELSE ' true' END
        FROM effects ORDER BY target, name
        """);
  }

  private static List<String> reasons(TestDatabase database) {
    return strings(
        database,
        """
        SELECT target || ' ' || name || ' ' || subject || ' ' || rule || ' ' || version
        FROM effect_reasons r JOIN effects e ON e.id = r.effect_id
        ORDER BY target, name, subject
        """);
  }

  private static List<String> strings(TestDatabase database, String query) {
    return database
        .jdbi()
        .withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }

  private static void execute(TestDatabase database, String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }
}
