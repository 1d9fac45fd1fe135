package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How complete an account's payments are, its own token says and no other's. */
class LedgerOfAccountsIT {
  private static final String ROOT = "root-token-0123456789";
  private static final String TOKEN = "APP_USR-7910-112233-canary00000001abcdef-2950";

  @Test
  void eachAccountsPaymentsAreCountedByItsOwnToken() {
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      SandboxSeller shop = sandbox.mercadoPago().seller(2950, TOKEN);
      sell(sandbox.mercadoPago().seller(), 3);
      sell(shop, 2);
      Map<String, String> settings =
          Map.of(
              "api.token",
              ROOT,
              "mercadoPago.collectorId",
              Long.toString(sandbox.mercadoPago().seller().userId()),
              "reconciliation.every",
              "0s");
      try (var acuse = RunningAcuse.start(database, sandbox, settings)) {
        HttpResponse<String> made =
            acuse.exchange(
                authorized(acuse, "/api/accounts")
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofString(
                            """
                            {"name": "shop", "mp_user_id": "2950", "access_token": "%s"}"""
                                .formatted(TOKEN)))
                    .build());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);

        await().untilAsserted(() -> assertThat(remote(acuse, "shop")).isEqualTo(2));
        assertThat(remote(acuse, "main")).isEqualTo(3);
      }
    }
  }

  private static void sell(SandboxSeller seller, int number) {
    for (int i = 0; i < number; i++) {
      seller.payDirectly(
          new SandboxPayment.Terms(
              new BigDecimal("10.00"), "ARS", null, null, seller.userId(), Map.of()),
          PaymentOutcome.APPROVED);
    }
  }

  /** Of both days that may be today's, as the test began. */
  private static int remote(RunningAcuse acuse, String account) {
    HttpResponse<String> answer =
        acuse.exchange(authorized(acuse, "/api/ledger?account=" + account).build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    int remote = 0;
    for (var day : RunningAcuse.json(answer).path("days")) {
      remote += day.path("remote").asInt();
    }
    return remote;
  }

  private static HttpRequest.Builder authorized(RunningAcuse acuse, String path) {
    return HttpRequest.newBuilder(acuse.url(path)).header("Authorization", "Bearer " + ROOT);
  }
}
