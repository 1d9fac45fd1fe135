package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Engine;
import java.time.Duration;
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

  @SuppressWarnings("NullAway.Init")
  private CustomerTagger tagger;

  private final List<String> statements = new ArrayList<>();

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
    tagger = new CustomerTagger(fixture.store(), new RecordingCrm(), Duration.ofMinutes(1), false);
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
  void aNewPaymentIsStoredLinkedAndTagged() throws Exception {
    Applied stored = apply("approved");
    assertThat(taken()).hasSize(8);

    assertThat(tagger.tag(stored)).isEqualTo(TagResult.TAGGED);
    assertThat(taken()).hasSize(7);
  }

  @Test
  void aNewPaymentWithoutTagsIsStoredAndLinked() throws Exception {
    Applied stored = apply("pending");
    assertThat(taken()).hasSize(6);

    assertThat(tagger.tag(stored)).isEqualTo(TagResult.NOTHING_DUE);
    assertThat(taken()).isEmpty();
  }

  @Test
  void aSecondNotificationWritesNothing() throws Exception {
    tagger.tag(apply("approved"));
    taken();

    Applied again = apply("approved");
    assertThat(taken()).hasSize(4).allMatch(sql -> sql.startsWith("SELECT"));

    assertThat(tagger.tag(again)).isEqualTo(TagResult.NOTHING_DUE);
    assertThat(taken()).isEmpty();
  }

  private Applied apply(String status) {
    PaymentStore store = fixture.store();
    return store
        .applyIfLinkable(payment("7").status(status).reference("a1").build(), store.look(false))
        .orElseThrow();
  }

  /** The statements since the last time. */
  private List<String> taken() {
    List<String> taken = List.copyOf(statements);
    statements.clear();
    return taken;
  }
}
