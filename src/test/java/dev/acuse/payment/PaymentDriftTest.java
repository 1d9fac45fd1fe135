package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Scope;
import dev.acuse.inbox.EffectChange;
import dev.acuse.payment.state.ListedPayment;
import dev.acuse.support.Engine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
class PaymentDriftTest {
  private final PaymentFixture fixture;

  PaymentDriftTest(Engine engine) {
    this.fixture = new PaymentFixture(engine);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void statesAreComparedNotExistence() {
    fixture.apply(payment("same").at(10));
    fixture.apply(payment("older").status("pending").at(10));
    fixture.apply(payment("detail").at(10));
    fixture.apply(payment("newer").status("refunded").at(10));
    fixture.apply(payment("tie").status("pending").at(10));
    fixture.apply(payment("undated").status("pending").at((Instant) null));
    fixture.checkout("a1");
    fixture.apply(payment("untagged").reference("a1").at(10));

    Map<String, PaymentDrift> standings =
        fixture
            .reader()
            .standings(
                Scope.everything(),
                List.of(
                    payment("same").detail("a search may tell another").at(10).build(),
                    payment("older").at(20).build(),
                    payment("detail").detail("partially_refunded").at(20).build(),
                    payment("newer").at(5).build(),
                    payment("tie").at(10).build(),
                    payment("undated").at(1).build(),
                    payment("untagged").at(10).build(),
                    payment("unknown").build()));

    assertThat(standings)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "same", PaymentDrift.CURRENT,
                "older", PaymentDrift.STALE,
                "detail", PaymentDrift.STALE,
                "newer", PaymentDrift.CURRENT,
                "tie", PaymentDrift.STALE,
                "undated", PaymentDrift.STALE,
                "untagged", PaymentDrift.UNTAGGED,
                "unknown", PaymentDrift.MISSING));
  }

  @Test
  void whereDatesSayNothingTheStageTellsWhatIsStaleAndNotTheDate() {
    Instant noon = Instant.parse("2026-03-02T12:00:00Z");
    fixture.apply(payment("behind").status("pending").at(noon.plusMillis(481)));
    fixture.apply(payment("ahead").at(noon));
    fixture.apply(payment("same").at(noon));
    fixture.apply(payment("later").at(noon));

    assertThat(
            fixture
                .reader()
                .standings(
                    Scope.everything(),
                    List.of(
                        payment("behind").at(noon).build(),
                        payment("ahead").status("pending").at(noon.plusMillis(999)).build(),
                        payment("same").at(noon.plusMillis(481)).build(),
                        payment("later").at(noon.plusSeconds(2)).build())))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "behind", PaymentDrift.STALE,
                "ahead", PaymentDrift.CURRENT,
                "same", PaymentDrift.CURRENT,
                "later", PaymentDrift.STALE));
  }

  @Test
  void orderThatListsALaterStageOfTheSameMomentIsAhead() {
    Instant noon = Instant.parse("2026-03-02T12:00:00Z");
    fixture.apply(payment("behind").status("pending").at(noon.plusMillis(481)));
    fixture.apply(payment("ahead").at(noon));

    assertThat(
            fixture
                .reader()
                .behind(
                    Scope.everything(),
                    List.of(
                        new ListedPayment("behind", "approved", noon.minusMillis(600), null),
                        new ListedPayment("ahead", "pending", noon.plusMillis(1_542), null))))
        .containsExactly("behind");
  }

  @Test
  void tagThatIsOnTheContactIsNotMissing() {
    fixture.checkout("a1");
    fixture.apply(payment("7").reference("a1"));
    fixture.endEffects(EffectChange.Kind.DONE);

    assertThat(fixture.reader().standings(Scope.everything(), List.of(payment("7").build())))
        .containsEntry("7", PaymentDrift.CURRENT);
    assertThat(fixture.reader().standings(Scope.everything(), List.of())).isEmpty();
  }
}
