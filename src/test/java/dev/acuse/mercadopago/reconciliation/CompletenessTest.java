package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
class CompletenessTest {
  private final ReconcilerFixture fixture;
  private final LocalDate day;
  private final Instant noon;

  CompletenessTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.day = LocalDate.ofInstant(fixture.clock.instant(), ZoneOffset.UTC).minusDays(1);
    this.noon = day.atTime(12, 0).toInstant(ZoneOffset.UTC);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void eachPaymentOfTheDayCountsByTheEventThatSucceededFirst() {
    event(ours(noon), "webhook", 1, "success", 1);
    long retried = ours(day.atStartOfDay().toInstant(ZoneOffset.UTC));
    event(retried, "reconciliation", 4, "failed", 1);
    event(retried, "webhook", 3, "success", 2);
    long reconciled = ours(noon.plusSeconds(1));
    event(reconciled, "webhook", 1, "success", 2);
    event(reconciled, "reconciliation", 2, "success", 1);
    ours(noon.plusSeconds(2));
    fixture.pay(noon.plusSeconds(3));
    event(
        ours(day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)), "webhook", 1, "success", 1);

    assertThat(fixture.completeness().of(Scope.everything(), day))
        .isEqualTo(
            new Completeness.Day(
                day,
                5L,
                4,
                Map.of("webhook", 1L, "retry", 1L, "reconciliation", 1L, "unknown", 1L)));
  }

  @Test
  void aDayWithoutPaymentsHasNone() {
    assertThat(fixture.completeness().of(Scope.everything(), day))
        .isEqualTo(new Completeness.Day(day, 0L, 0, Map.of()));
  }

  private long ours(Instant changed) {
    return fixture.apply(fixture.pay(changed));
  }

  private void event(long paymentId, String origin, int claimNo, String status, int finished) {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        INSERT INTO webhook_events (webhook_id, source, event_type, payment_id,
                          status, max_attempts, claim_no, raw_payload, payload_size, headers,
                          signature, last_delivered_at, origin, received_at, updated_at,
                          finished_at)
                        VALUES (:key, 'mp', 'payment', :paymentId, :status, 4, :claimNo, :body, 0,
                          '{}', 'verified', :at, :origin, :at, :at, :at)
                        """)
                    .bind("key", paymentId + origin)
                    .bind("paymentId", paymentId)
                    .bind("status", status)
                    .bind("claimNo", claimNo)
                    .bind("body", new byte[0])
                    .bind("at", noon.plusSeconds(finished))
                    .bind("origin", origin)
                    .execute());
  }
}
