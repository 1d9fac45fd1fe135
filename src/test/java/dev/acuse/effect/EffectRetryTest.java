package dev.acuse.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.RetryPlan;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What stands under its lock decides about a retry, and not what was read before; on both engines.
 */
@ParameterizedClass
@EnumSource
class EffectRetryTest {
  private static final Subject PAYMENT = Subject.payment(7);
  private static final OperatorRequest ANA = new OperatorRequest("ana", "retry-many", "x");

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EffectFixture fixture;
  private Effects effects;
  private EffectOperations desk;

  EffectRetryTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    fixture = new EffectFixture(database.jdbi(), clock.instant());
    effects = TestEffects.of(clock);
    desk = new EffectOperations(database.jdbi(), clock, effects, TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatLeavesTheAskedStateBeforeItIsLockedIsLeftAlone() {
    long left = failed("left");
    long stays = failed("stays");
    var plan = planFailed();

    beforeTheLock("UPDATE effects SET state = 'done' WHERE id = " + left);

    assertThat(plan.matched()).isEqualTo(2);
    assertThat(plan.run()).isEqualTo(1);
    assertThat(state(left)).isEqualTo("done");
    assertThat(state(stays)).isEqualTo("waiting");
  }

  @Test
  void whatFailsAfterThePlanBeganIsOfTheNextOne() {
    failed("early");
    var plan = planFailed();

    beforeTheLock(
        """
        INSERT INTO effects (account_id, family, kind, target, name, wanted, generation, state,
          created_at, updated_at)
        SELECT account_id, family, kind, target, 'late', wanted, generation, state, created_at,
          updated_at
        FROM effects
        """);

    assertThat(plan.run()).isEqualTo(1);
    assertThat(database.count("effects WHERE state = 'failed'")).isEqualTo(1);
  }

  @Test
  void allOfManyPagesAreRetriedAndTheAuditTellsHowFarItIs() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO effects (account_id, family, kind, target, name, wanted, generation,
                      state, created_at, updated_at)
                    SELECT 1, 'standing', 'tag', n, 'x', CASE WHEN MOD(n, 10) = 0 THEN 'leave'
                      ELSE 'present' END, 1, CASE WHEN MOD(n, 11) = 0 THEN 'done'
                      ELSE 'failed' END, now(), now()
                    FROM %s(1, 1320) AS numbers (n)
                    """
                        .formatted(engine == Engine.H2 ? "SYSTEM_RANGE" : "generate_series")));
    var plan = planFailed();

    assertThat(plan.matched()).isEqualTo(1_200);
    assertThat(plan.run()).isEqualTo(1_080);

    assertThat(database.count("effects WHERE state = 'waiting'")).isEqualTo(1_080);
    assertThat(database.count("effects WHERE state = 'failed' AND wanted = 'leave'"))
        .isEqualTo(120);
    assertThat(database.count("webhook_events WHERE status = 'pending'")).isEqualTo(1_080);
    assertThat(database.count("operator_actions WHERE matched = 1200 AND changed = 1080"))
        .isEqualTo(1);
    assertThat(planFailed().run()).isZero();
  }

  @Test
  void whatWasDoneMeanwhileIsNotArmedForItsSubjectThoughItHadFailed() {
    long done = failed("done");
    long again = failed("again");
    clock.advance(Duration.ofSeconds(1));
    Rearm rearm = new Rearm(clock.instant(), true);
    beforeTheLock("UPDATE effects SET state = 'done' WHERE id = " + done);

    EffectCounts counts = settle(rearm, "done", "again");

    assertThat(state(done)).isEqualTo("done");
    assertThat(state(again)).isEqualTo("waiting");
    assertThat(counts).isEqualTo(new EffectCounts(2, 1));
  }

  @Test
  void whatFailedOnceMoreMeanwhileIsNotArmedForItsSubject() {
    long failed = failed("x");
    clock.advance(Duration.ofSeconds(1));
    Rearm rearm = new Rearm(clock.instant(), true);
    beforeTheLock("UPDATE effects SET updated_at = updated_at + INTERVAL '9' SECOND");

    settle(rearm, "x");

    assertThat(state(failed)).isEqualTo("failed");
  }

  private EffectCounts settle(Rearm rearm, String... tags) {
    Set<EffectWish> wishes =
        Set.copyOf(
            List.of(tags).stream()
                .map(tag -> new EffectWish(EffectKind.TAG, "contact", tag, "approved"))
                .toList());
    return database
        .jdbi()
        .inTransaction(
            handle ->
                effects.settle(handle, new Judged(1, PAYMENT, List.of(), false, wishes), rearm));
  }

  private RetryPlan planFailed() {
    return desk.planRetry(
        Scope.everything(), EffectFilter.ALL.withState(EffectState.FAILED), "effects", ANA);
  }

  private long failed(String tag) {
    long id = fixture.tag("contact", tag, EffectState.FAILED, PAYMENT);
    fixture.event(id, EventStatus.FAILED);
    return id;
  }

  private String state(long id) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT state FROM effects WHERE id = :id")
                    .bind("id", id)
                    .mapTo(String.class)
                    .one());
  }

  /** Another connection changes this, just before the first lock of effects is asked for. */
  private void beforeTheLock(String sql) {
    var isDone = new AtomicBoolean();
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                String asked = context.getRenderedSql();
                boolean locks = asked.contains("FROM effects") && asked.contains("FOR UPDATE");
                if (locks && isDone.compareAndSet(false, true)) {
                  try (Handle other = database.jdbi().open()) {
                    other.execute(sql);
                  }
                }
              }
            });
  }
}
