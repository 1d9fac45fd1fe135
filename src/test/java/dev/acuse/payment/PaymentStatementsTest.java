package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.effect.EffectCounts;
import dev.acuse.event.Place;
import dev.acuse.support.Engine;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How many statements a payment takes: each is a round trip, and with them goes the speed. */
@ParameterizedClass
@EnumSource(Engine.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaymentStatementsTest {
  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  private final List<String> statements = new ArrayList<>();

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @BeforeEach
  void register() {
    fixture.clear();
    fixture.checkout("a1");
    fixture
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.add(context.getRenderedSql());
              }
            });
  }

  @AfterEach
  void stopCounting() {
    fixture.jdbi().setSqlLogger(SqlLogger.NOP_SQL_LOGGER);
  }

  @Test
  void aNewPaymentIsStoredLinkedAndItsTagWithIt() {
    Applied stored = apply("approved");

    assertThat(stored.effects()).isEqualTo(new EffectCounts(1, 1));
    // As many as storing it and tagging it took together, when a claim of its own was committed.
    assertThat(taken()).hasSizeLessThanOrEqualTo(15);
  }

  @Test
  void aNewPaymentWithoutTagsIsStoredAndLinked() {
    apply("pending");

    assertThat(taken())
        .hasSizeLessThanOrEqualTo(8)
        .filteredOn(sql -> sql.contains("effect"))
        .allMatch(sql -> sql.startsWith("SELECT"))
        .hasSizeLessThan(2);
  }

  @Test
  void aSecondNotificationWritesNothing() {
    apply("approved");
    taken();

    apply("approved");

    assertThat(taken()).hasSizeLessThan(6).allMatch(sql -> sql.startsWith("SELECT"));
  }

  private Applied apply(String status) {
    PaymentStore store = fixture.store();
    return store
        .applyIfLinkable(
            Place.MAIN_ACCOUNT,
            payment("7").status(status).reference("a1").build(),
            store.look(false),
            null)
        .orElseThrow();
  }

  /** The statements since the last time. */
  private List<String> taken() {
    List<String> taken = List.copyOf(statements);
    statements.clear();
    return taken;
  }
}
