package dev.acuse.payment;

import static dev.acuse.payment.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import java.time.Duration;
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
  void tagThatIsOnTheContactIsNotMissing() {
    fixture.checkout("a1");
    Payment paid = fixture.apply(payment("7").reference("a1")).payment();
    PaymentStore store = fixture.store();
    store.markApplied(store.claimTags(paid.id(), "token", Duration.ofMinutes(1)));

    assertThat(fixture.reader().standings(Scope.everything(), List.of(payment("7").build())))
        .containsEntry("7", PaymentDrift.CURRENT);
    assertThat(fixture.reader().standings(Scope.everything(), List.of())).isEmpty();
  }
}
