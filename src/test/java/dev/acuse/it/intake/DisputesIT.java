package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.SandboxChargeback;
import dev.acuse.sandbox.mercadopago.SandboxClaim;
import dev.acuse.sandbox.mercadopago.SandboxDisputes;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chargebacks, claims and fraud alerts by real HTTP, as MercadoPago sends them. */
class DisputesIT {
  private static final String COLUMNS =
      "SELECT CONCAT(kind, ':', state, ':', mp_id, ':', COALESCE(problem, '-')) FROM disputes ORDER"
          + " BY id";

  @ParameterizedTest
  @EnumSource(Engine.class)
  void disputesAreKeptAndToldOf(Engine engine) {
    try (var bench = new Bench(engine, Map.of("alerts.every", "200ms"))) {
      SandboxDisputes disputes = bench.sandbox().mercadoPago().seller().disputes();
      long chargedBack = Long.parseLong(bench.sell());
      long claimed = Long.parseLong(bench.sell());
      long suspected = Long.parseLong(bench.sell());
      SandboxChargeback chargeback = disputes.openQuietly(chargedBack);
      SandboxClaim claim = disputes.openClaim(claimed);
      disputes.refuse(String.valueOf(claim.id()), 403);
      var make = bench.notifications().disputes();

      WebhookEvent first =
          bench.ends(
              bench.stored(make.chargeback(chargeback.id(), chargedBack)), EventStatus.SUCCESS);
      bench.ends(bench.stored(make.claim(claim.id())), EventStatus.SUCCESS);
      WebhookEvent alert =
          bench.ends(bench.stored(make.fraudAlert("123456", suspected, null)), EventStatus.SUCCESS);

      assertThat(first.resourceId()).isEqualTo(chargeback.id()).hasSize(18);
      assertThat(first.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(alert.resourceId()).isEqualTo(String.valueOf(suspected));
      assertThat(strings(bench, COLUMNS))
          .containsExactly(
              "chargeback:open:" + chargeback.id() + ":-",
              "claim:unknown:" + claim.id() + ":forbidden",
              "fraud_alert:open:" + suspected + ":unproven");
      assertThat(strings(bench, "SELECT status FROM payments ORDER BY mp_payment_id"))
          .containsOnly("charged_back", "approved");
      await()
          .untilAsserted(
              () ->
                  assertThat(strings(bench, "SELECT kind FROM alerts ORDER BY kind"))
                      .containsExactly("dispute-open", "dispute-open", "fraud-alert"));
      bench.isUnharmed();
    }
  }

  private static List<String> strings(Bench bench, String sql) {
    return bench
        .database()
        .jdbi()
        .withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }
}
