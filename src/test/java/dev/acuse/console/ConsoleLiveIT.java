package dev.acuse.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What keeps an open page cheap, for the browser and for the service. */
@EnabledIf(value = "dev.acuse.console.Browser#isThere", disabledReason = "no Chromium")
class ConsoleLiveIT {
  private static final int BURSTS = 50;
  private static final int BURST = 100;

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final EventStore store = new EventStore(database.jdbi(), InstantSource.system(), 4);
  private final AtomicInteger loads = new AtomicInteger();
  private RunningAcuse acuse;
  private Browser browser;
  private Page page;

  @BeforeEach
  void visit() {
    acuse = RunningAcuse.start(database, sandbox, Map.of());
    browser = Browser.start();
    page = browser.visitor(acuse.url(""));
    Events.insert(database.jdbi(), 60, EventStatus.IGNORED, Instant.now());
    page.navigate("/console/events");
    page.onRequest(
        request -> {
          if (request.url().endsWith("/console/events")) {
            loads.incrementAndGet();
          }
        });
    // Tells the test when the page has been told of a change, whatever it makes of it.
    page.evaluate(
        """
        () => new Promise((opened) => {
          window.told = 0;
          const source = new EventSource("/console/stream");
          source.addEventListener("change", () => { window.told++; });
          source.onopen = opened;
        })
        """);
  }

  @AfterEach
  void close() {
    browser.close();
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Tag("slow")
  @Test
  void aThousandEventsASecondAreFewLoadsAndThePageStillScrolls() throws Exception {
    ScheduledExecutorService traffic = Executors.newSingleThreadScheduledExecutor();
    var bursts = new AtomicInteger();
    var task =
        traffic.scheduleAtFixedRate(
            () -> {
              if (bursts.get() < BURSTS) {
                store.appendAll(burst(bursts.getAndIncrement()));
              }
            },
            0,
            100,
            TimeUnit.MILLISECONDS);
    page.mouse().move(600, 400);
    int last = -1;
    while (bursts.get() < BURSTS) {
      page.mouse().wheel(0, last < 0 ? 400 : -400);
      int now =
          (Integer)
              page.evaluate(
                  "() => new Promise(r => requestAnimationFrame(() => r(Math.round(scrollY))))");
      last = last < 0 && now > 0 ? now : -1;
    }
    task.cancel(false);
    traffic.shutdown();
    Assertions.assertThat(traffic.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

    assertThat(page.locator("#tabs .ignored b")).hasText("1,000+");
    assertThat(page.locator("#pill")).containsText("50 new events");
    Assertions.assertThat(page.locator("tbody tr").count()).as("rows stay").isEqualTo(50);
    Assertions.assertThat(loads.get())
        .as("5,000 events were told of in about one load a second")
        .isBetween(2, 20);
    browser.assertNoComplaints();
  }

  private static List<Arrival> burst(int number) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      NewEvent pending = Events.pending("burst-" + number + "-" + i);
      var ignored =
          new NewEvent(
              pending.webhookId(),
              pending.source(),
              pending.eventType(),
              pending.action(),
              pending.resourceId(),
              EventStatus.IGNORED,
              "a burst",
              pending.signature(),
              pending.origin(),
              pending.rawPayload(),
              pending.queryString(),
              pending.headers());
      arrivals.add(new Arrival(ignored, Instant.now(), null));
    }
    return arrivals;
  }

  @Test
  void aHiddenTabLoadsNothingUntilItIsLookedAtAgain() {
    hide(true);
    store.appendAll(burst(1));
    page.waitForFunction("() => window.told > 0");
    store.appendAll(burst(2));
    page.waitForFunction("told => window.told > told", page.evaluate("() => window.told"));
    store.appendAll(burst(3));
    page.waitForFunction("told => window.told > told", page.evaluate("() => window.told"));
    assertThat(page.locator("#tabs .ignored b")).hasText("60");

    hide(false);

    assertThat(page.locator("#tabs .ignored b")).hasText("360");
  }

  private void hide(boolean hidden) {
    page.evaluate(
        """
        (hidden) => {
          Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
          document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        hidden);
  }

  @Test
  void moreViewersThanThereAreSeatsAreAskedToComeBack() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(acuse.url("/console/stream")).build();
    List<InputStream> seated = new ArrayList<>();
    HttpResponse<InputStream> turnedAway = null;
    while (turnedAway == null) {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() == 200) {
        seated.add(answer.body());
      } else {
        turnedAway = answer;
      }
    }
    Assertions.assertThat(seated)
        .as("the page itself and the test have two")
        .hasSize(LiveFeed.MOST_VIEWERS - 2);
    Assertions.assertThat(turnedAway.statusCode()).isEqualTo(503);
    Assertions.assertThat(turnedAway.headers().firstValue("Retry-After")).hasValue("10");
    Assertions.assertThat(acuse.get("/console/events").statusCode())
        .as("pages are shown all the same")
        .isEqualTo(200);

    seated.get(0).close();
    await()
        .until(
            () -> {
              HttpResponse<InputStream> answer =
                  client.send(request, HttpResponse.BodyHandlers.ofInputStream());
              seated.add(answer.body());
              return answer.statusCode() == 200;
            });
    for (InputStream stream : seated) {
      stream.close();
    }
  }
}
