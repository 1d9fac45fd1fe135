package dev.acuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.acuse.sandbox.PaymentAnnouncer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.gohighlevel.TagCall;
import dev.acuse.sandbox.http.BoundedExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What has come of a demo: by the service's API, and by what the sandbox has seen. */
final class DemoBooks {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** So few that a page of them is read whole. */
  private static final int PAGE = 50;

  private final Sandbox sandbox;
  private final PaymentAnnouncer announcer;
  private final URI acuse;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param announcer tells the service of payments
   * @param acuse the service's address
   */
  DemoBooks(Sandbox sandbox, PaymentAnnouncer announcer, URI acuse) {
    this.sandbox = sandbox;
    this.announcer = announcer;
    this.acuse = acuse;
  }

  /** One line: how far it is. */
  String progress() {
    return "%d payments so far; %d calls have tagged contacts; the inbox: %s"
        .formatted(
            sandbox.mercadoPago().payments().size(),
            sandbox.goHighLevel().tagCalls().size(),
            inbox());
  }

  /** How many events are in each status. */
  private String inbox() {
    JsonNode events = get("/api/stats").path("events");
    if (events.isMissingNode()) {
      return "no answer";
    }
    List<String> counts = new ArrayList<>();
    events
        .properties()
        .forEach(
            status -> {
              if (status.getValue().asLong() > 0) {
                counts.add(status.getValue() + " " + status.getKey());
              }
            });
    return counts.isEmpty() ? "empty" : String.join(", ", counts);
  }

  /** What happened, in a few lines. */
  List<String> summary() {
    JsonNode stats = get("/api/stats");
    JsonNode ledger = get("/api/ledger");
    if (stats.isMissingNode() || ledger.isMissingNode()) {
      return List.of("The service did not say what has come of it; its log does.");
    }
    JsonNode run = ledger.path("runs").path(0);
    long open = stats.path("events").path("pending").asLong();
    open += stats.path("events").path("processing").asLong();
    return List.of(
        "What happened:",
        "  %d payments were made, and %d notifications of them delivered"
            .formatted(sandbox.mercadoPago().payments().size(), announcer.accepted()),
        "  %d of those were duplicates, and changed nothing"
            .formatted(run.path("duplicates").asLong()),
        "  %d events were tried again, because a look-up or a tag had failed".formatted(retried()),
        "  %d contacts are tagged; %d events are still open".formatted(tagged(), open),
        "  %d lost".formatted(ledger.path("unaccounted").asLong() + announcer.givenUp()));
  }

  private long tagged() {
    return sandbox.goHighLevel().tagCalls().stream().map(TagCall::contactId).distinct().count();
  }

  /** Tags are worked off by events of their own, which the plain list leaves out. */
  private long retried() {
    return retried("") + retried("&origin=effect");
  }

  private long retried(String filter) {
    long retried = 0;
    @Nullable String cursor = "";
    while (cursor != null) {
      JsonNode page = get("/api/webhook-events?limit=" + PAGE + filter + cursor);
      for (JsonNode event : page.path("items")) {
        if (event.path("attempts").asLong() + event.path("outages").asLong() > 1) {
          retried++;
        }
      }
      cursor = page.path("next").isTextual() ? "&cursor=" + page.path("next").asText() : null;
    }
    return retried;
  }

  private JsonNode get(String path) {
    try {
      String body =
          BoundedExchange.send(
                  client, HttpRequest.newBuilder(acuse.resolve(path)).build(), PATIENCE)
              .get()
              .body();
      return json.readTree(body);
    } catch (IOException | ExecutionException e) {
      return MissingNode.getInstance();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return MissingNode.getInstance();
    }
  }
}
