package dev.acuse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.bench.PackagedService.Program;
import dev.acuse.sandbox.CheckoutTraffic;
import dev.acuse.sandbox.PaymentAnnouncer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.TrafficPlan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;

/**
 * How much memory the service needs while two hundred webhooks a second come and are worked on:
 * customers register checkouts and pay, each payment is announced twice and out of order, looked
 * up, stored, and its customer tagged at the rate that GoHighLevel allows.
 */
final class SmallMachineBench {
  private static final String HEAP = "-Xmx96m";

  /** Each customer leads to some eight notifications, repeated ones included. */
  private static final Duration PACE = Duration.ofMillis(48);

  private static final int SECONDS = Rounds.COUNT * Rounds.SECONDS;
  private static final int CUSTOMERS = (int) (SECONDS * 1_000L / PACE.toMillis());
  private static final long SEED = 1;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private SmallMachineBench() {}

  static void report(BenchReport report) {
    List<String> options = new ArrayList<>(StartBench.installed());
    options.add(HEAP);
    var program =
        new Program("now", ChildJava.JAR.toAbsolutePath(), Path.of("config.yml"), options);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        PackagedService service = PackagedService.start(program, null, settings(sandbox))) {
      service.awaitFirstAnswer(
          new SignedRequests(
              "/webhooks/mp",
              sandbox.options().credentials().webhookSecret(),
              Backlogs.TYPE,
              SEED));
      URI acuse = URI.create("http://127.0.0.1:" + service.port());
      var announcer =
          new PaymentAnnouncer(
              sandbox.notifier(acuse.resolve("/webhooks/mp")),
              SEED,
              List.of(Duration.ofSeconds(2)));
      sandbox.mercadoPago().onPaymentChanged(announcer);
      long start = System.nanoTime();
      double seconds;
      try (var traffic =
          new CheckoutTraffic(
              new TrafficPlan(acuse, null, CUSTOMERS, PACE, SEED), sandbox, timer, line -> {})) {
        traffic.start();
        Awaitility.await().atMost(PATIENCE).until(() -> traffic.done().isDone());
        seconds = (System.nanoTime() - start) / 1e9;
      }
      double own = service.megabytes("RssAnon");
      double ofFiles = service.megabytes("RssFile");
      int tagged = awaitTags(sandbox, acuse);
      if (announcer.givenUp() > 0) {
        throw new IllegalStateException(announcer.givenUp() + " notifications were given up");
      }
      report.ratio(
          "webhooks with their payments and tags, " + HEAP + ": resident at most, MB",
          "%.0f".formatted(service.megabytes("VmHWM")),
          "–",
          "≤ 256");
      report.figure(
          "webhooks with their payments and tags, " + HEAP,
          "%.0f a second for %.0f s; at their end %.0f MB of its own, and %.0f of files, which the system may take back; %d customers tagged"
              .formatted(announcer.accepted() / seconds, seconds, own, ofFiles, tagged));
    } finally {
      timer.shutdownNow();
    }
  }

  /** Until nothing is left to do: who has the money back before the look-up is never tagged. */
  private static int awaitTags(Sandbox sandbox, URI acuse) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> openEvents(acuse) == 0);
    return sandbox.goHighLevel().tagCalls().size();
  }

  private static long openEvents(URI acuse) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(acuse.resolve("/api/stats")).build();
    byte[] answer = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    JsonNode events = JSON.readTree(answer).path("events");
    return events.path("pending").asLong() + events.path("processing").asLong();
  }

  private static Map<String, String> settings(Sandbox sandbox) {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    Map<String, String> settings = new HashMap<>();
    settings.put("MP_BASE_URL", sandbox.mercadoPagoUrl().toString());
    settings.put("MP_ACCESS_TOKEN", credentials.accessToken());
    settings.put("MP_WEBHOOK_SECRET", credentials.webhookSecret());
    settings.put("GHL_BASE_URL", sandbox.goHighLevelUrl().toString());
    settings.put("GHL_TOKEN", credentials.goHighLevelToken());
    settings.put("GHL_REQUESTS_PER_10S", "99");
    // Each change is told of by IPN, too, which is a hint: all hints here are MercadoPago's.
    settings.put("ACUSE_HINTS_PER_SECOND", "1000");
    // All come from one address, which MercadoPago's do not.
    settings.put("ACUSE_CONNECTIONS_PER_ADDRESS", "0");
    return settings;
  }
}
