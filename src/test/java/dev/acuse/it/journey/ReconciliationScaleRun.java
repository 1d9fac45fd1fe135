package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.FreePorts;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A window with very many payments, in a process with little memory. */
class ReconciliationScaleRun {
  private static final long FIRST_ID = 138_400_000_000L;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private long heapMegabytes;

  @AfterEach
  void close() {
    sandbox.close();
  }

  @ParameterizedTest
  @CsvSource({"POSTGRESQL, 100000", "H2, 20000"})
  void windowIsComparedWithinThePagingLimitsInFlatMemoryWhileWebhooksAreTaken(
      Engine engine, int number) throws Exception {
    Instant first = InstantSource.system().instant().minus(Duration.ofHours(60));
    for (int i = 0; i < number; i++) {
      sandbox
          .mercadoPago()
          .put(
              SandboxPayment.of(
                  FIRST_ID + i,
                  BigDecimal.TEN,
                  sandbox.options().credentials().collectorId(),
                  PaymentOutcome.APPROVED,
                  // a hundred and fifty at each moment
                  first.plusSeconds(i / 150)));
    }
    int adminPort = FreePorts.next();
    try (TestDatabase database = TestDatabase.open(engine)) {
      database.disconnect();
      Map<String, String> settings =
          Map.of("ADMIN_PORT", String.valueOf(adminPort), "ACUSE_WORKERS", "1");
      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, settings)) {
        assertThat(acuse.post("/api/reconciliation", "")).isEqualTo(202);
        await()
            .atMost(Duration.ofMinutes(8))
            .pollInterval(Duration.ofMillis(500))
            .until(
                () -> {
                  Sales.notify(acuse, sandbox, String.valueOf(FIRST_ID));
                  heapMegabytes = Math.max(heapMegabytes, heap(adminPort));
                  return acuse.json("/api/reconciliation/1").path("status").asText().equals("done");
                });
        JsonNode run = acuse.json("/api/reconciliation/1");
        System.out.printf(
            "reconciliation of %,d payments on %s: %d ms, %d requests, at most %d MB of heap%n",
            number,
            engine,
            run.path("busy_millis").asLong(),
            sandbox.mercadoPago().requestCount("/v1/payments/search"),
            heapMegabytes);
        assertThat(run.path("remote").asInt()).isEqualTo(number);
        assertThat(run.path("known").asInt() + run.path("missing").asInt()).isEqualTo(number);
        assertThat(heapMegabytes).as("of 256").isLessThan(250);
      }
    }
  }

  private long heap(int adminPort) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    String body = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    return RunningAcuse.json(body)
            .path("gauges")
            .path("jvm.memory.heap.used")
            .path("value")
            .asLong()
        >> 20;
  }
}
